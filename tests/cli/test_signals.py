"""Ctrl-C and TERM: heard at any moment, also in the middle of compiled code that never ends."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from rlsearch.cli.signals import obeying
from rlsearch.runs.budget import Stop

DEAF = """
    import numba
    from rlsearch.cli.signals import handle_signals

    @numba.njit(nogil=True)
    def spin(number):
        while number > 0.0:
            number += 1.0

    spin(0.0)
    handle_signals()
    print("spinning", flush=True)
    try:
        spin(1.0)
    finally:
        print("ended", flush=True)
"""
HEARING = """
    import time
    from rlsearch.cli.signals import handle_signals

    handle_signals()
    try:
        print("waiting", flush=True)
        time.sleep(60)
    except BaseException as error:
        print(type(error).__name__, flush=True)
        time.sleep(3)  # longer than a deaf one is waited for
        print("cleaned up", flush=True)
"""


def started(script):
    words = [sys.executable, "-c", textwrap.dedent(script)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdout.readline()
    return process


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_process_in_compiled_code_is_ended(number, code):
    process = started(DEAF)
    time.sleep(0.3)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (code, "", "\nrlsearch: ended in the middle of compiled code\n")


def test_a_process_that_hears_cleans_up():
    process = started(HEARING)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "Terminated\ncleaned up\n", "")


def test_before_anybody_heeds_a_stop_the_first_signal_ends():
    stop, told = Stop(), []
    with pytest.raises(KeyboardInterrupt), obeying(stop, lambda: told.append("stopping")):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)
    assert not stop.asked and not told


def test_the_first_signal_asks_and_the_second_ends():
    stop, told = Stop(heeded=True), []
    with pytest.raises(KeyboardInterrupt), obeying(stop, lambda: told.append("stopping")) as code:
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.asked and told == ["stopping"] and code() == 130
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)
