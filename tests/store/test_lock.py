"""A run's lock: one writer, seen by whoever looks, and never refused because somebody looked."""

import os
import threading
import time

import pytest
from filelock import Timeout

from rlsearch.store.journal import Journal
from rlsearch.store.listing import list_runs
from rlsearch.store.lock import LOCK, become_writer, has_writer, no_writer


def test_there_is_one_writer_and_it_is_seen(tmp_path):
    assert not has_writer(tmp_path) and not (tmp_path / LOCK).exists()
    lock = become_writer(tmp_path)
    assert has_writer(tmp_path)
    with pytest.raises(Timeout):
        become_writer(tmp_path)
    with pytest.raises(BlockingIOError), no_writer(tmp_path):
        pass
    lock.release()
    assert not has_writer(tmp_path)
    become_writer(tmp_path).release()


def test_many_may_look_at_once(tmp_path):
    with no_writer(tmp_path), no_writer(tmp_path):
        assert not has_writer(tmp_path)


def test_who_looks_makes_a_writer_wait_and_does_not_refuse_it(tmp_path):
    looked = threading.Event()

    def look():
        with no_writer(tmp_path):
            looked.set()
            time.sleep(0.3)

    looking = threading.Thread(target=look)
    looking.start()
    looked.wait(10)
    started = time.monotonic()
    become_writer(tmp_path).release()
    assert time.monotonic() - started > 0.1
    looking.join()


def test_a_search_started_at_the_very_moment_of_a_listing_is_never_refused(folder):
    """Runs are listed without a pause while the writer comes and goes; what is listed is always a run."""
    states, over = set(), threading.Event()

    def look():
        while not over.is_set():
            (run,) = list_runs(folder.parent)
            states.add(run.state)

    with Journal(folder, write=True) as journal:
        journal.set_metadata(finished=False, space="tiny", strategy="random")
    lookers = [threading.Thread(target=look) for _ in range(3)]
    for looker in lookers:
        looker.start()
    try:
        for _ in range(150):
            with Journal(folder, write=True):
                pass
        with Journal(folder, write=True):
            time.sleep(0.2)
    finally:
        over.set()
        for looker in lookers:
            looker.join()
    assert states <= {"running", "not finished"} and "running" in states


def test_of_many_that_want_to_write_one_does(tmp_path):
    """While others look."""
    locks, refused, over = [], [], threading.Event()

    def look():
        while not over.is_set():
            has_writer(tmp_path)

    def write():
        try:
            locks.append(become_writer(tmp_path))
        except Timeout:
            refused.append(1)

    (tmp_path / LOCK).touch()
    looker = threading.Thread(target=look)
    looker.start()
    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    over.set()
    looker.join()
    assert len(locks) == 1 and len(refused) == 7
    locks[0].release()


def test_where_one_may_not_ask_there_is_nobody(tmp_path, monkeypatch):
    (tmp_path / LOCK).touch()

    def denied(*_):
        raise PermissionError

    monkeypatch.setattr(os, "open", denied)
    assert not has_writer(tmp_path)
