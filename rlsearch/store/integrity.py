"""The check of a run's integrity: the database itself, its rows among each other, the files beside it.

What is looked at is one moment of the run, also while another process goes on with it.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from rlsearch.errors import LossError, OpError, RunError, SpaceError
from rlsearch.evaluation.trial import Phase
from rlsearch.graph.genome import parse_genome
from rlsearch.registry import use_packs
from rlsearch.simplify.canonical import canonical, structural_key
from rlsearch.space.load import parse_space
from rlsearch.space.writing import SPACE
from rlsearch.store.journal import Journal, ProposalRow
from rlsearch.store.packs import run_packs

SAMPLE = 1000  # genomes that are looked at; where there are more, evenly spread
LISTED = 3  # of the same kind, that a message repeats
TRIED = ("trained", "duplicate", "equivalent")  # statuses of what may have trials
RESTORE = "restore the run from a copy, or begin it anew"


@dataclass(frozen=True)
class Findings:
    """Problems, a line each with the remedy, and the number of proposals and of genomes that were looked at."""

    problems: tuple[str, ...]
    proposals: int = 0
    genomes: int = 0


def examine(journal: Journal) -> Findings:
    """Check everything that can be checked without training; the run's op packs are in use from now on."""
    problems: list[str] = []
    try:
        with journal.snapshot():
            damages = list(dict.fromkeys(line for damage in journal.problems() for line in damage.splitlines()))
            problems += [f"'{journal.path}' is damaged: {_list_some(damages)}; {RESTORE}"] if damages else []
            writer, beside = _examine_metadata(journal)
            problems += beside
            return _examine_rows(journal, problems, writer)
    except (RunError, ValueError, TypeError, AttributeError) as error:  # a row that holds what was never written there
        said = str(error) if isinstance(error, RunError) else f"'{journal.path}' is damaged: {error}; {RESTORE}"
        return Findings(tuple(dict.fromkeys([*problems, said])))


def _examine_metadata(journal: Journal) -> tuple[str, list[str]]:
    """The version that wrote the run, or "" if it or the op packs are unknown; and problems of all but the rows."""
    try:
        metadata = journal.metadata()
        use_packs(run_packs(journal.folder, metadata["stamp"]))
        writer = metadata["stamp"]["versions"]["rlsearch"]
        return writer, [*_find_space_problems(metadata, writer), *_find_copy_problems(journal)]
    except (RunError, OpError) as error:
        return "", [str(error)]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"it has no '{error.args[0]}'" if isinstance(error, KeyError) else str(error)
        return "", [f"the metadata of '{journal.path}' cannot be read: {what}; {RESTORE}"]


def _find_space_problems(metadata: Mapping[str, Any], writer: str) -> Iterator[str]:
    """Problems that keep the space from being read."""
    try:
        parse_space(metadata["yaml"], metadata["space"], resolved=metadata["resolved"])
    except SpaceError as error:
        for line in str(error).splitlines():
            yield f"the journal's space: {line}; it was written by rlsearch {writer}, read it with that version"


def _find_copy_problems(journal: Journal) -> Iterator[str]:
    """Problems of the space beside the journal; whether it is the run's, `rlsearch.runs.compatibility` tells."""
    path = journal.folder / SPACE
    try:
        path.read_text(encoding="utf-8")
    except FileNotFoundError:
        yield f"there is no '{path}'; the run goes on by the journal's own, put the file back for those who read it"
    except (OSError, UnicodeDecodeError) as error:
        yield f"'{path}' cannot be read: {error}; put back what it was"


def _examine_rows(journal: Journal, problems: Sequence[str], writer: str) -> Findings:
    """The findings in proposals and trials, after the problems found before; genomes only if the writer is known."""
    count = journal.count()
    every = max(1, -(-count // SAMPLE))
    statuses: dict[int, str] = {}
    splits, founded, trained = journal.splits(Phase.RUNG), set[int](), set[int]()  # the classes so far
    misfits: list[int] = []
    flaws: list[str] = []
    looked = 0
    for row in journal.proposals():
        if writer and len(statuses) % every == 0:
            looked += 1
            flaws += _flaws(row)
        statuses[row.index] = row.status
        if not _fits(row, founded):
            misfits.append(row.index)
        if row.status == "trained":
            own = row.class_index if row.origin == "split" else row.index
            founded.add(own)
            trained.add(own)
        founded |= {split.new_class for split in splits.get(row.index, ())}
    classes = {f"#{number}" for number in trained}
    missing = [number for number in range(count) if number not in statuses]
    strays = [number for number in journal.trials() if statuses.get(number) not in TRIED]
    unknown = [loss for loss in journal.confirmations() if loss.startswith("#") and loss not in classes]
    found = {
        f"proposals are not numbered 0 to {count - 1}: there is no {_list_some(missing)}": missing,
        f"trials belong to proposals that are not there or were never trained: {_list_some(strays)}": strays,
        f"class numbers are no trained proposal's: those of proposals {_list_some(misfits)}": misfits,
        f"classes were confirmed that were never trained: {_list_some(unknown)}": unknown,
    }
    lines = [f"'{journal.path}': {line}; {RESTORE}" for line, those in found.items() if those]
    if flaws:
        lines.append(
            f"'{journal.path}': {len(flaws):,} of {looked:,} genomes looked at are not what this version of rlsearch reads: "
            f"{_list_some(flaws)}; written by rlsearch {writer}: use that version, or {RESTORE}"
        )
    return Findings((*problems, *lines), count, looked)


def _fits(row: ProposalRow, founded: Set[int]) -> bool:
    """True if a proposal's class is its own, one that was founded before, or none, as its status wants."""
    if row.status in ("duplicate", "equivalent") or row.origin == "split":
        return row.class_index != row.index and row.class_index in founded
    return row.class_index == row.index or (row.class_index == -1 and row.status != "trained")


def _flaws(row: ProposalRow) -> Iterator[str]:
    try:
        key = structural_key(canonical(parse_genome(row.genome).graph()))
    except LossError as error:
        yield f"proposal {row.index} ({error})"
    else:
        if key != row.key:
            yield f"proposal {row.index} (its key is {key[:8]}, stored is {row.key[:8]})"


def _list_some(found: Sequence[object]) -> str:
    """The beginning of a list in words: `3, 5, 8 and 1,204 more`."""
    more = f" and {len(found) - LISTED:,} more" if len(found) > LISTED else ""
    return ", ".join(map(str, found[:LISTED])) + more
