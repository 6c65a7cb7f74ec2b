"""Kernels that read or write where they must not, found before they do harm."""

import numpy as np
import pytest

from rlsearch.envs import environments
from rlsearch.envs.promises.memory import find_bad_memory
from rlsearch.envs.signature import OBSERVE, RESET, STEP
from rlsearch.numba_support.jit import njit
from tests.envs.promises.corridor import CORRIDOR, corridor


@njit(OBSERVE)
def far_away(_params, _state, _grid, out):
    """Writes where another program's memory may be; compiled, it would end the process."""
    out[0] = 0.0
    out[300_000_000] = 1.0


@njit(OBSERVE)
def beside(_params, _state, _grid, out):
    """Writes one number too many."""
    out[0] = 0.0
    out[1] = 1.0


@njit(OBSERVE)
def beside_at_the_end(params, state, _grid, out):
    """Does so only where an episode has ended."""
    out[0] = state[0] / params[0]
    if state[0] >= params[0]:
        out[int(state[0]) - 2] = 1.0


@njit(RESET)
def into_the_grid(_params, state, grid, _rng):
    """Takes the grid for a larger one."""
    state[0] = 0.0
    grid[0, 0, 1] = 1


@njit(STEP)
def reads_beside(params, state, _grid, action, _rng):
    """Pays what lies behind the state."""
    state[0] = max(state[0] + 2.0 * action - 1.0, 0.0)
    return state[1], state[0] >= params[0]


@njit(STEP)
def late(params, state, _grid, action, _rng):
    """Reads behind the params, later than plain Python plays."""
    state[0] = max(state[0] + 2.0 * action - 1.0, 0.0)
    return params[int(state[0])], state[0] >= 7.0


@njit(STEP)
def changes_params(params, state, _grid, action, _rng):
    """Keeps a count where it may only read."""
    params[0] += 1e-9
    state[0] = max(state[0] + 2.0 * action - 1.0, 0.0)
    return -1.0, state[0] >= params[0]


@njit(STEP)
def fails(params, state, _grid, action, _rng):
    """Raises."""
    if action == 1:
        raise ValueError("no way")
    return -1.0, state[0] >= params[0]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"observe": far_away}, "'out' is written beyond its ends: index 300000000"),
        ({"observe": beside}, "'out' is written beyond its ends: index 1 "),
        ({"observe": beside_at_the_end}, "'out' is written beyond its ends"),
        ({"reset": into_the_grid}, "'grid' is written beyond its ends"),
        ({"step": reads_beside}, "'state' is read beyond its ends: index 1 "),
        ({"step": late}, "read beyond its ends"),
        ({"step": changes_params}, "params is changed by a kernel; it is only read"),
        ({"step": fails}, "playing it fails with ValueError: no way"),
    ],
)
def test_what_leaves_its_arrays(changes, problem):
    found = list(find_bad_memory(corridor(**changes), 0))
    assert len(found) == 1 and problem in found[0], found


def test_guards_alone_tell_it_too(monkeypatch):
    """Where plain Python finds nothing, as a kernel may be made of compiled parts."""
    monkeypatch.setattr("rlsearch.envs.promises.memory.PLAIN_STEPS", 0)
    assert list(find_bad_memory(corridor(observe=beside), 0)) == ["'out' is written beyond its ends"]
    (found,) = find_bad_memory(corridor(step=reads_beside), 0)
    assert found == "an array is read beyond its ends: an episode depends on what lies there"


def test_the_corridor_is_sound():
    assert environments() and list(find_bad_memory(CORRIDOR, 0)) == []
    assert np.array_equal(CORRIDOR.params, [3.0])
