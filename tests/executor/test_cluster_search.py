"""Whole searches on a Ray cluster: the rows of one machine, whatever happens to machines."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from secrets import token_hex

import pytest

from rlsearch.errors import RunError
from rlsearch.store.journal import Journal
from tests.support.machines import ROOT, Machines
from tests.support.tiny_runs import TEXT, rows

pytest.importorskip("ray")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="machines are told apart by /proc")]
PROPOSALS = 150


@pytest.fixture(autouse=True)
def closed(monkeypatch):
    """No other user of this machine gets into these clusters."""
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setenv("RAY_AUTH_TOKEN", token_hex(32))


@pytest.fixture
def space(tmp_path):
    place = tmp_path / "tiny.yaml"
    place.write_text(TEXT)
    return place


@contextmanager
def rlsearch(*words):
    """A command that runs meanwhile."""
    command = subprocess.Popen(
        [sys.executable, "-m", "rlsearch", *map(str, words), "--proposals", str(PROPOSALS)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield command
    finally:
        command.kill()
        command.communicate()


def ended(command, seconds=120):
    """Exit code and words of a command."""
    said, _ = command.communicate(timeout=seconds)
    return command.returncode, said


def proposals(folder):
    try:
        with Journal(folder) as journal:
            return journal.count()
    except RunError:
        return 0


@pytest.fixture
def local(space, tmp_path):
    """The rows of a search on this machine alone."""
    with rlsearch("search", space, "--workers", 1, "--out", tmp_path / "local") as command:
        assert ended(command)[0] == 0
    return rows(tmp_path / "local")


def until_proposed(folder, number, command):
    end = time.monotonic() + 120
    while proposals(folder) < number:
        assert command.poll() is None and time.monotonic() < end, command.communicate()
        time.sleep(0.05)


def test_two_machines_of_which_one_is_lost_give_the_same_rows(space, tmp_path, local):
    with Machines() as few:
        lost = few.join()
        with rlsearch("search", space, "--out", tmp_path / "spread", "--executor", "ray", "--address", few.address) as command:
            until_proposed(tmp_path / "spread", 20, command)
            lost.kill()
            code, said = ended(command)
    assert code == 0, said
    assert rows(tmp_path / "spread") == local


def test_a_search_that_lost_its_head_goes_on_with_another_one(space, tmp_path, local):
    folder = tmp_path / "lost"
    with (
        Machines() as few,
        rlsearch("search", space, "--executor", "ray", "--address", few.address, "--out", folder) as command,
    ):
        until_proposed(folder, 20, command)
        few.head.kill()
        code, said = ended(command)
    assert code == 1 and "is gone" in said and "rlsearch resume" in said and "Traceback" not in said
    assert 20 <= proposals(folder) < PROPOSALS
    with Machines() as few, rlsearch("resume", folder, "--executor", "ray", "--address", few.address) as command:
        code, said = ended(command)
    assert code == 0, said
    assert rows(folder) == local
