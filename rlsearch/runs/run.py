"""A run: what was asked of a search, its folder, and the state of its search before the first proposal."""

import json
from dataclasses import dataclass
from pathlib import Path

from rlsearch.errors import RunError, SpaceError
from rlsearch.evolve.evolution import Evolution
from rlsearch.evolve.settings import Settings
from rlsearch.evolve.strategies import STRATEGIES
from rlsearch.graph.genome import genome_of
from rlsearch.graph.text import parse
from rlsearch.provenance.stamp import stamp
from rlsearch.registry import packs, use_packs
from rlsearch.runs.compatibility import facets_of
from rlsearch.space.load import ENUMERATED_OPS, Space, parse_space
from rlsearch.space.writing import SPACE, resolved_yaml
from rlsearch.store.journal import Journal
from rlsearch.store.packs import run_packs, write_packs


@dataclass(frozen=True)
class Options:
    """What was asked of a search besides its space; kept in the journal for resuming."""

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
    Journal.create(
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
    except OSError as error:
        raise RunError(f"'{folder}' cannot be written: {error.strerror}; choose another --out") from None
    write_packs(folder, packs())


def new_folder(space: Space, seed: int, root: Path = Path("results/runs")) -> Path:
    """Where a run goes that was given no folder: SPACE-SEED, with a number if that is taken."""
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
    facts = journal.facts()
    use_packs(run_packs(journal.folder, facts["stamp"]))
    options = Options(facts["seed"], facts["strategy"], tuple(facts["starts"]))
    return parse_space(facts["yaml"], facts["space"], resolved=facts["resolved"]), options


def evolution_of(space: Space, options: Options) -> Evolution:
    """The state of a search before its first proposal."""
    starts = tuple(genome_of(parse(text)) for text in options.starts) or space.starts
    ops = space.enumerate_ops or (ENUMERATED_OPS if options.strategy == "enumerate" else 0)
    settings = Settings(
        **space.model.evolution.model_dump(),
        strategy=options.strategy,
        equivalence=space.model.equivalence,
        enumerate_ops=ops if options.strategy != "random" else 0,
    )
    rungs = space.model.rungs
    return Evolution(space.grammar, settings, options.seed, starts, len(rungs), rungs[-1].seeds)
