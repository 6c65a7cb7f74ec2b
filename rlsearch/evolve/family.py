"""A class that was divided: its parts, and the recorded batches by which forms of one fingerprint are told apart."""

from collections.abc import Iterable

from rlsearch.equivalence.witnesses import Difference, Witnesses
from rlsearch.graph.graph import Graph
from rlsearch.regimes.batch import Batch


class Family:
    """The classes that have one fingerprint and do not train alike.

    Attributes:
        parts: the form that each class is trained in, by its index; the one that was divided comes first.
    """

    def __init__(self, class_index: int, form: Graph, equivalence: str) -> None:
        self.parts = {class_index: form}
        self._equivalence = equivalence
        self._witnesses = Witnesses(())

    def add(self, class_index: int, form: Graph, batches: Iterable[Batch] = ()) -> None:
        """Add a part, with the batches that tell it from another, unless those at hand do."""
        self.parts[class_index] = form
        held = self._witnesses.batches
        if new := [batch for batch in batches if not any(batch is other for other in held)]:
            self._witnesses = Witnesses((*held, *new))

    def part_of(self, form: Graph) -> int | None:
        """The first part from which a form does not clearly differ; None if it differs from all."""
        return next((part for part in self.parts if self.difference(part, form) is None), None)

    def difference(self, part: int, form: Graph) -> Difference | None:
        """The clear difference of a form from a part; None if there is none."""
        return self._witnesses.difference(self.parts[part], form, self._equivalence)
