"""What a loss of the replay regime may read, by name. One transition (s, a, r, s_next) per sample."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from rlsearch.op import Type


class Input(NamedTuple):
    """One input: its type, what it is, how formulas print it, and in a few words: networks and states have such.

    `plain` is its symbol in Unicode, `mark` what a network adds to the `Q` of formulas in Unicode.
    """

    type: Type
    doc: str
    latex: str
    short: str = ""
    plain: str = ""
    mark: str = ""


INPUTS: Mapping[str, Input] = MappingProxyType(
    {
        "online": Input(
            Type.NETWORK,
            "The network that is trained; the only one that gradient reaches.",
            r"\theta",
            "the online network",
            plain="θ",
        ),
        "target": Input(
            Type.NETWORK,
            "A periodically copied, older online network.",
            r"\bar\theta",
            "the target network",
            plain="θ⁻",
            mark="⁻",
        ),
        "target_old": Input(
            Type.NETWORK,
            "The target network before its last copy.",
            r"\tilde\theta",
            "the older target network",
            plain="θ⁻⁻",
            mark="⁻⁻",
        ),
        "s": Input(Type.STATE, "The state in which the agent acted.", "s", "the state", plain="s"),
        "s_next": Input(
            Type.STATE,
            "The state that followed, also where the episode was cut off by the clock.",
            "s'",
            "the next state",
            plain="s′",
        ),
        "s_n": Input(
            Type.STATE,
            "The state n steps on, or the last one if the episode was over or has got no further.",
            "s_n",
            "the state n steps on",
            plain="s_n",
        ),
        "a": Input(Type.ACTION, "The action taken.", "a", plain="a"),
        "r": Input(Type.REAL, "The reward received.", "r", plain="r"),
        "discount": Input(Type.REAL, "gamma where the episode went on, 0 where it terminated.", r"\gamma", plain="γ"),
        "r_n": Input(Type.REAL, "The discounted sum of the rewards on the way to s_n.", "r_n", plain="r_n"),
        "discount_n": Input(
            Type.REAL, "gamma to the power of the steps to s_n, 0 where the episode terminated there.", r"\gamma_n", plain="γ_n"
        ),
        "return_to_go": Input(
            Type.REAL,
            "The discounted sum of the rewards until the episode terminated, 0 where that is not known.",
            "G",
            plain="G",
        ),
        "has_return": Input(
            Type.REAL, "1 where return_to_go is known, 0 while the episode goes on and where it was cut off.", "h", plain="h"
        ),
        "progress": Input(Type.REAL, "The share of the training run that is over, from 0 to 1.", r"\tau", plain="τ"),
        "behaviour_prob": Input(Type.REAL, "The probability with which the agent chose the action it took.", r"\mu", plain="μ"),
        "num_actions": Input(Type.REAL, "How many actions there are.", r"|\mathcal{A}|", plain="|A|"),
    }
)
