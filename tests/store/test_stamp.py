"""The stamp says what decides numbers."""

import json
import sys

from rlsearch.store.stamp import PACKAGES, commit, machine, stamp, versions


def test_the_stamp_is_complete_and_goes_into_the_journal():
    found = stamp()
    assert set(found) == {"machine", "versions", "commit", "packs", "command"}
    assert json.loads(json.dumps(found)) == found
    assert set(found["versions"]) == {"python", *PACKAGES}
    assert found["versions"]["python"] == sys.version.split()[0]
    assert "not installed" not in versions().values()
    assert "cores" in machine()


def test_the_commit_is_short_and_marks_changes(monkeypatch, tmp_path):
    assert len(commit().rstrip("+")) in (0, 10)
    monkeypatch.setattr("rlsearch.store.stamp.__file__", str(tmp_path / "a" / "b" / "stamp.py"))
    assert commit() == ""  # not a checkout
    (tmp_path / ".git").mkdir()
    assert commit() == ""  # nothing that git understands
