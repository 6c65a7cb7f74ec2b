"""Environments are learnt by the idea that they were made for, and hardly by DQN, with the fast preset or few changes to it."""

from dataclasses import replace

import numpy as np
import pytest

from rlsearch.envs import EnvSpec
from rlsearch.evaluation.trial import Phase, TrialRequest, run_trial, trial_seed
from rlsearch.registry import known_losses
from rlsearch.space.presets import resolve_agent

MEAN_BACKUP = "loss = 0.5 * (q(online, s)[a] - (r + discount * mean(q(target, s_next))))**2"
MONTE_CARLO = "loss = has_return * (q(online, s)[a] - return_to_go)**2"


def areas(loss, env, steps, seeds, **changes):
    """The mean score over a training, for each seed."""
    agent = replace(resolve_agent("fast"), **changes)
    rng_seeds = [trial_seed(77, Phase.CONFIRM, 0, seed) for seed in range(seeds)]
    found = [run_trial(TrialRequest(loss, EnvSpec.parse(env), agent, seed, steps)) for seed in rng_seeds]
    return np.array([np.mean(result.curve) for result in found])


@pytest.mark.parametrize(
    ("idea", "env", "steps", "changes", "by"),
    [
        (known_losses()["dqn_huber"], {"env": "Ledger"}, 2500, {}, 0.15),
        (MONTE_CARLO, {"env": "Forgotten"}, 2000, {}, 0.4),
        (MEAN_BACKUP, {"env": "Ledge", "cost": 20}, 5000, {"epsilon_end": 0.3, "learning_rate": 0.003}, 0.2),
    ],
)
def test_an_idea_decides(idea, env, steps, changes, by):
    seeds = 8
    with_it, without = (areas(loss, env, steps, seeds, **changes) for loss in (idea, known_losses()["dqn"]))
    print(f"{env['env']}: {without.mean():.3f} with DQN, {with_it.mean():.3f} with the idea")
    assert (with_it - without).mean() > by
