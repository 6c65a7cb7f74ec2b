"""Screening: the gradient class of each genome, by its canonical form and then by its fingerprint, before any training."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from rlsearch.equivalence.fingerprint import Classes, fingerprint
from rlsearch.evolve.family import Family
from rlsearch.evolve.limits import NO_LIMITS, Limits
from rlsearch.graph.graph import Graph
from rlsearch.regimes.batch import Batch
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


@dataclass(slots=True)
class _Known:
    """A form that was met: its class, or why it is rejected; its least size; the parts of its family it was compared with."""

    class_index: int
    reason: str
    size: int
    compared: int = 0


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
        self._by_key: dict[str, _Known] = {}
        self._families: dict[int, Family] = {}  # of the classes that were divided

    def screen(self, index: int, graph: Graph) -> Screened:
        """Find or found the class of proposal `index`; proposals come in index order."""
        form = canonical(graph)
        key, size = structural_key(form), self._limits.size(graph, form)
        known = self._by_key.get(key)
        new_form = known is None
        if known is None:
            known = self._by_key[key] = self._identify(index, form, size)
        else:
            known.size = min(known.size, size)
            self._compare(known, form, index)
        class_index = known.class_index
        if known.reason:
            return Screened("rejected", known.reason, key, class_index, size, None)
        self.sizes[class_index] = min(self.sizes.get(class_index, size), size)
        if class_index == index:
            return Screened("trained", "", key, class_index, size, form)
        return Screened("equivalent" if new_form else "duplicate", "", key, class_index, size, None)

    def _identify(self, index: int, form: Graph, size: int) -> _Known:
        """A form not met before: its class, or the reason why it cannot train anything."""
        if not form.carries[form.root]:
            return _Known(-1, "gradient is zero", size)
        found = fingerprint(form, self._equivalence)
        if found.flaw:
            return _Known(-1, found.flaw, size)
        class_index = self._classes.find(found)
        if class_index is None:
            self._classes.add(found, index)
            return _Known(index, "", size)
        known = _Known(class_index, "", size)
        self._compare(known, form, index)
        return known

    # Classes that were divided.

    def class_of(self, key: str) -> int:
        """The class of a form by what is known now; -1 of one that was rejected or never met."""
        known = self._by_key.get(key)
        return known.class_index if known else -1

    def family(self, class_index: int) -> Family | None:
        """The family of a class that was divided, or of a part of one; None of any other."""
        return self._families.get(class_index)

    def divide(self, class_index: int, form: Graph, key: str, other: Graph, new_class: int, batches: Iterable[Batch]) -> None:
        """Found a class for a form that was called equivalent to a class.

        Args:
            class_index, form: the class, and the form in which it is trained.
            key, other: of the form that leaves.
            new_class: index of its proposal.
            batches: on which the two differ.
        """
        family = self._families.setdefault(class_index, Family(class_index, form, self._equivalence))
        family.add(new_class, other, batches)
        self._families[new_class] = family
        self._move(self._by_key[key], new_class, family)

    def compare(self, key: str, form: Graph, newcomer: int) -> int:
        """Compare a form again with the parts of its family, if there are new ones; returns its class.

        Args:
            key, form: of what is compared.
            newcomer: the class that it founds if it differs from all.
        """
        known = self._by_key[key]
        self._compare(known, form, newcomer)
        return known.class_index

    def _compare(self, known: _Known, form: Graph, newcomer: int) -> None:
        family = self._families.get(known.class_index)
        if family is None or known.compared == len(family.parts):
            return
        part: int | None = known.class_index
        if family.difference(known.class_index, form) is not None:
            part = family.part_of(form)
        if part is None:
            part = newcomer
            family.add(part, form)
            self._families[part] = family
        self._move(known, part, family)

    def _move(self, known: _Known, class_index: int, family: Family) -> None:
        """Note the class of a form, and the sizes of both if that is another one than before."""
        known.compared, before = len(family.parts), known.class_index
        if class_index != before:
            known.class_index = class_index
            self.sizes[class_index] = min(self.sizes.get(class_index, known.size), known.size)
            if known.size == self.sizes.get(before):
                self.sizes[before] = min(one.size for one in self._by_key.values() if one.class_index == before)
