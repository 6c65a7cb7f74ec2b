"""CartPole against Gymnasium's own, bit for bit."""

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from tests.envs.classic_control.beside import episodes, one_step, oracle_of

TASK = make_task(EnvSpec("CartPole-v1"), 0)


def test_one_step_from_any_state(equality):
    """Also from states beyond the limits, and just beside them."""
    rng, same, oracle = np.random.default_rng(0), equality("CartPole-v1", "gymnasium CartPole-v1"), oracle_of(TASK)
    for _ in range(3000):
        oracle.unwrapped.steps_beyond_terminated = None
        one_step(TASK, oracle, same, rng.uniform(-1, 1, 4) * (3.0, 5.0, 0.3, 5.0), int(rng.integers(2)))


@pytest.mark.filterwarnings("ignore:.*CartPole-v0 is out of date")
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("env", ["CartPole-v1", "CartPole-v0"])
def test_seeded_episodes(equality, env, seed):
    """The same reset stream, and the same horizon; a rough controller, so that some episodes are long."""
    task, actions = make_task(EnvSpec(env), 0), np.random.default_rng(seed + 1000)

    def act(state):
        return int(state[2] + state[3] > 0) if actions.random() < 0.9 else int(actions.integers(2))

    episodes(task, oracle_of(task), equality(env, f"gymnasium {env}"), seed, act)


def test_v0_is_v1_with_another_horizon():
    short = make_task(EnvSpec("CartPole-v0"), 0)
    assert (short.horizon, short.optimal_return) == (200, 200) and (TASK.horizon, TASK.optimal_return) == (500, 500)
    assert (short.reset, short.step, short.observe) == (TASK.reset, TASK.step, TASK.observe)
