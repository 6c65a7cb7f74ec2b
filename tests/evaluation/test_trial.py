"""Trials: common random numbers, what a training reports, losses that diverge."""

import math

import numpy as np

from rlsearch.envs import EnvSpec
from rlsearch.evaluation.scores import measure
from rlsearch.evaluation.trial import BINS, Phase, TrialRequest, run_trial, trial_seed
from rlsearch.registry import known_losses
from rlsearch.space.model import Score
from tests.support.tiny_runs import DQN, tiny

SPACE = tiny()
AGENT = SPACE.agent
LAYERED, GARNET = EnvSpec("LayeredMDP"), EnvSpec("Garnet")
BANDIT = "loss = half_square(q(online, s)[a] - r)"


def trained(loss=DQN, env=LAYERED, agent=AGENT, seed=5, steps=300):
    return run_trial(TrialRequest(loss, env, agent, seed, steps))._replace(seconds=0.0)


def test_a_seed_is_of_search_phase_place_and_number_alone():
    rung = Phase.RUNG
    trials = [(0, rung, 0, 0, 0), (1, rung, 0, 0, 0), (0, rung, 0, 0, 1), (0, rung, 1, 0, 0), (0, rung, 0, 1, 0)]
    trials += [(0, Phase.CONFIRM, 0, 0), (0, Phase.COMPARE, 0, 0)]
    assert len({trial_seed(*trial) for trial in trials}) == len(trials)
    assert trial_seed(3, rung, 2, 4, 1) == trial_seed(3, rung, 2, 4, 1)


def test_seeds_are_those_of_every_run_so_far():
    """A rung gives its number to the entropy, the confirmation 1000 and a comparison 2000: old runs are trained again so."""

    def drawn(*entropy):
        return int(np.random.SeedSequence(entropy).generate_state(1)[0])

    assert trial_seed(7, Phase.RUNG, 2, 5, 3) == drawn(7, 3, 2, 5)
    assert trial_seed(7, Phase.CONFIRM, 2, 5) == drawn(7, 1000, 2, 5)
    assert trial_seed(7, Phase.COMPARE, 2, 5) == drawn(7, 2000, 2, 5)
    assert trial_seed(0, Phase.RUNG, 0, 0, 0) == 2968811710


def test_a_trial_is_a_function_of_its_request():
    assert repr(trained()) == repr(trained())
    assert repr(trained()) != repr(trained(seed=6))


def test_every_candidate_meets_the_same_world():
    """Without an update, the loss makes no difference: draws of world, weights, exploration and episodes are common."""
    idle = tiny(agent={"preset": "fast", "learning_starts": 1000}).agent
    assert repr(trained(DQN, agent=idle)) == repr(trained(BANDIT, agent=idle))
    assert repr(trained(DQN)) != repr(trained(BANDIT))


def test_the_same_loss_in_other_words_trains_alike():
    assert repr(trained(DQN)) == repr(trained(known_losses()["dqn"].replace("0.5 * delta**2", "half_square(delta)")))


def test_a_trial_reports_raw_returns_of_its_last_fifth():
    result = run_trial(TrialRequest(DQN, EnvSpec("CartPole-v1"), AGENT, 5, 500))
    assert len(result.curve) == BINS
    assert result.episodes > 5
    assert 5 < result.mean_return < 100  # steps that the pole stood
    assert result.diverged_at == -1 and result.culprit == ""
    assert result.seconds > 0
    short = run_trial(TrialRequest(DQN, EnvSpec("CartPole-v1"), AGENT, 5, 5))  # no episode has ended
    assert short.episodes == 0 and math.isnan(short.mean_return) and short.curve == (0.0,) * BINS


def test_a_diverging_loss_scores_nothing_and_is_recorded():
    wild = tiny(agent={"preset": "fast", "hidden": [16], "learning_starts": 20, "learning_rate": 1.0}).agent
    result = run_trial(TrialRequest("loss = -(q(online, s)[a]**2)", LAYERED, wild, 5, 2000))
    assert 20 <= result.diverged_at < 2000 and result.culprit == "network"
    after = result.diverged_at * BINS // 2000
    assert set(result.curve[after:]) == {0.0}
    assert measure(result, Score(measure="final")) == 0
