"""Denormals are flushed where that was asked for, in that thread, and kept again afterwards."""

import subprocess
import sys
import threading

import numpy as np
import torch

from rlsearch.numba_support.denormals import denormals_flushed


def kept() -> bool:
    """Whether this thread can make a number below 1e-38, and read one."""
    return float(np.float32(1e-38) * np.float32(0.1)) != 0.0 and float(np.float32(1e-40) * np.float32(1.0)) != 0.0


def test_they_are_flushed_inside_and_kept_afterwards():
    assert kept()
    with denormals_flushed():
        assert not kept()
        with denormals_flushed():
            assert not kept()
        assert not kept()
    assert kept()


def test_an_error_ends_it():
    try:
        with denormals_flushed():
            raise ValueError
    except ValueError:
        assert kept()


def test_what_torch_has_set_stays():
    """The same bits of the processor."""
    torch.set_flush_denormal(True)
    try:
        with denormals_flushed():
            assert not kept()
        assert not kept()
    finally:
        torch.set_flush_denormal(False)
    assert kept()


def test_other_threads_are_left_alone():
    asked, found = threading.Event(), list[bool]()
    other = threading.Thread(target=lambda: found.append(asked.wait() and kept()))
    other.start()
    with denormals_flushed():
        asked.set()
        other.join()
    assert found == [True]


def test_a_trial_is_trained_without_torch():
    """A worker is 180 MB smaller, and ready 1.5 s sooner."""
    script = (
        "import sys\nfrom rlsearch.envs import EnvSpec\nfrom rlsearch.evaluation.trial import TrialRequest, run_trial\n"
        "from tests.support.tiny_runs import DQN, tiny\n"
        "run_trial(TrialRequest(DQN, EnvSpec('LayeredMDP'), tiny().agent, 0, 300))\nprint('torch' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
