"""A long search: memory, database and the driver's work stay what they were at its beginning."""

import os
import time
from pathlib import Path
from typing import NamedTuple

import pytest

import rlsearch
from rlsearch.store.journal import FILE

PROPOSALS = int(os.environ.get("SOAK_PROPOSALS", "100000"))
TENTH = PROPOSALS // 10
MB = 1e6
SPACE = Path(__file__).with_name("soak.yaml")


class Sample(NamedTuple):
    """The driver after so many proposals: seconds of its processor, bytes of its memory, seconds of search."""

    proposals: int
    cpu: float
    memory: int
    seconds: float


def resident() -> int:
    """Bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.soak
def test_a_search_of_100000_proposals(tmp_path):
    samples: list[Sample] = []

    def watch(progress):
        if progress.phase == "search" and progress.proposals % TENTH in (0, 1):
            samples.append(Sample(progress.proposals, time.process_time(), resident(), progress.seconds))
            print(*samples[-1], flush=True)

    rlsearch.search(str(SPACE), proposals=PROPOSALS, out=tmp_path / "run", watch=watch)
    at = {sample.proposals: sample for sample in samples}
    tenths = [(at[place - TENTH + 1], at[place]) for place in range(TENTH, PROPOSALS + 1, TENTH)]
    each = [1e3 * (end.cpu - begin.cpu) / (TENTH - 1) for begin, end in tenths]
    growth = (samples[-1].memory - at[TENTH].memory) / MB
    database = sum(
        (tmp_path / "run" / name).stat().st_size for name in (FILE, f"{FILE}-wal") if (tmp_path / "run" / name).exists()
    )
    print(f"driver, ms of processor per proposal by tenths: {', '.join(f'{ms:.2f}' for ms in each)}")
    print(f"memory {samples[0].memory / MB:.0f} MB at first, {growth:+.0f} MB from the first tenth to the end")
    print(f"database {database / MB:.0f} MB")
    print(f"{samples[-1].seconds / 60:.1f} minutes of search, {PROPOSALS / samples[-1].seconds:.1f} proposals a second")
    assert growth < 200
    assert database / MB < 300 * PROPOSALS / 100_000
    assert each[-1] <= 1.1 * each[0]
