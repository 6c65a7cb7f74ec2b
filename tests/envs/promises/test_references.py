"""References that are wrong: found by trying all states, by playing, or said to be unverified."""

from dataclasses import replace

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, environments, make_task
from rlsearch.envs.promises.every_state import most_possible
from rlsearch.envs.promises.references import find_bad_optimum, find_bad_random_return
from rlsearch.envs.promises.search import best_found
from rlsearch.envs.signature import OBSERVE, RESET, STEP
from rlsearch.numba_support.jit import njit
from tests.envs.promises.corridor import CORRIDOR, corridor
from tests.envs.promises.test_episodes import ends

CATCH = make_task(EnvSpec("Catch"), 0)
CARTPOLE = make_task(EnvSpec("CartPole-v1"), 0)


def test_what_is_right_is_not_blamed():
    assert find_bad_optimum(CORRIDOR, 0) == ([], []) == find_bad_optimum(CATCH, 0) == find_bad_optimum(CARTPOLE, 0)
    assert list(find_bad_random_return(CORRIDOR, 0, 2000)) == []


@pytest.mark.parametrize(
    ("task", "problem"),
    [
        (
            replace(CATCH, optimal_return=3.0),
            "optimal_return is 3, and no policy returns more than 1: all 195 states were tried",
        ),
        (replace(CATCH, optimal_return=0.5), "optimal_return is 0.5, and a policy returns 1 (standard error 0)"),
        (corridor(optimal_return=-2.0), "optimal_return is -2, and no policy returns more than -3: all 3 states were tried"),
        (corridor(optimal_return=-6.0), "optimal_return is -6, and a policy returns -3"),
        (replace(CARTPOLE, optimal_return=100.0), "optimal_return is 100, and a policy returns "),
    ],
)
def test_a_wrong_optimum_is_found(task, problem):
    (found,), unverified = find_bad_optimum(task, 0)
    assert problem in found and unverified == []


def test_what_cannot_be_told_is_said_to_be_unverified():
    found, (said,) = find_bad_optimum(make_task(EnvSpec("MountainCar-v0"), 0), 0)
    assert found == []
    assert "optimal_return = -97.9 is not verified: the best of those played returns" in said


@pytest.mark.parametrize("stated", [-9.0, -15.0, 0.0 - 1e3])
def test_a_wrong_random_return_is_found(stated):
    (found,) = find_bad_random_return(corridor(random_return=stated), 0, 2000)
    assert f"not random_return = {stated:g}" in found


def test_long_play_sees_rare_ends():
    """Compiled play looks at every observation too, also where few episodes end."""
    for number, problem in ((np.nan, "is not finite"), (1.5, "beyond the observation_low")):
        (found,) = find_bad_random_return(corridor(observe=ends(number)), 0, 2000)
        assert problem in found


@njit(STEP)
def never(_params, state, _grid, action, _rng):
    """Never ends."""
    state[0] = min(max(state[0] + 2.0 * action - 1.0, 0.0), 3.0)
    return -1.0, False


def test_an_end_that_never_comes_shows_in_the_returns():
    (found,) = find_bad_random_return(corridor(step=never), 0, 200)
    assert "the random policy returns -1000 (standard error 0), not random_return = -12" in found


@njit(RESET)
def hides(_params, state, _grid, rng):
    """Draws which action is right."""
    state[0] = rng.random() < 0.5


@njit(STEP)
def guesses(_params, state, _grid, action, _rng):
    """Pays for the right one."""
    return 1.0 if action == state[0] else -1.0, True


@njit(OBSERVE)
def tells_nothing(_params, _state, _grid, out):
    """Shows the same, whichever is right."""
    out[0] = 0.5


def test_what_no_observation_tells_is_held_against_nobody():
    """A policy that reads the state would get 1; learners get 0 on average, and that may be stated, and no more than 1."""
    hidden = corridor(reset=hides, step=guesses, observe=tells_nothing, horizon=1, random_return=0.0, optimal_return=0.1)
    most = most_possible(hidden, 0)
    assert most is not None and (most.possible, most.reached, most.states) == (1.0, -np.inf, 2)
    assert find_bad_optimum(hidden, 0)[0] == []
    (found,) = find_bad_optimum(replace(hidden, optimal_return=1.5), 0)[0]
    assert "no policy returns more than 1" in found


@pytest.mark.parametrize("env", ["Catch", "DiscountingChain"])
def test_all_states_tried_give_the_exact_reference(env):
    for seed in range(3):
        task = make_task(EnvSpec(env), seed)
        most = most_possible(task, seed)
        assert most is not None
        assert [most.possible, most.reached] == pytest.approx([task.optimal_return] * 2) and most.error < 1e-9


def test_chance_and_many_states_are_left_alone():
    assert [most_possible(make_task(EnvSpec(env), 0), 0) for env in ("Garnet", "CartPole-v1", "DeepSea")] == [None] * 3


def test_a_search_never_promises_more_than_the_exact_optimum():
    exact = [env for env, card in environments().items() if card.family in ("tabular", "toy_text")]
    for env in exact:
        task = make_task(EnvSpec(env), 1)
        played = best_found(task, 1)
        assert played.mean - 5 * played.error <= task.optimal_return + 0.02 * (task.optimal_return - task.random_return), env
