"""Calls in a child process: whatever happens there is one line here."""

import os
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from rlsearch.errors import RlsearchError, RunError, RunFailed, SpaceError
from rlsearch.executor.child import call_in_child
from rlsearch.executor.start import ending
from rlsearch.registry import packs
from tests.support.work import running, until


def double(number, tell):
    tell("doubling", 60.0)
    return 2 * number


def spin(limit_s, tell):
    tell("spinning", limit_s)
    while True:
        pass


def chatter(times, tell):
    """Go on for longer than any single thing may take, and say so each time."""
    for _ in range(times):
        tell("chattering", 2.0)
        time.sleep(0.3)
    return times


def leave(code, tell):
    tell("leaving", 60.0)
    os._exit(code)


def crash(number, tell):
    tell("crashing", 60.0)
    os.kill(os.getpid(), number)


def fail(error, tell):
    tell("failing", 60.0)
    raise error


def fill(size, tell):
    tell("filling memory", 60.0)
    return float(np.ones(size).sum())


def pids(place, tell):
    tell("waiting", 60.0)
    place.with_suffix(".draft").write_text(f"{os.getpid()}")
    place.with_suffix(".draft").rename(place)
    time.sleep(60)


def used(_, tell):
    return [(pack.name, pack.digest) for pack in packs()]


def search_again(_, tell):
    """What a module might do that is imported here, without its guard."""
    return call_in_child(double, 1)


class Strange(Exception):
    """Cannot be made from its own arguments."""

    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")


def fail_strangely(request, tell):
    tell("failing", 60.0)
    raise Strange(*request)


def test_a_value_comes_back():
    assert call_in_child(double, 4) == 8


@pytest.mark.usefixtures("op_pack")
def test_the_ops_of_the_driver_are_in_use():
    assert call_in_child(used, None) == [(pack.name, pack.digest) for pack in packs()]


@pytest.mark.parametrize(
    ("function", "request_", "said"),
    [
        (spin, 1.0, "spinning did not end within 1 s"),
        (leave, 3, "leaving ended its process, with exit code 3"),
        (crash, signal.SIGSEGV, "crashing ended its process, killed by SIGSEGV"),
        (crash, signal.SIGKILL, "crashing ended its process, killed by SIGKILL, as happens where memory runs out"),
        (fail, ValueError("a\nb"), "failing failed: ValueError: a"),
        (fail_strangely, (1, 2), "failing failed: RuntimeError: Strange: 1 and 2"),
        (search_again, None, "a worker of a search imports a module that itself begins one"),
    ],
)
def test_what_goes_wrong_is_one_line(function, request_, said):
    with pytest.raises(RlsearchError) as error:
        call_in_child(function, request_)
    assert str(error.value).startswith(said) and "\n" not in str(error.value)
    assert isinstance(error.value, RunError if function is search_again else RunFailed)


def test_errors_of_ours_are_those_of_the_function():
    with pytest.raises(SpaceError, match=r"^not here$"):
        call_in_child(fail, SpaceError("not here"))


def test_a_sign_of_life_starts_the_time_anew():
    assert call_in_child(chatter, 10) == 10


def test_memory_is_limited():
    with pytest.raises(RunFailed, match=r"^filling memory failed: .*[Uu]nable to allocate"):
        call_in_child(fill, 2 * 10**9, memory_share=0.01)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc to see processes")
def test_whoever_waits_hears_signals_and_leaves_nothing(tmp_path):
    place = tmp_path / "pid"

    def interrupt():
        until(place.exists)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        call_in_child(pids, place)
    assert not running(int(place.read_text()))


def test_endings_in_words():
    assert [ending(code) for code in (3, 0, -11)] == ["with exit code 3", "with exit code 0", "killed by SIGSEGV"]
