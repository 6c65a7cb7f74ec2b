"""A run: its options, its folder, and the state of its search before the first proposal."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from numbers import Integral
from pathlib import Path
from typing import NamedTuple

from rlsearch.equivalence.identity import IDENTITY
from rlsearch.equivalence.known_losses import known_keys
from rlsearch.errors import LossError, RunError, SpaceError, shown
from rlsearch.evolve.evolution import Evolution
from rlsearch.evolve.settings import Settings
from rlsearch.evolve.start_losses import start_genome
from rlsearch.evolve.strategies import STRATEGIES
from rlsearch.graph.genome import Genome, genome_of
from rlsearch.graph.text import parse
from rlsearch.provenance.stamp import stamp
from rlsearch.registry import packs, use_packs
from rlsearch.runs.compatibility import facets_of
from rlsearch.runs.confirm_request import ConfirmRequest
from rlsearch.simplify.canonical import canonical, structural_key
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
    origins: tuple[str, ...] = ()  # of each of these, where it is from: `RUN@KEY`, or "" where it was given itself
    confirm_seeds: int | None = None  # fresh seeds of the confirmation: None for the space's, 0 for no confirmation

    def __post_init__(self) -> None:
        if self.strategy not in STRATEGIES:
            raise SpaceError(f"unknown strategy '{self.strategy}'; allowed: {', '.join(STRATEGIES)}")
        if not isinstance(self.seed, Integral) or not 0 <= self.seed < 2**63:
            raise SpaceError(f"--seed is {shown(self.seed)}; allowed: a whole number from 0 to {2**63 - 1}")
        object.__setattr__(self, "seed", int(self.seed))  # a NumPy integer cannot be journaled


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
            "origins": list(options.origins),
            "confirm_seeds": options.confirm_seeds,
            "resolved": space.resolved(),
            "written": space.written(),
            "ops": facets_of(space),
            "identity": IDENTITY,
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
    origins = tuple(metadata.get("origins", ()))  # which journals of earlier versions do not have
    asked = metadata.get("confirm_seeds")
    options = Options(metadata["seed"], metadata["strategy"], tuple(metadata["starts"]), origins, asked)
    space = parse_space(metadata["yaml"], metadata["space"], resolved=metadata["resolved"])
    return replace(space, confirm_seeds=asked), options


class OpenRun(NamedTuple):
    """A run whose journal is open."""

    journal: Journal
    space: Space
    options: Options

    def confirming(self, request: ConfirmRequest) -> "OpenRun":
        """The run with another confirmation from now on; a session with it journals that."""
        seeds = request.seeds(self.options.confirm_seeds)
        space, options = replace(self.space, confirm_seeds=seeds), replace(self.options, confirm_seeds=seeds)
        return OpenRun(self.journal, space, options)


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
    rungs, starts = space.rungs, _starts(space, options)
    graphs = [*(parse(text) for text in space.baselines.values()), *(genome.graph() for genome in starts)]
    known = known_keys() | {structural_key(canonical(graph)) for graph in graphs}
    return Evolution(space.grammar, settings, options.seed, starts, len(rungs), rungs[-1].seeds, known)


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
    for place, genome in enumerate(_starts(space, options)):
        graph = genome.graph()
        origin = options.origins[place] if place < len(options.origins) else ""
        if graph.regime.name != space.regime:
            whose = f"'{origin}'" if origin else "a loss to start from"
            raise LossError(f"{whose} is of the regime '{graph.regime.name}'; the space searches those of '{space.regime}'")
        start_genome(space.grammar, graph)


def _starts(space: Space, options: Options) -> tuple[Genome, ...]:
    return tuple(genome_of(parse(text)) for text in options.starts) or space.starts
