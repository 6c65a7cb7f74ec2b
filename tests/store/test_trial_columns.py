"""A trial as columns: what is read is what was written, and what was never written is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.evaluation.recording import RecordedBatch
from rlsearch.evaluation.trial import BINS, NO_RUNG, Phase, TrialResult, TrialRow
from rlsearch.regimes.inputs import Sizes
from rlsearch.store.trial_columns import (
    RECORDING_COLUMNS,
    TRIAL_COLUMNS,
    from_columns,
    recording_from_columns,
    recordings_to_columns,
    to_columns,
)
from tests.support.tiny_runs import flat

NUMBERS = st.floats(-10, 10)
RESULTS = st.builds(
    TrialResult,
    curve=st.lists(NUMBERS, min_size=BINS, max_size=BINS).map(tuple),
    episodes=st.integers(0, 10**6),
    mean_return=st.floats(allow_infinity=False),
    diverged_at=st.integers(-1, 10**6),
    seconds=st.floats(0, 1e6),
    culprit=st.text(),
    cut_after_s=st.none() | st.floats(0, 1e6),
    recordings=st.just(()),
)
BATCHES = st.builds(
    RecordedBatch, st.integers(1, 10**9), st.builds(Sizes, st.integers(2, 18), st.integers(0, 8)), st.binary(max_size=400)
)
WHERE = st.tuples(st.just(Phase.RUNG), st.integers(0, 50)) | st.just((Phase.CONFIRM, NO_RUNG))


@given(WHERE, st.integers(0, 9), st.text(), st.integers(0, 99), st.integers(100, 10**9), RESULTS)
def test_a_trial_comes_back(where, env_index, env, seed_index, steps, result):
    row = TrialRow(*where, env_index, env, seed_index, steps, result)
    values = to_columns(row)
    assert len(values) == len(TRIAL_COLUMNS)
    assert repr(from_columns(values)) == repr(row)  # by text: NaN is never equal to itself


@pytest.mark.parametrize(
    ("column", "value"),
    [("phase", "rang"), ("curve", b"\0"), ("curve", "text"), ("curve", None), ("area", 0.99), ("final", 0.99)],
)
def test_values_that_nobody_wrote_are_refused(column, value):
    columns = dict(zip(TRIAL_COLUMNS, to_columns(flat(0, 0, 0, 0.5)), strict=True)) | {column: value}
    with pytest.raises((ValueError, TypeError)):
        from_columns(list(columns.values()))


@given(st.lists(BATCHES, max_size=4))
def test_what_a_trial_recorded_comes_back(batches):
    row = flat(2, 1, 3, 0.5, recordings=tuple(batches))
    written = recordings_to_columns(row)
    assert all(len(columns) == len(RECORDING_COLUMNS) for columns in written)
    assert [recording_from_columns(columns) for columns in written] == [((2, 1, 3), batch) for batch in batches]


@pytest.mark.parametrize("batch", [b"", b"no zlib", "text", None])
def test_a_batch_that_nobody_wrote_is_refused(batch):
    with pytest.raises((ValueError, TypeError)):
        recording_from_columns((0, 0, 0, 5, 2, 0, batch))


def test_means_that_schema_1_did_not_write_are_not_missed():
    columns = dict(zip(TRIAL_COLUMNS, to_columns(flat(0, 0, 0, 0.5)), strict=True)) | {"area": None, "final": None}
    assert from_columns(list(columns.values())) == flat(0, 0, 0, 0.5)
