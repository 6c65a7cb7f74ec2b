"""The loop: propose, screen, try, journal; then confirm. Budgets, resuming and the run's folder are here."""

import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rlsearch.confirm import confirm, hall_of_fame
from rlsearch.errors import RunError, RunFailed, SpaceError
from rlsearch.evolve.evolution import Evolution, Proposal, Settings
from rlsearch.executor import Workers
from rlsearch.graph.genome import genome_of, print_genome
from rlsearch.graph.text import parse, print_graph
from rlsearch.registry import packs, use_packs
from rlsearch.space.load import ENUMERATED_OPS, Space, parse_space
from rlsearch.store.journal import Journal, ProposalRow
from rlsearch.store.packs import run_packs, write_packs
from rlsearch.store.stamp import stamp
from rlsearch.trial import Climb, Outcome, RungPlan, TrialRow, climb, climbed_scores

STRATEGIES = ("evolution", "random", "enumerate")


@dataclass(frozen=True)
class Budget:
    """How long to search: minutes (confirmation included) or proposals, both counted from the run's beginning."""

    minutes: float | None = None
    proposals: int | None = None

    def __post_init__(self) -> None:
        for name, value in (("minutes", self.minutes), ("proposals", self.proposals)):
            if value is not None and not (math.isfinite(value) and value > 0):
                raise SpaceError(f"--{name} is {value:g}; allowed: a number above 0")
        if (self.minutes is None) == (self.proposals is None):
            raise SpaceError("a budget is either --minutes or --proposals; type one of them")


@dataclass
class Progress:
    """What a watcher is told, after every applied proposal and every confirmation trial."""

    phase: str = "search"
    proposals: int = 0
    fates: dict[str, int] = field(default_factory=dict)
    trials: int = 0
    steps: int = 0
    seconds: float = 0.0
    share: float = 0.0  # of the budget, 0 to 1
    best_text: str = ""
    best_score: float = 0.0
    best_rung: int = 0
    improved_at: int = 0


Watcher = Callable[[Progress], None]


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
            raise SpaceError(f"--seed is {self.seed}; allowed: a whole number from 0")


def create_run(space: Space, options: Options, folder: Path) -> None:
    """Write the folder of a new run."""
    Journal.create(
        folder,
        {
            "space": space.name,
            "yaml": space.text,
            "seed": options.seed,
            "strategy": options.strategy,
            "starts": list(options.starts),
            "resolved": space.resolved(),
            "stamp": stamp(),
            "search_seconds": 0.0,
            "finished": False,
        },
    )
    (folder / "space.yaml").write_text(space.text, encoding="utf-8")
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


def run_search(folder: Path, budget: Budget, workers: Workers, watch: Watcher) -> None:
    """Search, or go on searching, until the budget is spent; then confirm. The workers are started and warm.

    Raises:
        RunError: the folder holds no run, or its rows are not what this version would propose.
        RunFailed: TorchScript and tape disagree about a loss, or a trial killed its workers.
    """
    with Journal(folder, write=True) as journal:
        space, options = read_run(journal)
        loop = _Loop(journal, space, options, budget, workers, watch)
        journal.note(finished=False)
        loop.search()
        deadline = None if budget.minutes is None else loop.clock_start + 60 * budget.minutes - loop.seconds_before
        confirm(journal, space, options.seed, loop.candidates(), workers, deadline, loop.tell_confirmed)
        journal.note(finished=True, total_seconds=loop.seconds())


