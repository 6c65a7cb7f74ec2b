import json
import math
from dataclasses import replace

import numpy as np
import pytest

from rlsearch.envs import EnvSpec
from rlsearch.errors import LossError, RlsearchError, RunFailed
from rlsearch.evaluation.comparison import Comparison, _check_agreement, compare
from rlsearch.evaluation.statistics import mean_interval, stratified_interval
from rlsearch.evaluation.trial import NO_RUNG, Phase, TrialRequest, run_trial, trial_seed
from rlsearch.train.replay.agent import Agent
from tests.support.tiny_runs import Here

DQN = "0.5 * (q(online, s)[a] - (r + discount * max(q(target, s_next))))**2"
SAME_DQN = "half_square(r + max(q(target, s_next)) * discount - q(online, s)[a])"
BANDIT = "0.5 * (q(online, s)[a] - r)**2"

AGENT = Agent(
    hidden=(8,),
    learning_rate=0.01,
    adam_beta1=0.9,
    adam_beta2=0.999,
    adam_epsilon=1e-8,
    batch=8,
    replay_capacity=1000,
    learning_starts=20,
    update_every=1,
    target_period=20,
    epsilon_start=1.0,
    epsilon_end=0.1,
    epsilon_steps=100,
)
ENVS = (EnvSpec("LayeredMDP"), EnvSpec("Garnet"))
SETTINGS = {"seeds": 3, "steps": 400, "agent": AGENT}


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare({"dqn": DQN, "bandit": BANDIT, "again": SAME_DQN}, ENVS, workers=2, **SETTINGS)


def test_every_loss_meets_every_environment_and_seed(comparison):
    met = [(row.loss, row.trial.env, row.trial.seed_index) for row in comparison.rows]
    assert met == [(loss, env, seed) for loss in comparison.losses for env in comparison.envs for seed in range(3)]


def test_rows_are_trials_on_common_seeds(comparison):
    for row in comparison.rows:
        if row.loss != "again":
            trial, env = row.trial, comparison.envs.index(row.trial.env)
            assert (trial.phase, trial.rung, trial.env_index, trial.steps) == (Phase.COMPARE, NO_RUNG, env, 400)
            rng_seed = trial_seed(0, Phase.COMPARE, env, trial.seed_index)
            result = run_trial(TrialRequest(comparison.losses[row.loss], ENVS[env], AGENT, rng_seed, 400))
            assert trial.result._replace(seconds=0.0) == result._replace(seconds=0.0)


def timeless(row):
    return replace(row, trial=row.trial._replace(result=row.trial.result._replace(seconds=0.0)))


def test_one_worker_and_none_give_what_two_give(comparison):
    found = [comparison, *(compare(comparison.losses, ENVS, workers=workers, **SETTINGS) for workers in (1, 0))]
    first, second, third = (replace(one, rows=tuple(map(timeless, one.rows))) for one in found)
    assert first == second == third


def test_losses_of_one_form_are_trained_once(comparison):
    assert comparison.same_as == {"again": "dqn"}
    rows = {name: [replace(row, loss="") for row in comparison.rows if row.loss == name] for name in comparison.losses}
    assert rows["again"] == rows["dqn"]
    assert rows["bandit"] != rows["dqn"]


def test_summaries_are_means_and_paired_differences(comparison):
    table = {
        name: np.array([row.trial.result.area for row in comparison.rows if row.loss == name]).reshape(2, 3)
        for name in comparison.losses
    }
    found = {(one.loss, one.env): one for one in comparison.summaries if one.measure == "area"}
    assert len(found) * 2 == len(comparison.summaries) == 3 * 3 * 2
    one = found["bandit", comparison.envs[1]]
    assert one.score == mean_interval(table["bandit"][1])
    assert one.difference == mean_interval(table["bandit"][1] - table["dqn"][1])
    assert found["bandit", None].score == stratified_interval(table["bandit"])
    assert found["bandit", None].difference == stratified_interval(table["bandit"] - table["dqn"])
    assert found["dqn", None].difference is None
    assert found["again", None].difference.mean == 0.0


