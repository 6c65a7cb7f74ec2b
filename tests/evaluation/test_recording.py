"""Recording in a search: who records is a matter of hashes, and what is kept holds what is seldom met."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.envs import EnvSpec
from rlsearch.evaluation.recording import BATCHES, DRAWN, KEPT, batch_of, choose, due, keep, share_of, wish
from rlsearch.evaluation.rungs import RungSchedule, all_rungs
from rlsearch.evaluation.trial import TrialRequest, run_trial
from rlsearch.regimes.batch import Batch
from rlsearch.regimes.inputs import Sizes
from rlsearch.regimes.replay import REGIME
from rlsearch.train.recording import Record, Recording
from tests.support.tiny_runs import DQN, Here, tiny

TRIALS = st.tuples(st.integers(0, 10**6) | st.text(), st.integers(0, 9), st.integers(0, 99), st.integers(0, 9))


@given(st.integers(0, 2**63), TRIALS, st.integers(1, 2000), st.integers(1, 2000))
def test_a_trial_records_in_each_third_of_what_it_learns_from(seed, trial, first, steps):
    record = wish(seed, trial, 1.0, first, steps)
    if first > steps:
        assert record is None
        return
    assert record == wish(seed, trial, 1.0, first, steps)
    assert all(first <= step <= steps for step in record.steps) and all(one < next_ for one, next_ in pairwise(record.steps))
    learns = steps + 1 - first
    assert len(record.steps) == min(BATCHES, learns)
    if learns >= BATCHES:
        assert [(step - first) * BATCHES // learns for step in record.steps] == list(range(BATCHES)) or learns % BATCHES


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 1.0])
def test_so_large_a_share_of_trials_records_whoever_they_are(share):
    found = [wish(5, (index, index % 3, 0, 0), share, 10, 100) is not None for index in range(4000)]
    assert np.mean(found) == pytest.approx(share, abs=3 * (share * (1 - share) / 4000) ** 0.5 + 1e-9)
    assert found != [wish(6, (index, index % 3, 0, 0), share, 10, 100) is not None for index in range(4000)] or share in (0, 1)


def test_the_longer_a_search_the_fewer_trials_record():
    """Ten times as many trials add about RARE * log(10) that record."""
    assert all(share_of(one) >= share_of(one + 1) > 0 for one in range(100))
    assert sum(map(share_of, range(1000, 10_000))) == pytest.approx(4 * np.log(10), rel=0.01)


def test_what_is_due_ends_with_a_divergence():
    record = Record((5, 9, 30), DRAWN)
    assert due(None, -1) == due(None, 3) == ()
    assert [due(record, at) for at in (-1, 4, 5, 29, 30)] == [(5, 9, 30), (), (5,), (5, 9), (5, 9, 30)]


def drawn(rng, zeros=0.02):
    """A batch as an agent may meet it: few rewards of 0, few ends, one huge output."""
    views = {view: rng.normal(size=(3, DRAWN)) for view in REGIME.views}
    next(iter(views.values()))[1, 17] = 1e4
    inputs = {name: rng.normal(size=DRAWN) for name in REGIME.columns}
    inputs["r"][rng.random(DRAWN) < zeros] = 0.0
    inputs["r"][40] = -50.0
    inputs["discount"] = np.where(rng.random(DRAWN) < 0.03, 0.0, 0.99)
    return Batch(REGIME, Sizes(3), views, inputs)


@given(st.integers(0, 10**6))
def test_what_is_seldom_met_is_kept(seed):
    batch = drawn(np.random.default_rng(seed))
    chosen = choose(batch, np.random.default_rng(seed))
    assert len(chosen) == KEPT == len(set(chosen.tolist())) and sorted(chosen) == chosen.tolist()
    assert {17, 40} <= set(chosen.tolist())
    for name in ("r", "discount"):
        there, kept = (batch.inputs[name] == 0).sum(), (batch.inputs[name][chosen] == 0).sum()
        assert kept >= min(there, 8)


def test_a_batch_comes_back_as_float32_has_it():
    batch = drawn(np.random.default_rng(0))
    recorded = keep(Recording(9, batch), rng_seed=3)
    again = batch_of(recorded, REGIME)
    chosen = choose(batch, np.random.default_rng([3, 9, 1]))
    assert (recorded.step, recorded.sizes, again.shape) == (9, Sizes(3), (KEPT,))
    for view in REGIME.views:
        np.testing.assert_array_equal(again.views[view], np.float32(batch.views[view][:, chosen]))
    for name in REGIME.columns:
        np.testing.assert_array_equal(again.inputs[name], np.float32(batch.inputs[name][chosen]))
    with pytest.raises(ValueError):
        batch_of(recorded._replace(values=recorded.values[:-4]), REGIME)


def test_a_trial_that_records_gives_what_it_gives_without():
    plain = TrialRequest(DQN, EnvSpec("Catch"), tiny().agent, 5, 300)
    found = run_trial(plain._replace(record=Record((50, 300), DRAWN)))._replace(seconds=0.0)
    assert [batch.step for batch in found.recordings] == [50, 300]
    assert repr(found._replace(recordings=())) == repr(run_trial(plain)._replace(seconds=0.0))
    for recorded in found.recordings:
        batch = batch_of(recorded, REGIME)
        assert set(batch.inputs["r"]) <= {-1.0, 0.0, 1.0} and set(batch.inputs["progress"]) == {np.float32(recorded.step / 300)}
        assert (batch.inputs["discount"] == 0).sum() >= 4  # Catch ends every ninth step


def test_a_schedule_asks_for_what_it_expects():
    """Known losses record on every rung; what was recorded is part of what matches."""
    space, here = tiny(), Here()
    schedule = RungSchedule("dqn", DQN, all_rungs(space), space, 1)
    for work in schedule.start(checked=True):
        here.submit(work)
    while here.pending():
        for key, value in here.collect():
            for work in schedule.on_result(key, value):
                here.submit(work)
    assert {row.rung for row in schedule.rows if row.result.recordings} == {0, 1}

    def matches(rows):
        return RungSchedule("dqn", DQN, all_rungs(space), space, 1).matches(rows)

    assert matches(schedule.rows)
    first = schedule.rows[0]
    fewer = first._replace(result=first.result._replace(recordings=first.result.recordings[1:]))
    assert not matches([fewer, *schedule.rows[1:]])
