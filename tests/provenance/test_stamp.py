"""The stamp says what decides numbers."""

import json
import sys

from rlsearch.provenance.stamp import PACKAGES, commit, cpu_model, differences, machine, stamp, versions


def test_the_stamp_is_complete_and_goes_into_the_journal():
    found = stamp()
    assert set(found) == {"machine", "cpu", "cores", "threads", "versions", "matmul", "commit", "packs", "command"}
    assert json.loads(json.dumps(found)) == found
    assert set(found["versions"]) == {"python", *PACKAGES}
    assert found["versions"]["python"] == sys.version.split()[0]
    assert "not installed" not in versions().values()
    assert "cores" in machine() and found["cpu"] == cpu_model() and found["cores"] > 0


def test_what_differs_between_two_stamps_is_said():
    here = stamp()
    assert differences(here, here) == differences({"versions": {}, "commit": ""}, here) == []
    there = here | {"cpu": "abacus", "versions": here["versions"] | {"torch": "1.0"}, "command": "another", "cores": 400}
    assert differences(there, here) == [f"processor was abacus, is {cpu_model()}", f"torch was 1.0, is {versions()['torch']}"]
    other_way = here | {"matmul": "blas"}
    assert differences(other_way, here) == ["matmul was blas, is tiles"]
    assert differences({"versions": {}, "commit": ""}, other_way) == ["matmul was tiles, is blas"]  # before there was a choice


def test_the_commit_is_short_and_marks_changes(monkeypatch, tmp_path):
    assert len(commit().rstrip("+")) in (0, 10)
    monkeypatch.setattr("rlsearch.provenance.stamp.__file__", str(tmp_path / "a" / "b" / "stamp.py"))
    assert commit() == ""  # not a checkout
    (tmp_path / ".git").mkdir()
    assert commit() == ""  # nothing that git understands
