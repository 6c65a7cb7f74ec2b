"""The time that `rlsearch --help` takes, and a check that it loads nothing heavy."""

import subprocess
import sys
import time
from functools import partial

from rlsearch.bench.figure import Figure, interleaved
from rlsearch.errors import RunFailed

HEAVY = ("torch", "numba", "sympy")
MAIN = "from rlsearch.cli import main; main()"


def help_time(program: str = MAIN, repetitions: int = 5) -> Figure:
    """The seconds from launching `rlsearch --help` to its end.

    Args:
        program: Python of one line, run with the argument `--help`.
        repetitions: launches, after a first one that fills the system's file cache and reports what was imported.
    """
    report = f"import sys\ntry: {program}\nfinally: sys.stderr.write('\\n' + ' '.join(set({HEAVY}) & set(sys.modules)))"
    imported = sorted(_launch(report).stderr.splitlines()[-1].split())
    sides = interleaved(
        {"rlsearch --help": partial(_seconds, program), "python": partial(_seconds, "pass")}, "seconds", repetitions
    )
    return Figure(
        name="help_time",
        value=sides["rlsearch --help"].minimum,
        unit="seconds",
        better="less",
        meaning="'rlsearch --help', minimum; 'python' is an interpreter that does nothing",
        sides=sides,
        settings={"imported": imported, "must_not_be_imported": list(HEAVY)},
    )


def _seconds(program: str) -> float:
    started = time.perf_counter()
    _launch(program)
    return time.perf_counter() - started


def _launch(program: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([sys.executable, "-c", program, "--help"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = done.stderr.strip().rpartition("\n")[2]
        raise RunFailed(f"{program!r} with --help ended with exit code {done.returncode}: {last}")
    return done
