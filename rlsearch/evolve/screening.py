"""Screening: the gradient class of each genome, by its canonical form and then by its fingerprint, before any training."""

from typing import NamedTuple

from rlsearch.equivalence.fingerprint import Classes, fingerprint
from rlsearch.evolve.limits import NO_LIMITS, Limits
from rlsearch.graph.graph import Graph
from rlsearch.simplify.canonical import canonical, structural_key


class Screened(NamedTuple):
    """The result of screening one genome; its fields mean what those of a `Proposal` do.

    Attributes:
        status: `trained` for a new class, `duplicate`, `equivalent` or `rejected`.
        reason: why it was rejected.
        key: structural key of the canonical form.
        class_index: index of the class's first proposal; -1 if rejected.
        size: see `Limits.size`.
        form: the canonical form, for a new class.
    """

    status: str
    reason: str
    key: str
    class_index: int
    size: int
    form: Graph | None


class Screening:
    """The classes met so far, and the keys of every form.

    Attributes:
        sizes: of each class's smallest member so far.
    """

    def __init__(self, equivalence: str, limits: Limits = NO_LIMITS) -> None:
        """`equivalence` says when two gradients count as the same, `gradient` or `direction`; `limits` what ops count."""
        self.sizes: dict[int, int] = {}
        self._equivalence, self._limits = equivalence, limits
        self._classes = Classes()
        self._by_key: dict[str, tuple[int, str]] = {}  # class, or why such a form is rejected

    def screen(self, index: int, graph: Graph) -> Screened:
        """Find or found the class of proposal `index`; proposals come in index order."""
        form = canonical(graph)
        key, size = structural_key(form), self._limits.size(graph, form)
        new_form = key not in self._by_key
        if new_form:
            self._by_key[key] = self._identify(index, form)
        class_index, reason = self._by_key[key]
        if reason:
            return Screened("rejected", reason, key, class_index, size, None)
        self.sizes[class_index] = min(self.sizes.get(class_index, size), size)
        if class_index == index:
            return Screened("trained", "", key, class_index, size, form)
        return Screened("equivalent" if new_form else "duplicate", "", key, class_index, size, None)

    def _identify(self, index: int, form: Graph) -> tuple[int, str]:
        """The class of a form not met before, or the reason why it cannot train anything."""
        if not form.carries[form.root]:
            return -1, "gradient is zero"
        found = fingerprint(form, self._equivalence)
        if found.flaw:
            return -1, found.flaw
        class_index = self._classes.find(found)
        if class_index is None:
            class_index = index
            self._classes.add(found, class_index)
        return class_index, ""
