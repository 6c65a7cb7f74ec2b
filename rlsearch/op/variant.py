"""A variant of how an op is written, for some of its literal arguments."""

from typing import NamedTuple


class Variant(NamedTuple):
    """Templates that replace an op's own where a condition on its literal arguments holds.

    Attributes:
        when: the condition, an expression in the literal arguments: `p % 1 != 0`.
        latex, plain: as the op's facets.
    """

    when: str
    latex: str
    plain: str
