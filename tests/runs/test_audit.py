"""An audit: proposals made again, a few trials trained again, and what it says where that is not possible."""

import sqlite3

import pytest

from rlsearch.errors import RunError
from rlsearch.runs import audit as audits
from rlsearch.runs.audit import TRAINED, Audit, audit_run
from rlsearch.runs.run import open_run
from rlsearch.store.database import FILE
from tests.support.tiny_runs import search, tiny


@pytest.fixture
def folder(tmp_path):
    search(tmp_path / "run", tiny(), 25)
    return tmp_path / "run"


def audited(folder):
    with open_run(folder) as run:
        return audit_run(run)


def test_a_whole_run_is_the_same_again(folder):
    assert audited(folder) == Audit(25, TRAINED, "")


def test_no_more_is_gone_through_than_is_said(folder, monkeypatch):
    monkeypatch.setattr(audits, "PROPOSED", 10)
    assert audited(folder).proposed == 10


def test_on_another_machine_nothing_is_trained_again(folder, monkeypatch):
    monkeypatch.setattr(audits, "stamp", lambda: {"cpu": "Abacus 1", "versions": {}, "commit": ""})
    found = audited(folder)
    assert (found.proposed, found.trained) == (25, 0) and found.untrained.startswith("processor was ")


def test_a_trial_that_trains_otherwise_is_refused(folder):
    with sqlite3.connect(folder / FILE) as base:
        base.execute("UPDATE trials SET episodes = episodes + 1 WHERE rung = 0")
    base.close()
    with pytest.raises(RunError, match=r"a trial of proposal \d+, trained again, does not give what the journal says"):
        audited(folder)
