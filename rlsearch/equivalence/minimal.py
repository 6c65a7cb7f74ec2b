"""The effective formula: the smallest loss found that has the same gradient as a given one.

Evolved losses carry parts that train nothing: `0.5 * d**2 + log(abs(y)) - discount * q_next` is `0.5 * d**2`. Parts are
deleted one at a time, largest first, and a deletion stays if the gradient fingerprint does not change; a known loss with
that gradient wins if it is smaller still. There is no open-ended algebra: what comes out was compared, not derived.
"""

from collections.abc import Iterator

from rlsearch.equivalence.fingerprint import Fingerprint, alike, fingerprint, same
from rlsearch.equivalence.known_losses import relations
from rlsearch.errors import LossError
from rlsearch.graph.graph import Graph
from rlsearch.graph.subgraph import rewritten
from rlsearch.graph.text import parse
from rlsearch.op import Type
from rlsearch.registry import known_losses
from rlsearch.simplify.canonical import canonical

LITERALS = (0.0, 1.0)  # what a part may be replaced by, besides what it reads
DEPTH = 3  # how many ops may go at once: log(exp(x)) is x, but neither log(x) nor exp(x) is


def effective(graph: Graph) -> Graph:
    """The smallest loss found with the gradient of this one, in canonical form; the loss itself if it trains nothing."""
    best = canonical(graph)
    wanted = fingerprint(best, "gradient")
    if wanted.flaw:
        return best
    while (smaller := next(_smaller(best, wanted), None)) is not None:
        best = smaller
    known = [canonical(parse(known_losses()[name])) for name in relations(graph)["gradient"]]
    return min([best, *known], key=lambda form: form.size)


def _smaller(form: Graph, wanted: Fingerprint) -> Iterator[Graph]:
    """Smaller forms of the same gradient, the largest deletions first."""
    for index in reversed(range(len(form.nodes))):
        for other in _replacements(form, index):
            try:
                tried = canonical(rewritten(form, form.root, {index: other}))
            except LossError:
                continue
            if len(tried.nodes) < len(form.nodes) and tried.types[tried.root] == Type.REAL and tried.carries[tried.root]:
                print_ = fingerprint(tried, "gradient")
                if not print_.flaw and same(print_, wanted) and alike(tried, form):
                    yield tried


def _replacements(form: Graph, index: int) -> Iterator[int | float]:
    """The candidates to replace a node: literals, then what it reads, directly or through a few ops."""
    if form.types[index] != Type.REAL or not form.nodes[index].args:
        return
    yield from LITERALS
    level = {index}
    for _ in range(DEPTH):
        level = {arg for place in level for arg in form.nodes[place].args}
        yield from sorted(level)
