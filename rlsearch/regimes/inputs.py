"""Inputs: the names that a loss may read, and how a probe draws their values."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rlsearch.op import Axis, Type

if TYPE_CHECKING:  # listing what there is shall not wait for NumPy
    from rlsearch.regimes.draw import Array, Draw


class Sizes(NamedTuple):
    """The size of each axis."""

    actions: int
    predictions: int = 0

    def along(self, axis: Axis) -> int:
        """The size of one axis."""
        return self.actions if axis is Axis.ACTIONS else self.predictions

    def width(self, kind: Type) -> int:
        """The number of numbers that a value of this type holds for each sample."""
        return 1 if kind.axis is None else self.along(kind.axis)


Sampler = Callable[["Draw"], "Array"]


@dataclass(frozen=True, kw_only=True)
class Input:
    """One name that a loss may read.

    Attributes:
        name: as the text form has it.
        type: of its value.
        doc: one sentence.
        latex: its symbol in formulas.
        plain: the same in plain characters.
        mark: of a network: what formulas in plain characters set after a head's letter, `⁻` for Q⁻; "" for the one that learns.
        short: a few words, of networks and states.
        legend: of a network: what is said of it under a formula that shows several.
        trained: of a network: whether it is the one that learns. Gradient reaches no other.
        sampler: draws `[batches, B]` numbers for a probe, `[width, batches, B]` along an axis; None of networks, states, sizes.
        example: PyTorch that makes one for a batch of 8 with 3 actions.
        on_demand: stored or computed by the trainer only for losses that read it.
        size_of: the axis whose size it is, if it is one.
        tape: the first tape that may read it, by index into `Regime.tapes`.
        explained: whether its symbol needs a word where a formula is shown.
    """

    name: str
    type: Type
    doc: str
    latex: str
    plain: str
    mark: str = ""
    short: str = ""
    legend: str = ""
    trained: bool = False
    sampler: Sampler | None = None
    example: str = "torch.rand(8)"
    on_demand: bool = False
    size_of: Axis | None = None
    tape: int = 0
    explained: bool = False


def by_name(*inputs: Input) -> dict[str, Input]:
    """Inputs by their names, in order."""
    return {given.name: given for given in inputs}
