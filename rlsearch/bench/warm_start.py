"""The time of a search from its launch to its first trial, kernels cached."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rlsearch.bench.figure import Figure, interleaved
from rlsearch.errors import RunError, RunFailed
from rlsearch.store.journal import Journal

START_TIMEOUT_S = 300.0  # seconds; the first launch may have to compile
PROPOSALS = 200


def warm_start(repetitions: int = 3) -> Figure:
    """The seconds from launching `rlsearch search quickstart` to the first journalled trial.

    Args:
        repetitions: launches, after a first one that compiles what is not in the cache.

    Raises:
        RunFailed: a search ended, or START_TIMEOUT_S did, before a trial was journalled.
    """
    _seconds()
    sides = interleaved({"rlsearch search": _seconds}, "seconds", repetitions)
    return Figure(
        name="warm_start",
        value=sides["rlsearch search"].minimum,
        unit="seconds",
        better="less",
        meaning="launch of `rlsearch search quickstart` to its first journalled trial, minimum",
        sides=sides,
        settings={"proposals": PROPOSALS, "workers": 2},
    )


def _seconds() -> float:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "run"
        words = ["search", "quickstart", "--proposals", str(PROPOSALS), "--workers", "2", "--out", str(folder)]
        started = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-m", "rlsearch", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as search:
            try:
                while not _has_trial(folder):
                    elapsed = time.perf_counter() - started
                    if search.poll() is not None or elapsed > START_TIMEOUT_S:
                        raise RunFailed(f"no trial within {elapsed:.0f} s of launching `rlsearch {' '.join(words)}`")
                    time.sleep(0.02)
                return time.perf_counter() - started
            finally:
                search.terminate()


def _has_trial(folder: Path) -> bool:
    try:
        with Journal(folder) as journal:
            return bool(journal.trials())
    except RunError:
        return False  # not created yet
