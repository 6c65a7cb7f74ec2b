"""Known losses that train alike, and the gradient class of a loss."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from rlsearch.equivalence.fingerprint import Fingerprint, fingerprint, same
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse
from rlsearch.registry import derived, known_losses
from rlsearch.simplify.canonical import canonical, structural_key

KINDS = ("gradient", "direction")


@cache
def _known(kind: str) -> Mapping[str, Fingerprint]:
    return {name: fingerprint(canonical(parse(text)), kind) for name, text in known_losses().items()}


@derived
@cache
def known_keys() -> frozenset[str]:
    """The structural keys of all shipped losses."""
    return frozenset(structural_key(canonical(parse(text))) for text in known_losses().values())


def relations(graph: Graph) -> dict[str, list[str]]:
    """Known losses with the same gradient, and further ones with the same gradient up to a positive factor."""
    form = canonical(graph)
    found: dict[str, list[str]] = {}
    for kind in KINDS:
        mine = fingerprint(form, kind)
        names = [] if mine.flaw else [name for name, other in _known(kind).items() if same(mine, other)]
        found[kind] = [name for name in names if name not in found.get("gradient", ())]
    return found


def relation(graph: Graph, besides: str = "") -> str:
    """The relation to known losses in words, besides one name: `same gradient as dqn; same direction as scratch_td`, or ""."""
    found = {kind: [name for name in names if name != besides] for kind, names in relations(graph).items()}
    return "; ".join(f"same {kind} as {', '.join(found[kind])}" for kind in KINDS if found[kind])


@dataclass(frozen=True, eq=False)
class GradientClass:
    """All losses that have one gradient, and so train a network alike. Equality is within rounding, so there is no hash.

    Attributes:
        gradient: what is compared.
        direction: the same without a positive factor.
        known: shipped losses of this class.
        aligned: further shipped losses whose gradient differs by a positive factor.
    """

    gradient: Fingerprint
    direction: Fingerprint
    known: tuple[str, ...]
    aligned: tuple[str, ...]

    @staticmethod
    def of(graph: Graph) -> "GradientClass":
        """The class of a loss."""
        form, found = canonical(graph), relations(graph)
        gradient, direction = (fingerprint(form, kind) for kind in KINDS)
        return GradientClass(gradient, direction, tuple(found["gradient"]), tuple(found["direction"]))

    @property
    def flaw(self) -> str:
        """The reason why this gradient cannot train anything, or ""; then the class equals no other."""
        return self.gradient.flaw

    def same_direction(self, other: "GradientClass") -> bool:
        """True if the gradients are equal up to one positive factor."""
        return self is other or (not (self.flaw or other.flaw) and same(self.direction, other.direction))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, GradientClass):
            return NotImplemented
        return self is other or (not (self.flaw or other.flaw) and same(self.gradient, other.gradient))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        alike = f"known={self.known}, aligned={self.aligned}"
        return f"GradientClass({f'flaw={self.flaw!r}' if self.flaw else alike})"
