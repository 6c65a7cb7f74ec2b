"""The report of a run as plain data: its result, its confirmation by environment, and the course of its search.

Scores are normalised: 0 is a random policy, 1 the best policy known.
"""

from dataclasses import dataclass

from rlsearch.analysis.run_result import RunResult
from rlsearch.evaluation.statistics import Interval


@dataclass(frozen=True)
class LossInEnvironment:
    """One loss in one environment: its score and its learning curve, the mean over seeds in each share of training."""

    name: str
    score: Interval
    curve: tuple[float, ...]


@dataclass(frozen=True)
class EnvironmentReport:
    """The confirmation in one environment, the pick first and then the baselines.

    Attributes:
        unseen: whether the search did not train in it.
        steps: environment steps of a training.
    """

    name: str
    unseen: bool
    steps: int
    losses: tuple[LossInEnvironment, ...]


@dataclass(frozen=True, kw_only=True)
class RunReport:
    """The report of a run, as plain data.

    Attributes:
        result: classes, known losses and proposals.
        environments: confirmation in each environment; empty before it.
        progress: (proposal index, best selected score so far), one for each improvement.
        trials: losses trained, each extra seed of a class counted.
        steps: environment steps trained in all.
        workers: of the last session.
        next_command: what to type to go on.
        space_yaml: the search space as it was resolved.
        stamp: versions, commit, CPU, command line, as (what, value).
    """

    result: RunResult
    environments: tuple[EnvironmentReport, ...]
    progress: tuple[tuple[int, float], ...]
    trials: int
    steps: int
    workers: int
    next_command: str
    space_yaml: str
    stamp: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """The run's name."""
        return self.result.folder.name
