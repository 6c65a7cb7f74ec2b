"""How the trainer's kernels are compiled, and the types of what they take."""

from collections.abc import Callable
from typing import Any

import numba
from numba import types

from rlsearch.jit import cache_folder

FLOAT_1 = types.float32[::1]
FLOAT_2 = types.float32[:, ::1]
FLOAT_3 = types.float32[:, :, ::1]
DOUBLE_1 = types.float64[::1]
INT_1 = types.int64[::1]
INT_2 = types.int64[:, ::1]

# Everything but `nnan` and `ninf`: a network that diverges must show it.
_FAST = {"reassoc", "contract", "arcp", "nsz"}


def kernel(signature: Any, *, fastmath: bool = False, views_only: bool = True) -> Callable[[Callable[..., Any]], Any]:
    """Compile a kernel without reference counts, and keep the machine code.

    Views of arrays are made hundreds of times per update, and each count up and down is an atomic instruction: together
    3 us of a step, a third of it at width 32. Without counts a kernel cannot allocate, which no kernel here does; its
    arrays are kept alive by the Python caller.
    """
    numba.config.CACHE_DIR = str(cache_folder() / "machine_code")
    fast = _FAST if fastmath else False
    options: dict[str, Any] = {"cache": True, "error_model": "numpy", "nogil": True, "fastmath": fast, "_nrt": not views_only}
    return numba.njit(signature, **options)  # type: ignore[no-any-return]
