"""The compiled loops over copies of an environment; each copy draws from a random stream of its own."""

from numba import types

from rlsearch.envs.signature import OBSERVE, RESET, STEP
from rlsearch.numba_support.call_by_address import caller
from rlsearch.numba_support.jit import njit
from rlsearch.numba_support.streams import stream_at

_reset = caller(RESET)
_step = caller(STEP)
_observe = caller(OBSERVE)

_ADDRESS = types.int64  # of a kernel
_FLAGS = types.boolean[::1]
_COUNTS = types.int64[::1]
_NUMBERS = types.float64[::1]
_SEEN = types.float32[:, ::1]
_EPISODES = (_NUMBERS, types.float64[:, ::1], types.uint8[:, :, :, ::1], _COUNTS)  # params; state, grid and steps of each copy
_STREAMS = (types.npy_rng, types.int64[::1])  # a generator, and the address of each copy's own state


@njit(types.void(_ADDRESS, _ADDRESS, *_EPISODES, _FLAGS, _SEEN, *_STREAMS))
def begin(reset, observe, params, state, grid, steps, begins, seen, rng, streams):  # type: ignore[no-untyped-def]
    """Start new episodes in the copies that shall begin; observe all."""
    for i in range(steps.size):
        if begins[i]:
            _reset(reset, params, state[i], grid[i], stream_at(rng, streams[i]))
            steps[i] = 0
        _observe(observe, params, state[i], grid[i], seen[i])


@njit(
    types.void(
        *(_ADDRESS, _ADDRESS, _ADDRESS, *_EPISODES, _FLAGS, _COUNTS, types.int64),
        *(_SEEN, _SEEN, _NUMBERS, _FLAGS, _FLAGS, *_STREAMS),
    )
)
def advance(  # type: ignore[no-untyped-def]
    reset,
    step,
    observe,
    params,
    state,
    grid,
    steps,
    begins,
    actions,
    horizon,
    seen,
    final,
    rewards,
    terminated,
    truncated,
    rng,
    streams,
):
    """Step the copies, or start new episodes in those that shall begin.

    Where `final` has rows, an episode that ends leaves its last observation there, and the next one begins at once.
    """
    for i in range(steps.size):
        stream = stream_at(rng, streams[i])
        rewards[i], terminated[i], truncated[i] = 0.0, False, False
        if begins[i]:
            _reset(reset, params, state[i], grid[i], stream)
            steps[i] = 0
        else:
            rewards[i], terminated[i] = _step(step, params, state[i], grid[i], actions[i], stream)
            steps[i] += 1
            truncated[i] = not terminated[i] and steps[i] >= horizon
        _observe(observe, params, state[i], grid[i], seen[i])
        if final.shape[0] > 0 and (terminated[i] or truncated[i]):
            for j in range(seen.shape[1]):
                final[i, j] = seen[i, j]
            _reset(reset, params, state[i], grid[i], stream)
            steps[i] = 0
            _observe(observe, params, state[i], grid[i], seen[i])
