"""What a search proposed and how it scored, recorded from a journal: `python -m tests.support.screening_rows RUN COUNT FILE`.

One JSON line for the search (space, seed, options), then one for each proposal: its row and its scores.
"""

import json
import lzma
import sys
from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from rlsearch.evaluation.scores import scores_by_rung
from rlsearch.runs.run import open_run


def record(folder: Path, count: int, file: Path) -> None:
    """Write the first proposals of a run, compressed."""
    with open_run(folder) as (journal, space, options):
        trials = journal.trials()
        search = {"space": space.name, "yaml": space.text, "resolved": space.resolved(), "options": asdict(options)}
        lines: list[Any] = [search]
        for row in islice(journal.proposals(), count):
            scores = [list(seeds.items()) for seeds in scores_by_rung(trials.get(row.index, ()), space.score)]
            lines.append([*asdict(row).values(), scores])
    text = "".join(f"{json.dumps(line, ensure_ascii=False, separators=(',', ':'))}\n" for line in lines)
    file.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def recorded(file: Path) -> tuple[dict[str, Any], Sequence[list[Any]]]:
    """The search, and its lines."""
    search, *lines = map(json.loads, lzma.decompress(file.read_bytes()).decode().splitlines())
    return search, lines


if __name__ == "__main__":
    record(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
