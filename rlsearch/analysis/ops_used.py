"""Ops that the losses of a run are made of: what a search has tried of its vocabulary, and what not."""

from collections import Counter
from dataclasses import dataclass

from rlsearch.graph.genome import parse_genome
from rlsearch.graph.graph import CONSTANT, INPUT
from rlsearch.space.load import Space
from rlsearch.store.journal import Journal

SAMPLE = 1000  # classes that are looked at; where there are more, evenly spread


@dataclass(frozen=True)
class OpsUsed:
    """How many trained classes use each op of the space in their first loss, the most used first; of so many looked at."""

    classes: dict[str, int]
    looked: int


def ops_used(journal: Journal, space: Space) -> OpsUsed:
    """Count the ops of the classes that a run has trained; dead lines of a genome do not count."""
    every = max(1, -(-journal.count_classes() // SAMPLE))
    counts, looked = Counter(dict.fromkeys(space.grammar.ops, 0)), 0
    trained = (row for row in journal.proposals() if row.status == "trained")
    for number, row in enumerate(trained):
        if number % every == 0:
            looked += 1
            counts.update({node.op for node in parse_genome(row.genome).graph().nodes} - {INPUT, CONSTANT})
    return OpsUsed({op: count for op, count in counts.most_common() if op in space.grammar.ops}, looked)