class _Loop:
    """One session's search loop over the deterministic state machine."""

    def __init__(
        self, journal: Journal, space: Space, options: Options, budget: Budget, workers: Workers, watch: Watcher
    ) -> None:
        self.journal, self.space, self.options, self.budget = journal, space, options, budget
        self.workers, self.watch = workers, watch
        self.evolution = evolution_of(space, options)
        self.stored, self.stored_trials = list(journal.proposals()), journal.trials()
        self.seconds_before = float(journal.facts()["search_seconds"])
        self.clock_start = time.monotonic()
        self.progress = Progress()
        self.pending: deque[Proposal] = deque()
        self._texts: dict[int, str] = {}

    def seconds(self) -> float:
        """Seconds of searching, in this session and before."""
        return self.seconds_before + time.monotonic() - self.clock_start

    def search(self) -> None:
        """Propose in index order; proposal i waits until i - in_flight is applied."""
        index, window = 0, self.space.model.evolution.in_flight
        while True:
            if len(self.pending) >= window:
                self._apply(self.pending.popleft())
            if index == len(self.stored):
                self.clock_start = time.monotonic()  # replaying what the journal holds costs the budget nothing
            if index >= len(self.stored) and self._spent(index):
                break
            proposal = self.evolution.propose(index)
            if proposal is None:
                break
            if proposal.form is not None:
                self._texts[index] = print_graph(proposal.form)
            if index >= len(self.stored):
                self._submit(proposal)
            self.pending.append(proposal)
            index += 1
        while self.pending:
            self._apply(self.pending.popleft())

    def _spent(self, index: int) -> bool:
        if self.budget.proposals is not None:
            self.progress.share = index / self.budget.proposals
            return index >= self.budget.proposals
        assert self.budget.minutes is not None
        allowed = 60 * self.budget.minutes * (1 - self.space.model.confirm.share)
        self.progress.share = self.seconds() / (60 * self.budget.minutes)
        return self.seconds() >= allowed

    def _submit(self, proposal: Proposal) -> None:
        rungs = self.space.model.rungs
        if proposal.fate == "trained":
            plans = []
            for number, rung in enumerate(rungs):
                bar = -math.inf if rung.passes is None else rung.passes
                if rung.keep_top is not None:
                    bar = self.evolution.standings.bar(number, rung.keep_top)
                plans.append(RungPlan(number, rung.envs, tuple(range(rung.seeds)), rung.steps, bar))
        elif proposal.extra_seed >= 0:
            plans = [RungPlan(len(rungs) - 1, rungs[-1].envs, (proposal.extra_seed,), rungs[-1].steps, -math.inf)]
        else:
            return
        text, check = self._texts[proposal.number], proposal.fate == "trained"
        request = Climb(text, tuple(plans), self.space.agent, self.space.model.score, self.options.seed, check)
        self.workers.submit(proposal.index, climb, request)

    def _apply(self, proposal: Proposal) -> None:
        row = _row(proposal)
        new = proposal.index >= len(self.stored)
        trials: Sequence[TrialRow] = ()
        if not new:
            stored = self.stored[proposal.index]
            if stored.fate == "disagree":
                raise _disagreement(stored)
            if stored != row:
                raise RunError(
                    f"the journal's proposal {proposal.index} is not what this version of rlsearch proposes; "
                    f"resume with the version that wrote it ({self.journal.facts()['stamp']['versions']['rlsearch']})"
                )
            trials = self.stored_trials.pop(proposal.index, ())
        elif proposal.fate == "trained" or proposal.extra_seed >= 0:
            outcome: Outcome = self.workers.result(proposal.index)
            if outcome.disagreement:
                row = row._replace(fate="disagree", reason=outcome.disagreement)
                self.journal.add(row, (), {})
                raise _disagreement(row)
            trials = outcome.rows
        self.evolution.apply(proposal, climbed_scores(trials, self.space.model.score))
        if new:
            self.journal.add(row, trials, {"search_seconds": self.seconds()})
        self._count(proposal, trials)

    def _count(self, proposal: Proposal, trials: Sequence[TrialRow]) -> None:
        progress, standings = self.progress, self.evolution.standings
        progress.proposals = proposal.index + 1
        progress.fates[proposal.fate] = progress.fates.get(proposal.fate, 0) + 1
        progress.trials += len(trials)
        progress.steps += sum(trial.steps for trial in trials)
        number = proposal.number
        if trials and number in standings:
            standing = standings[number]
            if (standing.rung, standing.mean) > (progress.best_rung, progress.best_score):
                progress.best_rung, progress.best_score = standing.rung, standing.mean
                progress.best_text, progress.improved_at = self._texts[number], proposal.index
        self.watch(replace(progress, fates=dict(progress.fates), seconds=self.seconds()))

    def candidates(self) -> dict[str, str]:
        """What is confirmed: the baselines by name, then the best classes by '#' and number."""
        best = hall_of_fame(self.evolution.standings, self.evolution.size, self.space.model.confirm.top)
        return self.space.baselines | {f"#{number}": self._texts[number] for number in best}

    def tell_confirmed(self, share: float) -> None:
        """Pass the confirmation's progress on."""
        self.watch(replace(self.progress, phase="confirm", share=share, seconds=self.seconds()))


def _disagreement(row: ProposalRow) -> RunFailed:
    what = f"about proposal {row.number}, {row.reason}"
    return RunFailed(f"TorchScript and tape disagree {what}; this is a bug of rlsearch. Loss:\n{row.genome}")


def _row(proposal: Proposal) -> ProposalRow:
    return ProposalRow(
        proposal.index,
        print_genome(proposal.genome),
        str(list(proposal.parents)),
        proposal.origin,
        proposal.fate,
        proposal.reason,
        proposal.key,
        proposal.number,
        proposal.size,
    )
