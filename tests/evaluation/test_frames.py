"""Trials as records, and as data frames where pandas is installed."""

import sys

import numpy as np
import pytest

from rlsearch.errors import RlsearchError
from rlsearch.evaluation.frames import CURVE, TRIAL, curve_records, data_frame, trial_record
from tests.support.tiny_runs import flat

ROW = flat(1, 0, 3, 0.5, diverged_at=7, culprit="exp")


def test_a_trial_is_a_record():
    record = trial_record(ROW)
    assert tuple(record) == TRIAL
    assert (record["env"], record["seed"], record["steps"], record["area"], record["culprit"]) == (
        "LayeredMDP",
        3,
        300,
        0.5,
        "exp",
    )


def test_a_curve_is_a_record_for_each_stretch():
    records = list(curve_records(ROW))
    assert all(tuple(record) == CURVE for record in records)
    assert [record["step"] for record in records] == list(range(15, 301, 15))
    assert np.mean([record["score"] for record in records]) == pytest.approx(ROW.result.area)


def test_without_pandas_it_is_said_in_one_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(RlsearchError, match="needs pandas, which is not installed; type `pip install pandas`"):
        data_frame([], TRIAL)


def test_records_as_a_frame_of_pandas():
    pandas = pytest.importorskip("pandas")
    frame = data_frame([trial_record(ROW)] * 2, TRIAL)
    assert isinstance(frame, pandas.DataFrame) and frame.shape == (2, len(TRIAL))
    assert frame["area"].mean() == 0.5 and frame["seed"].dtype.kind == "i"
    assert list(data_frame([], TRIAL).columns) == list(TRIAL)
