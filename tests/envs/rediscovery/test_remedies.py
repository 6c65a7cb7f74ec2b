"""What the environments are for: DQN's loss does badly in each, and a known loss that has the remedy does well."""

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from rlsearch.graph.text import parse
from rlsearch.registry import known_losses
from rlsearch.space.presets import resolve_agent
from rlsearch.train.replay.trainer import train

SEEDS = 12
AGENT = {
    "hidden": [32, 32],
    "learning_rate": 0.001,
    "target_period": 20,
    "n_step": 3,
    "epsilon_end": 0.05,
    "epsilon_steps": 500,
}
EXPLORES = {"learning_rate": 0.003, "epsilon_end": 0.3}


def scores(loss: str, env: str, steps: int, agent: dict[str, object]) -> np.ndarray:
    """Of each seed, the normalised return over the training, by steps."""
    found = []
    for seed in range(SEEDS):
        task = make_task(EnvSpec.parse(env), seed)
        trained = train(parse(known_losses()[loss]), task, resolve_agent(AGENT | agent), seed=seed, steps=steps)
        found.append(np.average(task.normalise(trained.returns), weights=trained.lengths))
    return np.array(found)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("env", "remedy", "steps", "agent"),
    [
        ("Ledger(size=100, chance=20)", "dqn_huber", 2500, {}),
        ("BlindLock(needed=3, pay=50, vain_pay=15, vain=40, gamma=0.5)", "expectile_td", 2000, {}),
        ("Ledge(cost=20)", "expected_sarsa_soft", 5000, EXPLORES),
        ("Forgotten(length=8)", "mc_mix", 2000, {}),
    ],
)
def test_the_remedy_is_better_than_dqn(env, remedy, steps, agent):
    """Measured differences: 0.40, 0.42, 0.36 and 0.79. Tightrope's remedy is none of the known losses."""
    apart = scores(remedy, env, steps, agent) - scores("dqn", env, steps, agent)
    assert apart.mean() > 0.2 and apart.mean() > 3 * apart.std(ddof=1) / np.sqrt(SEEDS)


@pytest.mark.slow
def test_the_returns_of_exploring_mislead_on_the_tightrope():
    """Uncorrected n-step returns do worse than DQN, which is far from the optimum itself."""
    agent = {"epsilon_steps": 1000, "n_step": 6}
    misled, plain = (scores(loss, "Tightrope(length=6)", 4000, agent) for loss in ("n_step_dqn", "dqn"))
    assert misled.mean() < plain.mean() - 0.05 and plain.mean() < 0.8
