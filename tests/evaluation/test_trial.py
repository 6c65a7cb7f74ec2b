"""Trials: common random numbers, scores by hand, losses that diverge."""

import math

import pytest

from rlsearch.envs import EnvSpec
from rlsearch.evaluation.trial import (
    BINS,
    COMPARE,
    CONFIRM,
    TrialRequest,
    climbed_scores,
    joined,
    measured,
    run_trial,
    seed_scores,
    trial_seed,
)
from rlsearch.registry import known_losses
from rlsearch.space.model import Score
from tests.support.tiny_runs import DQN, flat, tiny

SPACE = tiny()
AGENT = SPACE.agent
LAYERED, GARNET = EnvSpec("LayeredMDP"), EnvSpec("Garnet")
BANDIT = "loss = half_square(q(online, s)[a] - r)"


def trained(loss=DQN, env=LAYERED, agent=AGENT, seed=5, steps=300):
    return run_trial(TrialRequest(loss, env, agent, seed, steps))._replace(seconds=0.0)


def test_a_seed_is_of_search_phase_place_and_number_alone():
    places = [(0, 0, 0, 0), (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1), (0, CONFIRM, 0, 0), (0, COMPARE, 0, 0)]
    assert len({trial_seed(*place) for place in places}) == len(places)
    assert trial_seed(3, 1, 2, 4) == trial_seed(3, 1, 2, 4)


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


def test_a_measure_by_hand():
    result = flat(0, 0, 0, 0.0, curve=(0.0,) * 16 + (1.0, 0.5, 0.5, 1.0)).result
    assert measured(result, Score(measure="area")) == pytest.approx(3 / 20)
    assert measured(result, Score(measure="final")) == pytest.approx(3 / 4)


def test_environments_joined_by_hand():
    score = Score(floor=0.05)
    assert joined([0.9, 0.4], score) == pytest.approx(0.6)
    assert joined([1.7, 0.25], score) == pytest.approx(0.5)  # clipped to 1
    assert joined([1.0, -3.0], score) == pytest.approx(math.sqrt(0.05))  # the floor
    assert joined([1.44, 1.0], score, clip=False) == pytest.approx(1.2)
    assert joined([1.0, -3.0], score, clip=False) == pytest.approx(math.sqrt(0.05))
    mean = Score(aggregate="mean")
    assert joined([1.7, -0.5], mean) == pytest.approx(0.5)
    assert joined([1.7, -0.5], mean, clip=False) == pytest.approx(0.6)


def test_scores_of_seeds_and_rungs_by_hand():
    rows = [flat(0, 0, 0, 0.5), flat(1, 0, 0, 0.9), flat(1, 1, 0, 0.4), flat(1, 0, 1, 1.0), flat(1, 1, 1, 0.0)]
    assert seed_scores(rows[1:], Score()) == [pytest.approx(0.6), pytest.approx(math.sqrt(0.05))]
    assert climbed_scores(rows, Score()) == [
        {0: pytest.approx(0.5)},
        {0: pytest.approx(0.6), 1: pytest.approx(math.sqrt(0.05))},
    ]
    assert climbed_scores([flat(1, 0, 7, 0.3)], Score()) == [{7: pytest.approx(0.3)}]  # an extra seed
    assert climbed_scores([], Score()) == []


def test_a_diverging_loss_scores_nothing_and_is_recorded():
    wild = tiny(agent={"preset": "fast", "hidden": [16], "learning_starts": 20, "learning_rate": 1.0}).agent
    result = run_trial(TrialRequest("loss = -(q(online, s)[a]**2)", LAYERED, wild, 5, 2000))
    assert 20 <= result.diverged_at < 2000 and result.culprit == "network"
    after = result.diverged_at * BINS // 2000
    assert set(result.curve[after:]) == {0.0}
    assert measured(result, Score(measure="final")) == 0
