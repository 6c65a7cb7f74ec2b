"""A proposal of a search: a genome, where it comes from, and what screening made of it."""

from dataclasses import dataclass
from typing import NamedTuple

from rlsearch.graph.genome import Genome
from rlsearch.graph.graph import Graph


@dataclass(frozen=True)
class Proposal:
    """One proposal, screened.

    Attributes:
        index: its place in the search.
        genome: what was proposed.
        parents: indices of the proposals it was bred from.
        origin: the mutation, or `random`, `start`, `enumerate`, `extend`; `split` for a form that left its class.
        status: `trained` (a new class), `duplicate` (same canonical form as an earlier one), `equivalent` (same gradient
            class), or `rejected`.
        reason: why it was rejected.
        key: structural key of its canonical form.
        class_index: its class: the index of the class's first proposal; -1 if rejected. Of a `split` that is its parent.
        size: ops of its live lines or of its canonical form, whichever is fewer.
        form: the canonical form, for a new class.
        extra_seed: index of the further seed that its class is trained with; -1 for none.
        population: what became of the population since the proposal before was made: `+7` for a member that entered, `-3`
            for one that left, `restart`.
    """

    index: int
    genome: Genome
    parents: tuple[int, ...]
    origin: str
    status: str
    reason: str
    key: str
    class_index: int
    size: int
    form: Graph | None
    extra_seed: int
    population: str


class Draft(NamedTuple):
    """A genome that is not screened yet, with the parents and the origin that its proposal will have."""

    genome: Genome
    parents: tuple[int, ...]
    origin: str
