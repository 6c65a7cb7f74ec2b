"""Names that the field has for parts of a loss, and terms that a target may be made of."""

from typing import NamedTuple


class FieldName(NamedTuple):
    """A name that the field has for an op of certain arguments: `q_sa` for select(q_online_s, a).

    `args` holds for each argument what it must be called, alternatives parted by `|`, or one of the words below.
    """

    name: str
    op: str
    args: tuple[str, ...]


# What an argument may be instead of having a name.
ANYTHING = "*"
WITH_REWARD = "+reward"  # the reward, or a sum that holds it
DISCOUNTED = "*discount"  # a product with the discount
DETACHED = "no gradient"


class Term(NamedTuple):
    """A possible term of a target: its symbol, and its text form."""

    symbol: str
    text: str
