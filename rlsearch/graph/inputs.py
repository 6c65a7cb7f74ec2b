"""What a loss of the replay regime may read, by name. One transition (s, a, r, s_next) per sample."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from rlsearch.op import Type


class Input(NamedTuple):
    """One input: its type, what it is, and how formulas print it."""

    type: Type
    doc: str
    latex: str


INPUTS: Mapping[str, Input] = MappingProxyType(
    {
        "online": Input(Type.NETWORK, "The network that is trained; the only one that gradient reaches.", r"\theta"),
        "target": Input(Type.NETWORK, "A periodically copied, older online network.", r"\bar\theta"),
        "s": Input(Type.STATE, "The state in which the agent acted.", "s"),
        "s_next": Input(Type.STATE, "The state that followed, also where the episode was cut off by the clock.", "s'"),
        "a": Input(Type.ACTION, "The action taken.", "a"),
        "r": Input(Type.REAL, "The reward received.", "r"),
        "discount": Input(Type.REAL, "gamma where the episode went on, 0 where it terminated.", r"\gamma"),
        "num_actions": Input(Type.REAL, "How many actions there are.", r"|\mathcal{A}|"),
    }
)
