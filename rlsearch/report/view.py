"""What a report shows, as plain data: filled from a run's database, read by the page.

Scores are normalised: 0 is a random policy, 1 the best policy known.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """A mean over seeds with its 95 % interval."""

    mean: float
    low: float
    high: float
    seeds: int


@dataclass(frozen=True, kw_only=True)
class RunView:
    """What was run, and what it took.

    Attributes:
        proposals: losses drawn, rejected and duplicate ones included.
        classes: different losses among them.
        trials: losses trained, each extra seed of a class counted.
        steps: environment steps trained in all.
        seconds: wall-clock of the search, without confirmation.
        rungs: of the ladder.
        next_command: what to type to go on.
    """

    name: str
    space: str
    seed: int
    strategy: str
    proposals: int
    classes: int
    trials: int
    steps: int
    seconds: float
    workers: int
    rungs: int
    next_command: str


@dataclass(frozen=True, kw_only=True)
class ClassView:
    """One class of losses.

    Attributes:
        hash: the name of its first member.
        text: text form of that member.
        size: ops of its smallest member.
        members: how often the search proposed one of the class.
        selected: score by which the search chose it.
        shrunken: the same, as far as the search believed it.
        confirmed: score on seeds that the search never used; None before confirmation.
        relation: what it is in known terms (`same direction as dqn`), or empty.
        meaning: its gradient in words, or empty.
        rung: highest rung it reached, from 1.
        on_front: whether no class is at least as small and at least as good, and in one of them better.
    """

    hash: str
    text: str
    size: int
    members: int
    selected: Estimate
    shrunken: float
    confirmed: Estimate | None
    relation: str
    meaning: str
    rung: int
    on_front: bool


@dataclass(frozen=True)
class Baseline:
    """A known loss, or a control such as random search, of which nothing is known but a score.

    Attributes:
        name: as a user types it.
        text: text form, or empty.
        size: ops; 0 without a text.
        selected: its score with the seeds of the search, which did not choose it; None if it was not trained.
        rung: of that score, from 1.
        score: its score with those of the confirmation.
    """

    name: str
    text: str
    size: int
    selected: Estimate | None
    rung: int
    score: Estimate | None


@dataclass(frozen=True)
class LossInEnvironment:
    """One loss in one environment: its score and its learning curve, the mean over seeds in each share of training."""

    name: str
    score: Estimate
    curve: tuple[float, ...]


@dataclass(frozen=True)
class EnvironmentView:
    """Confirmation in one environment, the pick first and then the baselines.

    Attributes:
        unseen: whether the search did not train in it.
        steps: environment steps of a training.
    """

    name: str
    unseen: bool
    steps: int
    losses: tuple[LossInEnvironment, ...]


@dataclass(frozen=True)
class Fate:
    """What became of so many proposals: `trained`, `duplicate`, `equivalent`, `rejected: constant gradient`."""

    name: str
    count: int


@dataclass(frozen=True, kw_only=True)
class ReportView:
    """A whole report.

    Attributes:
        pick: the loss that the search hands over; None before anything was trained.
        rule: how it was picked, in words.
        caveats: what must be known besides, a sentence or two each.
        top: the best classes, best first.
        front: the Pareto front of score and size, small to large.
        environments: confirmation in each environment; empty before it.
        diverged: trials of the search that diverged, by what first left the finite numbers.
        progress: (proposal index, best selected score so far), one for each improvement.
        space_yaml: the search space as it was resolved.
        stamp: versions, commit, CPU, command line, as (what, value).
    """

    run: RunView
    pick: ClassView | None
    rule: str
    caveats: tuple[str, ...]
    top: tuple[ClassView, ...]
    front: tuple[ClassView, ...]
    baselines: tuple[Baseline, ...]
    environments: tuple[EnvironmentView, ...]
    fates: tuple[Fate, ...]
    diverged: tuple[Fate, ...] = ()
    progress: tuple[tuple[int, float], ...]
    space_yaml: str
    stamp: tuple[tuple[str, str], ...]
