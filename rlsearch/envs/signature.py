"""The one signature of every environment, so that a trainer compiled once serves them all.

    reset(params, state, grid, rng)
    step(params, state, grid, action, rng) -> (reward, terminated)
    observe(params, state, grid, out)

`params` float64 `[P]` says which task was drawn and is only read; `state` float64 `[S]` and `grid` uint8 `[W, H, C]`
are what an episode changes; `out` float32 `[O]` receives the observation; `action` is int64; `rng` is a NumPy Generator
and gives NumPy's own stream. Rewards are raw; truncation at the horizon is the trainer's. Kernels take their arguments
by position; one that a kernel never reads has an underscore before its name.

A call through these types costs a few nanoseconds, and nothing is compiled again for another environment. What costs
more is a kernel that counts references to its arrays (reading one in a branch can cause it): tests forbid it.
"""

import numpy as np
from numba import types
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Grid = NDArray[np.uint8]
Observation = NDArray[np.float32]

_FLOATS = types.float64[::1]
_GRID = types.uint8[:, :, ::1]

RESET = types.void(_FLOATS, _FLOATS, _GRID, types.npy_rng)
STEP = types.Tuple((types.float64, types.boolean))(_FLOATS, _FLOATS, _GRID, types.int64, types.npy_rng)
OBSERVE = types.void(_FLOATS, _FLOATS, _GRID, types.float32[::1])

# What a trainer's own signature names for the three arguments that are kernels.
RESET_FUNCTION = types.FunctionType(RESET)
STEP_FUNCTION = types.FunctionType(STEP)
OBSERVE_FUNCTION = types.FunctionType(OBSERVE)
