"""Spellings: what other languages and papers write, beside the same in the text form of losses."""

from typing import NamedTuple


class Spelling(NamedTuple):
    """What others write, and the same in the text form.

    Attributes:
        theirs: a name (`reward`), a call or a subscript of one (`ln(x)`, `Q[x, i]`), or an expression of such names. The name
            may have alternatives: `reward|rewards`. In calls x, y, z, i, k stand for any argument but a network, NET for a
            network and STATE for a state.
        ours: the same in the text form; "" where there is no such thing.
        why: "" where both mean exactly the same, so that it is understood; otherwise what a refusal says.
    """

    theirs: str
    ours: str
    why: str = ""
