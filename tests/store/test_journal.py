"""The journal: rows come back as they were written, all or nothing, one writer, many readers, damage in one line."""

import math
import sqlite3
import subprocess
import sys
from dataclasses import replace

import pytest

from rlsearch.errors import RunError, RunFailed
from rlsearch.evaluation.recording import RecordedBatch
from rlsearch.evaluation.trial import NO_RUNG, Phase
from rlsearch.evaluation.twins import Twin
from rlsearch.evolve.split import Split
from rlsearch.regimes.inputs import Sizes
from rlsearch.store.database import FILE
from rlsearch.store.journal import Journal, Timing
from tests.support.journals import METADATA, ROW, contents, refused
from tests.support.tiny_runs import flat


def test_a_new_journal_holds_its_metadata(folder):
    with Journal(folder) as journal:
        assert journal.metadata() == METADATA
        assert journal.count() == 0 == len(list(journal.proposals()))
        assert journal.trials() == {} == journal.confirmations()
    assert list(contents(folder)) == [str(folder / FILE)]


def test_rows_come_back(folder):
    rows = [flat(0, 0, 0, 0.5), flat(1, 0, 0, -0.25, mean_return=math.nan, diverged_at=17), flat(1, 1, 0, 1 / 3)]
    confirmed = rows[1]._replace(phase=Phase.CONFIRM, rung=NO_RUNG)
    with Journal(folder, write=True) as journal:
        journal.add(ROW, rows, Timing(0.25, 1.5))
        journal.add(replace(ROW, index=1, population="+0"), ())
        journal.add_named("#0", [confirmed])
        journal.add_named("dqn", rows[:1])
        journal.set_metadata(finished=True)
    with Journal(folder) as journal:
        assert list(journal.proposals()) == [ROW, replace(ROW, index=1, population="+0")]
        assert list(journal.timings()) == [(0.25, 1.5), (0.0, 0.0)]
        assert journal.count() == 2
        assert repr(journal.trials()) == repr({0: rows})  # by text: NaN is never equal to itself
        assert math.isnan(journal.trials()[0][1].result.mean_return)
        assert repr(journal.confirmations()) == repr({"#0": [confirmed]})
        assert repr(journal.baselines()) == repr({"dqn": rows[:1]})
        assert journal.metadata() == METADATA | {"search_seconds": 1.5, "finished": True}
    with Journal(folder, write=True) as journal:
        journal.clear_confirmations()
        assert journal.confirmations() == {} != journal.trials()
        assert list(journal.baselines()) == ["dqn"]


def test_what_trials_recorded_and_who_left_a_class_come_back(folder):
    batches = tuple(RecordedBatch(step, Sizes(3), bytes([step]) * 500) for step in (7, 20))
    trial, known = (flat(0, 1, 2, 0.5, recordings=some) for some in (batches, batches[:1]))
    splits = [Split(1, member, 0, 1, 0.25, f"where {member} is 0") for member in (1, 0)]
    twins = [Twin(0, 1, "Catch", 0.5, 1e-4), Twin(1, 0, "Catch", 0.0, 1e-4)]
    with Journal(folder, write=True) as journal:
        journal.add_named("dqn", [known])
        journal.add(ROW, [trial])
        journal.add(replace(ROW, index=1), (), None, splits)
        journal.add_finals(Phase.CONFIRM, splits[:1])
        journal.add_finals(Phase.TWIN, splits[1:], twins)
    with Journal(folder, write=True) as journal:
        assert journal.trials() == {0: [trial]} and journal.baselines() == {"dqn": [known]}
        assert journal.splits(Phase.RUNG) == {1: splits} and journal.splits(*Phase) == {1: splits * 2}
        assert journal.twins() == twins[::-1] and journal.problems() == []
        journal.clear_confirmations()  # of a search that goes on
        assert journal.splits(*Phase) == {1: splits} and journal.twins() == []


def test_a_proposal_enters_with_all_its_trials_or_not_at_all(folder):
    with Journal(folder, write=True) as journal:
        with pytest.raises(RunFailed, match=r"cannot be written: UNIQUE constraint failed.*; what it holds is intact"):
            journal.add(ROW, [flat(0, 0, 0, 0.5), flat(0, 0, 0, 0.5)])
        assert journal.count() == 0 and journal.trials() == {}


def test_trials_come_in_the_order_in_which_they_ran(folder):
    ran = [flat(rung, env, seed, 0.0) for rung in range(2) for seed in range(3) for env in range(2)]
    with Journal(folder, write=True) as journal:
        for number in (1, 0):
            journal.add(replace(ROW, index=number), ran[::-1])
        assert list(journal.trials()) == [0, 1]
        assert journal.trials()[1] == ran


def test_there_is_one_writer(folder):
    with Journal(folder, write=True):
        refused(folder, "another process works on the run", write=True)
        script = (
            "import sys; from pathlib import Path; from rlsearch.store.journal import Journal; Journal(Path(sys.argv[1]), True)"
        )
        other = subprocess.run([sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=False)
        assert "RunError: another process works on the run" in other.stderr
    with Journal(folder, write=True) as journal:  # the lock was given back
        journal.set_metadata(seed=5)


def test_readers_see_what_is_committed_while_a_writer_writes(folder):
    with Journal(folder, write=True) as writer, Journal(folder) as early:
        for number in range(50):
            writer.add(replace(ROW, index=number), [flat(0, 0, 0, 0.5)], Timing(0.0, float(number)))
            with Journal(folder) as reader:
                assert reader.count() == early.count() == number + 1 == len(reader.trials())
                assert reader.metadata()["search_seconds"] == number
        with pytest.raises(RunFailed, match="readonly"):
            early.set_metadata(seed=-1)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE trials SET curve = x'00'",
        "UPDATE trials SET curve = 'text'",
        "INSERT INTO recordings VALUES (0, 0, 0, 0, 5, 2, 0, x'00')",
        "UPDATE metadata SET value = '{' WHERE name = 'nested'",
        "UPDATE metadata SET value = x'ff' WHERE name = 'nested'",
    ],
)
def test_values_that_nobody_wrote_are_said_to_be_damage(folder, damage):
    with Journal(folder, write=True) as journal:
        journal.add(ROW, [flat(0, 0, 0, 0.5)])
    with sqlite3.connect(folder / FILE) as base:
        base.execute(damage)
    base.close()
    said = r"is damaged: (fact nested|(what )?a trial of 0( recorded)?) cannot be read"
    with Journal(folder) as journal, pytest.raises(RunError, match=said):
        journal.trials()
        journal.metadata()