def test_json_holds_everything(comparison):
    read = json.loads(json.dumps(comparison.to_json(), allow_nan=False))
    assert read["reference"] == "dqn"
    for row, document in zip(comparison.rows, read["rows"], strict=True):
        result = row.trial.result
        assert list(document) == [
            *("loss", "env", "seed", "area", "final", "mean_return", "episodes", "diverged_at", "culprit", "cut_after_s"),
            *("curve", "seconds"),
        ]
        assert (document["loss"], document["env"], document["seed"]) == (row.loss, row.trial.env, row.trial.seed_index)
        assert document["area"] == result.area == pytest.approx(np.mean(result.curve))
        assert document["final"] == result.final == pytest.approx(np.mean(result.curve[-4:]))
        assert document["curve"] == list(result.curve) and len(result.curve) == 20
        assert document["mean_return"] == result.mean_return and document["episodes"] == result.episodes
    assert list(read) == [
        *("losses", "same_as", "reference", "envs", "seeds", "first_seed", "search_seed", "steps", "agent", "rows", "summaries")
    ]
    assert read["agent"]["hidden"] == [8]
    assert set(read["summaries"][0]) == {"loss", "env", "measure", "score", "difference"}


def test_a_mean_return_of_no_episode_is_null(comparison):
    row = comparison.rows[0]
    unfinished = replace(row, trial=row.trial._replace(result=row.trial.result._replace(mean_return=math.nan)))
    assert unfinished.to_json() == row.to_json() | {"mean_return": None}


def test_progress_and_fresh_seeds():
    seen: list[tuple[int, int]] = []
    settings = SETTINGS | {"seeds": 2, "steps": 100, "search_seed": 7, "first_seed": 3}
    one = compare({"dqn": DQN}, ENVS[:1], workers=1, on_progress=lambda *at: seen.append(at), **settings)
    assert seen == [(0, 2), (1, 2), (2, 2)]
    assert [row.trial.seed_index for row in one.rows] == [3, 4]
    request = TrialRequest(DQN, ENVS[0], AGENT, trial_seed(7, Phase.COMPARE, 0, 4), 100)
    assert one.rows[1].trial.result.curve == run_trial(request).curve


@pytest.mark.parametrize(
    "change, message",
    [
        ({"losses": {}}, "no loss"),
        ({"envs": ()}, "no environment"),
        ({"envs": (ENVS[0], ENVS[1], ENVS[0])}, "LayeredMDP stands twice"),
        ({"seeds": 0}, "seeds is 0, allowed"),
        ({"steps": 99}, "steps is 99, allowed"),
        ({"workers": -1}, "workers is -1, allowed"),
        ({"trial_limit_s": 0}, "trial_limit_s is 0, allowed"),
        ({"first_seed": -1}, "first_seed is -1, allowed"),
    ],
)
def test_what_cannot_be_compared_is_refused(change, message):
    request = {"losses": {"dqn": DQN}, "envs": ENVS, "workers": 1, **SETTINGS, **change}
    with pytest.raises(RlsearchError, match=message):
        compare(request.pop("losses"), request.pop("envs"), **request)


def test_a_text_that_is_no_loss_is_named():
    with pytest.raises(LossError, match=r"loss 'mine': .*unknown name 'rr'"):
        compare({"dqn": DQN, "mine": "rr - q(online, s)[a]"}, ENVS, workers=1, **SETTINGS)


class DisagreeingPool(Here):
    """Workers that find the two implementations of one loss to disagree."""

    def collect(self, timeout=None):
        ((name, difference),) = super().collect(timeout)
        assert difference == ""
        return [(name, "value: tape [1.], TorchScript [2.]" if name == "bandit" else "")]


def test_a_loss_whose_implementations_disagree_is_refused():
    with pytest.raises(RunFailed, match=r"loss 'bandit': TorchScript and tape disagree: value"):
        _check_agreement({"dqn": DQN, "bandit": BANDIT}, DisagreeingPool())
