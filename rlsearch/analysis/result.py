"""The records of what a run found: classes and known losses with their scores, and the ranking that holds them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rlsearch.analysis.confirmation_words import rule, shortfall, unconfirmed_rule
from rlsearch.analysis.selection import ConfirmedScore
from rlsearch.analysis.summary import ranking_summary
from rlsearch.equivalence.implied_target import implied
from rlsearch.equivalence.known_losses import relation
from rlsearch.evaluation.confirmation_state import ConfirmationState
from rlsearch.evaluation.statistics import Interval
from rlsearch.evaluation.table import Table, Tabled
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import print_graph

FLOOR_MARGIN = 2.5  # times the floor: what learns nothing in one environment of several may still get as much


@dataclass(frozen=True)
class SelectedScore:
    """The score of a loss on the search's own seeds, which chose it: too good for a class, fair for a known loss.

    Attributes:
        rung: highest rung it reached, from 0.
        score: mean over its seeds there, environments joined; clipped to [0, 1] seed by seed.
    """

    rung: int
    score: Interval


@dataclass(frozen=True, repr=False)
class ClassResult:
    """The result of a gradient class.

    Attributes:
        index: of its first proposal.
        key: structural key of that proposal; `RUN@key` names it.
        graph: its canonical form, tidied for reading.
        size: ops of its smallest member.
        members: proposals of the search that were of this class.
        selected: its score in the search.
        shrunken: the same, as far as selection believed it; see `rlsearch.evolve.class_scores`.
        confirmed: None if it was not confirmed.
        is_pick: whether it is the run's answer.
        on_front: whether no class is at least as small and at least as good, and in one of them better.
    """

    index: int
    key: str
    graph: Graph
    size: int
    members: int
    selected: SelectedScore
    shrunken: float
    confirmed: ConfirmedScore | None
    is_pick: bool
    on_front: bool

    def __repr__(self) -> str:
        """A line for notebooks and prompts, without every curve of every trial."""
        score = f", confirmed={self.confirmed.score.mean:.3f}" if self.confirmed else ""
        mark = ", pick" if self.is_pick else ""
        return f"<{self.key[:8]}: size={self.size}, selected={self.selected.score.mean:.3f}{score}{mark}, {self.text!r}>"

    @property
    def text(self) -> str:
        """Text form."""
        return print_graph(self.graph)

    @property
    def front_score(self) -> float:
        """The score that the front compares: confirmed, or shrunken as long as nothing is confirmed."""
        return self.confirmed.score.mean if self.confirmed else self.shrunken

    @cached_property
    def relation(self) -> str:
        """Known losses that train alike (`same direction as dqn`), or ""."""
        return relation(self.graph)

    @cached_property
    def meaning(self) -> str:
        """Its implied target in words, or ""."""
        target = implied(self.graph)
        return target.words if target else ""


@dataclass(frozen=True)
class Baseline:
    """A known loss beside the search; None where it was not trained.

    Attributes:
        text: its text form; "" of a control without a formula, such as random search.
        size: ops, counted as a class's; 0 without a text.
        selected: its score with the seeds of the search, which did not choose it.
        confirmed: its score with those of the confirmation.
    """

    text: str
    size: int
    selected: SelectedScore | None
    confirmed: ConfirmedScore | None


@dataclass(frozen=True, repr=False)
class Ranking(Tabled):
    """The classes of a run in their order, and the known losses beside them; notebooks and terminals show it as a table.

    Attributes:
        top: from best to worst, confirmed classes first.
        front: the Pareto front of score and size, small to large, of confirmed scores as soon as there are any; before,
            of shrunken selected scores among the classes of the highest rung reached.
        baselines: known losses by name.
        classes: how many were trained.
        floor: what an environment counts at least in a joined score; 0 where that is a plain mean.
        finished: whether the run has come to its end.
        confirmation: how many fresh seeds were planned, and how many every loss has met.
        complexity: what ops count in sizes; those that are not here count 1.
        notes: on how the run checked its classes, each a sentence.
    """

    top: tuple[ClassResult, ...]
    front: tuple[ClassResult, ...]
    baselines: Mapping[str, Baseline]
    classes: int
    floor: float
    finished: bool
    confirmation: ConfirmationState
    complexity: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """A line or two: every class has a line of its own, `top`."""
        seeds = f"{self.confirmation.met} of {self.confirmation.planned} fresh seeds"
        return f"<Ranking: {self.classes:,} classes, {len(self.front)} on the front, {seeds}, pick {self.pick!r}>"

    def table(self) -> Table:
        """The best classes and the known losses, as a small table."""
        return ranking_summary(self)

    @property
    def pick(self) -> ClassResult | None:
        """The run's answer: the class that it picks."""
        return next((result for result in self.top if result.is_pick), None)

    @property
    def rule(self) -> str:
        """The rule by which the pick was chosen, in words."""
        return rule(self.confirmation) if self.pick and self.pick.confirmed else unconfirmed_rule(self.finished)

    @property
    def caveats(self) -> tuple[str, ...]:
        """Warnings about the confirmation and the pick, each a sentence or two."""
        short = shortfall(self.confirmation, self.finished)
        found = [short] if short else []
        if self.pick is None or self.pick.confirmed is None:
            return tuple(found)
        reached = max(entry.confirmed.score.mean for entry in self.top if entry.confirmed)
        if self.floor and reached < FLOOR_MARGIN * self.floor:
            found.append(
                f"No loss has learnt anything: the best confirmed score is {reached:.3f}, and a loss that learns nothing gets "
                f"{self.floor:g}. A longer search may find one that does."
            )
        known = {name: entry.confirmed.score.mean for name, entry in self.baselines.items() if entry.confirmed}
        best = max(known, key=lambda name: known[name], default=None)
        if best is not None and self.pick.confirmed.score.mean <= known[best]:
            found.append(
                f"No better than what is known: {best} scores {known[best]:.3f} on the same seeds. "
                "A longer search may find more."
            )
        return tuple(found)
