"""Episodes that promise one thing and give another, mostly where nobody looks: at their ends, and after a reset."""

import numpy as np
import pytest

from rlsearch.envs.promises.episodes import find_bad_episodes
from rlsearch.envs.signature import OBSERVE, RESET, STEP
from rlsearch.numba_support.jit import njit
from tests.envs.promises.corridor import CORRIDOR, corridor


def ends(number):
    """An `observe` that writes this number where the corridor ends."""

    @njit(OBSERVE)
    def observe(params, state, _grid, out):
        out[0] = state[0] / params[0]
        if state[0] >= params[0]:
            out[0] = number

    return observe


def pays(number):
    """A `step` that pays this number at the end."""

    @njit(STEP)
    def step(params, state, _grid, action, _rng):
        state[0] = max(state[0] + 2.0 * action - 1.0, 0.0)
        over = state[0] >= params[0]
        return number if over else -1.0, over

    return step


@njit(STEP)
def at_once(_params, _state, _grid, _action, _rng):
    """Ends every episode."""
    return -1.0, True


@njit(STEP)
def global_chance(params, state, _grid, action, _rng):
    """Draws from numba's own generator, which nobody seeds."""
    state[0] = max(state[0] + 2.0 * action - 1.0, 0.0)
    return -np.random.random(), state[0] >= params[0]  # noqa: NPY002


@njit(OBSERVE)
def moves(params, state, _grid, out):
    """Moves the agent by looking."""
    state[0] += 0.125
    out[0] = state[0] / params[0]


@njit(RESET)
def counts(_params, state, _grid, _rng):
    """Counts episodes in the state."""
    state[0] = 0.0
    state[1] += 1.0


@njit(STEP)
def pays_late(params, state, _grid, action, _rng):
    """Pays for the hundredth episode."""
    state[0] = max(state[0] + 2.0 * action - 1.0, 0.0)
    return 9.0 if state[1] >= 100.0 else -1.0, state[0] >= params[0]


@njit(RESET)
def leaves_the_grid(_params, state, _grid, _rng):
    """Leaves the grid as it was."""
    state[0] = 0.0


@njit(STEP)
def marks_the_grid(params, state, grid, action, _rng):
    """Pays only once for all episodes."""
    state[0] = max(state[0] + 2.0 * action - 1.0, 0.0)
    fresh = grid[0, 0, 0] == 0
    grid[0, 0, 0] = 1
    return 1.0 if fresh else -1.0, state[0] >= params[0]


NOT_FINITE = "an observation or a reward is not finite"
BEYOND = "beyond the observation_low and observation_high"
LEAK = "an episode depends on what the arrays held before reset"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"observe": ends(np.nan)}, NOT_FINITE),
        ({"observe": ends(-np.inf)}, NOT_FINITE),
        ({"observe": ends(1e39)}, NOT_FINITE),  # beyond float32
        ({"observe": ends(1.5)}, BEYOND),
        ({"observe": ends(-0.5)}, BEYOND),
        ({"step": pays(np.nan)}, NOT_FINITE),
        ({"step": pays(np.inf)}, NOT_FINITE),
        ({"step": pays(1e39)}, NOT_FINITE),  # finite in float64, not as a trainer keeps it
        ({"step": at_once}, "every episode ends at its first step, though the horizon is 1000"),
        ({"step": global_chance}, "one seed gives different episodes"),
        ({"observe": moves}, "observe changes the state"),
        ({"reset": counts, "step": pays_late, "state_size": 2}, LEAK),
        ({"reset": leaves_the_grid, "step": marks_the_grid}, LEAK),
    ],
)
def test_what_is_broken_is_named(changes, problem):
    found = list(find_bad_episodes(corridor(**changes), 0))
    assert any(problem in line for line in found), found


def test_the_corridor_is_sound_and_a_bandit_may_end_at_once():
    assert list(find_bad_episodes(CORRIDOR, 0)) == []
    assert list(find_bad_episodes(corridor(step=at_once, horizon=1), 0)) == []
