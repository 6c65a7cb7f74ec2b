"""A run: its options, its folder, and the state of its search before the first proposal."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from rlsearch.errors import RunError, SpaceError
from rlsearch.evolve.evolution import Evolution
from rlsearch.evolve.settings import Settings
from rlsearch.evolve.start_losses import start_genome
from rlsearch.evolve.strategies import STRATEGIES
from rlsearch.graph.genome import Genome, genome_of
from rlsearch.graph.text import parse
from rlsearch.provenance.stamp import stamp
from rlsearch.registry import packs, use_packs
from rlsearch.runs.compatibility import facets_of
from rlsearch.space.load import ENUMERATED_OPS, Space, parse_space
from rlsearch.space.writing import SPACE, resolved_yaml
from rlsearch.store.database import create_database
from rlsearch.store.journal import Journal
from rlsearch.store.packs import run_packs, write_packs
from rlsearch.store.removal import discard_unbegun


@dataclass(frozen=True)
class Options:
    """The options of a search besides its space; kept in the journal for resuming."""

    seed: int = 0
    strategy: str = "evolution"
    starts: tuple[str, ...] = ()  # texts of the losses to start from

    def __post_init__(self) -> None:
        if self.strategy not in STRATEGIES:
            raise SpaceError(f"unknown strategy '{self.strategy}'; allowed: {', '.join(STRATEGIES)}")
        if not 0 <= self.seed < 2**63:
            raise SpaceError(f"--seed is {self.seed}; allowed: a whole number from 0 to {2**63 - 1}")


def create_run(space: Space, options: Options, folder: Path) -> None:
    """Write the folder of a new run: the journal, and beside it, for people, the space as written and resolved, and the stamp.

    Raises:
        RunError: the folder is taken, or cannot be written.
    """
    made_with = stamp()
    discard_unbegun(folder)  # of a start that was killed
    create_database(
        folder,
        {
            "space": space.name,
            "yaml": space.text,
            "seed": options.seed,
            "strategy": options.strategy,
            "starts": list(options.starts),
            "resolved": space.resolved(),
            "written": space.written(),
            "ops": facets_of(space),
            "stamp": made_with,
            "search_seconds": 0.0,
            "finished": False,
        },
    )
    try:
        (folder / SPACE).write_text(space.text, encoding="utf-8")
        (folder / "resolved.yaml").write_text(resolved_yaml(space), encoding="utf-8")
        (folder / "stamp.json").write_text(json.dumps(made_with, indent=2), encoding="utf-8")
        write_packs(folder, packs())
    except BaseException as error:
        discard_unbegun(folder)
        if isinstance(error, OSError):
            raise RunError(f"'{folder}' cannot be written: {error.strerror}; choose another --out") from None
        raise


@contextmanager
def discarded_if_unbegun(folder: Path) -> Iterator[None]:
    """Remove a new run again if what is done with it inside fails, or is stopped, before anything is in its journal."""
    try:
        yield
    except BaseException:
        discard_unbegun(folder)
        raise


def new_folder(space: Space, seed: int, root: Path = Path("results/runs")) -> Path:
    """The folder for a run that was given none: SPACE-SEED, with a number if that is taken."""
    name = f"{space.name}-{seed}"
    folder, count = root / name, 1
    while folder.exists():
        count += 1
        folder = root / f"{name}.{count}"
    return folder


def read_run(journal: Journal) -> tuple[Space, Options]:
    """The space and the options that a run was started with; its op packs are in use from now on.

    Raises:
        RunError: a pack was changed since.
        OpError: another pack of that name is in use.
    """
    metadata = journal.metadata()
    use_packs(run_packs(journal.folder, metadata["stamp"]))
    options = Options(metadata["seed"], metadata["strategy"], tuple(metadata["starts"]))
    return parse_space(metadata["yaml"], metadata["space"], resolved=metadata["resolved"]), options


class OpenRun(NamedTuple):
    """A run whose journal is open."""

    journal: Journal
    space: Space
    options: Options


@contextmanager
def open_run(folder: Path, write: bool = False) -> Iterator[OpenRun]:
    """Open a run; a writer holds its lock until the end.

    Raises:
        RunError: there is none, it is damaged, or another process writes to it.
    """
    with Journal(folder, write) as journal:
        try:
            space, options = read_run(journal)
        except (KeyError, ValueError) as error:
            what = f"it has no '{error.args[0]}'" if isinstance(error, KeyError) else str(error)
            raise RunError(
                f"the run in '{folder}' is damaged, or of another version of rlsearch: {what}; choose another run"
            ) from None
        yield OpenRun(journal, space, options)


def evolution_of(space: Space, options: Options) -> Evolution:
    """The state of a search before its first proposal."""
    settings = Settings(
        **space.evolution.model_dump(),
        strategy=options.strategy,
        equivalence=space.model.equivalence,
        enumerate_ops=enumerated_ops(space, options),
    )
    rungs = space.rungs
    return Evolution(space.grammar, settings, options.seed, _starts(space, options), len(rungs), rungs[-1].seeds)


def enumerated_ops(space: Space, options: Options) -> int:
    """The greatest number of ops of expressions that are enumerated before evolution begins; 0 for none."""
    if options.strategy == "random":
        return 0
    return space.enumerate_ops or (ENUMERATED_OPS if options.strategy == "enumerate" else 0)


def check_starts(space: Space, options: Options) -> None:
    """Check that the losses to start from can be written in a space.

    Raises:
        LossError: one is no loss, or is not one here.
    """
    for genome in _starts(space, options):
        start_genome(space.grammar, genome.graph())


def _starts(space: Space, options: Options) -> tuple[Genome, ...]:
    return tuple(genome_of(parse(text)) for text in options.starts) or space.starts
