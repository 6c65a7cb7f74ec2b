"""Lineage of a loss in a run: the proposal that brought it, and those that it was bred from."""

import json
from dataclasses import dataclass

from rlsearch.graph.genome import parse_genome
from rlsearch.graph.text import print_graph
from rlsearch.simplify.canonical import canonical
from rlsearch.simplify.tidy import tidy
from rlsearch.store.journal import Journal, ProposalRow


@dataclass(frozen=True)
class Ancestor:
    """A proposal on the way to a loss.

    Attributes:
        proposal: its index.
        origin: the mutation that made it, or `random`, `start`, `enumerate`, `extend`.
        parents: indices of the proposals it was bred from; the first one is the next ancestor.
        key: hash of its canonical form.
        loss: its text, without dead lines.
    """

    proposal: int
    origin: str
    parents: tuple[int, ...]
    key: str
    loss: str


def lineage(journal: Journal, key: str) -> tuple[Ancestor, ...]:
    """The first proposal of a loss by its key, its first parent, and so on to one bred from none; () if nothing has the key."""
    row = next((row for row in journal.proposals() if row.key == key), None)
    found: list[Ancestor] = []
    while row is not None:
        found.append(_ancestor(row))
        row = journal.proposal(found[-1].parents[0]) if found[-1].parents else None
    return tuple(found)


def _ancestor(row: ProposalRow) -> Ancestor:
    loss = print_graph(tidy(canonical(parse_genome(row.genome).graph())))
    return Ancestor(row.index, row.origin, tuple(json.loads(row.parents)), row.key, loss)
