"""What a loss is in known terms: the shipped losses that train alike."""

from collections.abc import Mapping
from functools import cache

from rlsearch.evolve.fingerprint import Fingerprint, fingerprint, same
from rlsearch.graph.canonical import canonical
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse
from rlsearch.registry import known_losses

KINDS = ("gradient", "direction")


@cache
def _known(kind: str) -> Mapping[str, Fingerprint]:
    return {name: fingerprint(canonical(parse(text)), kind) for name, text in known_losses().items()}


def relations(graph: Graph) -> dict[str, list[str]]:
    """Known losses with the same gradient, and further ones with the same gradient up to a positive factor."""
    form = canonical(graph)
    found: dict[str, list[str]] = {}
    for kind in KINDS:
        mine = fingerprint(form, kind)
        names = [] if mine.flaw else [name for name, other in _known(kind).items() if same(mine, other)]
        found[kind] = [name for name in names if name not in found.get("gradient", ())]
    return found


def relation(graph: Graph) -> str:
    """The same in words: `same gradient as dqn; same direction as scratch_td`, or ""."""
    found = relations(graph)
    return "; ".join(f"same {kind} as {', '.join(found[kind])}" for kind in KINDS if found[kind])
