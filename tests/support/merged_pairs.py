"""Pairs of losses that real searches took for one: what was proposed, and the first of its class, or of its canonical form.

The search is the product's own: evolution with its screening. Only scores are made up, as nothing is trained: a class scores by
how far its gradient points the way of DQN's on recorded batches, so that a search climbs as one that trains does.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rlsearch.evolve.evolution import Evolution, Proposal
from rlsearch.evolve.grammar import Grammar
from rlsearch.graph.genome import parse_lines
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse
from rlsearch.registry import known_inputs, known_losses, operations, shipped_spaces
from rlsearch.space.load import parse_space
from tests.support.agreement import gradient_on
from tests.support.evolutions import SETTINGS
from tests.support.recorded_batches import recorded_batches

GIVEN = parse_lines("v = q(online, s)\nq_sa = v[a]\nv_next = q(target, s_next)\nq_next = max(v_next)")
OPS = tuple(name for name, op in operations().items() if not op.external)
EVERYTHING = Grammar(tuple(known_inputs()), GIVEN, True, 8, (*OPS, "q"), (0.1, 0.5, 1.0, 2.0, 10.0, -1.0, 0.0))


class Merged(NamedTuple):
    """Two losses of one class: a later one is `equivalent` to the founder of the class, or a `duplicate` of an earlier one."""

    first: Graph
    later: Graph
    status: str
    size: int


def grammars() -> dict[str, Grammar]:
    """The languages that are searched: those of the shipped spaces, and all that there is."""
    shipped = {name: parse_space(entry.read_text(encoding="utf-8"), name).grammar for name, entry in shipped_spaces().items()}
    return {**shipped, "everything": EVERYTHING}


def merged_pairs(grammar: Grammar, equivalence: str, proposals: int, enumerate_ops: int = 0) -> list[Merged]:
    """What one search of so many proposals merged, each pair once, sorted by its first loss."""
    settings = replace(
        SETTINGS,
        population=100,
        tournament=10,
        in_flight=64,
        extend=0.3,
        equivalence=equivalence,
        enumerate_ops=enumerate_ops,
    )
    machine = Evolution(grammar, settings, 0, (), rungs=1, seeds=1)
    founders: dict[int, Graph] = {}  # by class
    forms: dict[str, tuple[int, Graph]] = {}  # the first of each canonical form, and its number
    found: dict[tuple[int, Graph], Merged] = {}
    for proposal in _proposals(machine, proposals):
        graph = proposal.genome.graph()
        founder = founders.setdefault(proposal.class_index, graph)
        number, first = forms.setdefault(proposal.key, (proposal.index, graph))
        if proposal.status == "equivalent":
            number, first = proposal.class_index, founder
        if proposal.status in ("equivalent", "duplicate") and graph != first:
            found.setdefault((number, graph), Merged(first, graph, proposal.status, proposal.size))
    return [found[key] for key in sorted(found, key=lambda key: key[0])]


def _proposals(machine: Evolution, count: int) -> Iterator[Proposal]:
    """Proposals of a search, each bred when everything up to i - in_flight is applied."""
    pending: deque[Proposal] = deque()
    for index in range(count):
        if len(pending) >= machine.settings.in_flight:
            done = pending.popleft()
            machine.apply(done, [{0: _score(done.form)}] if done.form is not None else [])
        proposal = machine.propose(index)
        assert proposal is not None
        pending.append(proposal)
        yield proposal


def _score(form: Graph) -> float:
    """From 0 to 1: the mean cosine between the gradients of a loss and of DQN on the recorded batches."""
    wanted = gradient_on(parse(known_losses()["dqn"]), recorded_batches())
    cosines = [_cosines(*parts) for parts in zip(gradient_on(form, recorded_batches()), wanted, strict=True)]
    return float(0.5 + 0.5 * np.concatenate(cosines).mean())


def _cosines(mine: NDArray[np.float64], theirs: NDArray[np.float64]) -> NDArray[np.float64]:
    """The cosine of two gradients in each batch, 0 where one is 0 or not finite."""
    with np.errstate(all="ignore"):
        mine, theirs = (part / np.abs(part).max((0, 1, 3), keepdims=True) for part in (mine, theirs))
        found = (mine * theirs).sum((0, 1, 3)) / np.sqrt((mine**2).sum((0, 1, 3)) * (theirs**2).sum((0, 1, 3)))
    return np.nan_to_num(found, nan=0.0)
