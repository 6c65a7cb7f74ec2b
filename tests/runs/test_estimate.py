"""What a search is expected to cost: the arithmetic by hand, and the expectation beside what really happens."""

import time
from types import SimpleNamespace

import pytest

from rlsearch.equivalence.fingerprint import fingerprint
from rlsearch.evolve.counting import program_count
from rlsearch.evolve.enumeration import enumerate_genomes
from rlsearch.graph.text import parse
from rlsearch.runs import estimate as estimates
from rlsearch.runs.budget import Budget
from rlsearch.runs.estimate import SAMPLES, Size, beside, estimate, expectation, in_words, sample_losses, size
from rlsearch.runs.run import Options
from tests.support.tiny_runs import DQN, Here, tiny

SPACE = tiny(
    rungs=[
        {"envs": ["LayeredMDP"], "seeds": 2, "steps": 500, "pass": 0.5},
        {"envs": ["LayeredMDP", "Garnet"], "seeds": 3, "steps": 2000, "keep_top": 0.25},
        {"envs": ["Garnet"], "seeds": 1, "steps": 10_000},
    ],
    confirm={"seeds": 4, "envs": ["Catch"], "top": 5, "share": 0.25},
    baselines=["dqn", "double_dqn"],
)
SECONDS = {"LayeredMDP": 2e-4, "Garnet": 1e-4}  # of a step


@pytest.fixture
def timed(monkeypatch):
    """Training that takes what is said, screening that takes 10 ms."""
    asked = []

    def trial(request):
        asked.append(request)
        slow = 3 if len(asked) <= 2 * SAMPLES else 1  # the first round draws the worlds
        return SimpleNamespace(seconds=slow * request.steps * SECONDS[request.env.env])

    monkeypatch.setattr(estimates, "run_trial", trial)
    monkeypatch.setattr(estimates, "sample_losses", lambda *_: ((DQN,) * SAMPLES, 0.01))
    return asked


def test_the_arithmetic_by_hand(timed):
    executor = Here()
    executor.slots = 2
    found = estimate(SPACE, 7, executor)
    assert {(request.env.env, request.steps, request.rng_seed) for request in timed} == {
        ("LayeredMDP", 500, 7),
        ("Garnet", 1000, 7),
    }
    assert found.trial_s == (pytest.approx(0.1),) * 3
    ladder = (2 * 500 * 2e-4, 3 * 2000 * 3e-4, 10_000 * 1e-4)  # 0.2, 1.8, 1.0
    assert found.rung_s == pytest.approx(ladder)
    assert found.baselines_s == pytest.approx(2 * 3.0 / 2)
    assert found.confirmation_s == pytest.approx((5 + 2) * 4 * 2 * 10_000 * 1e-4 / 2)
    most = 0.01 + 3.0 / 2
    expected_s = 0.01 + 0.5 * (0.2 + 0.35 * 1.8 + 0.35 * 0.25 * 1.0) / 2
    assert found.proposal_s == pytest.approx((expected_s, 0.01 + 0.25 * 0.2 / 2, most))
    assert found.minutes(100)[0] == pytest.approx((3 + 100 * expected_s + 28) / 60)
    assert found.proposals(10, 0.25)[2] == int((600 * 0.75 - 3) / most)
    assert found.proposals(0.01, 0.25) == (0, 0, 0)
    for shares in (found.minutes(50), found.proposals(10, 0.25)[::-1]):
        assert min(shares) > 0


def test_words_for_both_kinds_of_budget(timed):
    found = estimate(SPACE, 0, Here())
    kept = expectation(found, Budget(proposals=1000), 0.25)
    assert in_words(kept).startswith("1,000 proposals are expected to take ")
    assert beside(kept, 1000, 90).endswith("; it took 1.5 minutes")
    kept = expectation(found, Budget(minutes=10), 0.25)
    assert kept["least"] < kept["proposals"] < kept["most"]
    assert beside(kept, 1234, 600).endswith("; it made 1,234")


def test_a_space_of_which_no_sample_can_train_costs_only_its_screening(monkeypatch):
    monkeypatch.setattr(estimates, "sample_losses", lambda *_: ((), 0.01))
    found = estimate(SPACE, 0, Here())
    assert found.rung_s == (0.0, 0.0, 0.0) and found.proposal_s == (0.01, 0.01, 0.01)
    assert found.minutes(600) == pytest.approx((0.1, 0.1, 0.1))


def test_samples_are_losses_of_the_space_and_the_same_for_a_seed():
    losses, seconds = sample_losses(SPACE, 3)
    assert len(set(losses)) == SAMPLES and 0 < seconds < 1
    for text in losses:
        assert {node.leaf for node in parse(text).nodes if node.op == "input"} <= set(SPACE.grammar.inputs)
        assert not fingerprint(parse(text), "direction").flaw
    assert sample_losses(SPACE, 3)[0] == losses != sample_losses(SPACE, 4)[0]
    assert sample_losses(tiny(start=["dqn"]), 3)[0] == sample_losses(tiny(), 3)[0]


def test_the_size_of_a_search():
    assert size(SPACE, Options()) == Size(program_count(SPACE.grammar), 0)
    first = tiny(start={"enumerate": 1})
    assert size(first, Options()).enumerated == len(list(enumerate_genomes(first.grammar, 1))) > 0
    assert size(SPACE, Options(strategy="enumerate")).enumerated > size(first, Options()).enumerated


def test_what_three_losses_take_is_what_it_says():
    """Real trainings: the first rung's trials, timed here, take about what the estimate says."""
    space, here = tiny(rungs=[{"envs": ["LayeredMDP"], "steps": 3000}]), Here()
    found = estimate(space, 0, here)
    from rlsearch.evaluation.trial import TrialRequest, run_trial

    started = time.perf_counter()
    for loss in found.losses:
        run_trial(TrialRequest(loss, space.rungs[0].envs[0], space.agent, 0, 3000))
    took = (time.perf_counter() - started) / SAMPLES
    assert 0.2 * took < sum(found.trial_s) / SAMPLES < 5 * took
