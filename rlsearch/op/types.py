"""Types of the nodes of a loss, and the axes along which a node's numbers stand."""

from enum import StrEnum


class Axis(StrEnum):
    """An axis along which the numbers of one sample may stand.

    Attributes:
        letter: of its size, in shapes: `[B, A]`.
    """

    letter: str

    def __new__(cls, text: str, letter: str) -> "Axis":
        """A member from its name and its letter."""
        member = str.__new__(cls, text)
        member._value_, member.letter = text, letter
        return member

    ACTIONS = "actions", "A"
    PREDICTIONS = "predictions", "M"  # of a head without a given meaning


class Type(StrEnum):
    """The type of a node of a loss graph: what it holds for each sample of the batch.

    Attributes:
        axis: along which it has a number for each place; None where it is one thing.
        stem: the same without the axis: `Vector` or `Simplex`, or the type itself.
    """

    axis: Axis | None
    stem: str

    def __new__(cls, text: str, axis: Axis | None = None) -> "Type":
        """A member from its text and its axis."""
        member = str.__new__(cls, text)
        member._value_, member.axis, member.stem = text, axis, text.partition("[")[0]
        return member

    REAL = "Real"  # one number
    VECTOR = "Vector", Axis.ACTIONS  # one number per action
    SIMPLEX = "Simplex", Axis.ACTIONS  # probabilities over actions
    VECTOR_M = "Vector[M]", Axis.PREDICTIONS  # one number per prediction
    SIMPLEX_M = "Simplex[M]", Axis.PREDICTIONS  # probabilities over predictions
    ACTION = "Action"  # an action's index
    STATE = "State"  # an observation
    NETWORK = "Network"  # parameters
    CONSTANT = "Constant"  # a literal number

    def along(self, axis: Axis) -> "Type":
        """The same type along another axis; a type without an axis stays as it is."""
        return self if self.axis is None else _ALONG[self.stem, axis]


_ALONG = {(kind.stem, kind.axis): kind for kind in Type}


def _accepted(met: Type, asked: Type) -> bool:
    """True if `met` may stand where `asked` is: the same type, a Constant as a Real, a Simplex as a Vector of its axis."""
    if asked.axis is not None:
        return met.axis is asked.axis and asked.stem in (met.stem, Type.VECTOR.stem)
    return met is asked or (asked is Type.REAL and met is Type.CONSTANT)


# What is accepted where something is asked for.
ACCEPTS: dict[Type, frozenset[Type]] = {asked: frozenset(met for met in Type if _accepted(met, asked)) for asked in Type}
NUMBERS = frozenset({*ACCEPTS[Type.REAL], *(kind for kind in Type if kind.axis is not None)})
