"""What an agent is besides its loss: network, optimizer, replay and exploration."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from rlsearch.errors import SpaceError, shown

MOST = 1_000_000_000  # of whatever is counted; no training comes near
DEEPEST, WIDEST, LARGEST_BATCH = 8, 4096, 10_000  # together they still fit into memory


@dataclass(frozen=True, kw_only=True)
class Agent:
    """A value-based agent with uniform replay (Mnih et al. 2015, https://doi.org/10.1038/nature14236).

    Attributes:
        hidden: width of each hidden layer (ReLU); 1 to 8 layers, widths 1 to 4096.
        learning_rate: Adam's step size; above 0.
        adam_beta1: decay of the first moment; in [0, 1).
        adam_beta2: decay of the second moment; in [0, 1).
        adam_epsilon: added to the root of the second moment; above 0.
        batch: transitions per update, drawn with replacement; 1 to 10,000.
        replay_capacity: transitions kept, the oldest goes first; at least 1.
        learning_starts: transitions stored before the first update; 1 to replay_capacity.
        update_every: environment steps per update; at least 1.
        target_period: updates between copies of the online network into the target network; at least 1.
        n_step: steps that r_n, discount_n and s_n look ahead, for losses that read them; at least 1.
        epsilon_start: probability of a random action at step 0; in [0, 1].
        epsilon_end: the same from step epsilon_steps on; in [0, 1].
        epsilon_steps: environment steps over which it falls linearly; at least 1.
    """

    hidden: tuple[int, ...]
    learning_rate: float
    adam_beta1: float
    adam_beta2: float
    adam_epsilon: float
    batch: int
    replay_capacity: int
    learning_starts: int
    update_every: int
    target_period: int
    n_step: int = 3
    epsilon_start: float
    epsilon_end: float
    epsilon_steps: int

    def __post_init__(self) -> None:
        """Refuse what cannot be trained, naming every field that is wrong; a rate may be given as a whole number."""
        if wrong := unfit(vars(self)):
            raise SpaceError("agent: " + "; ".join(wrong.values()))
        for field in fields(self):
            if field.type is float:  # the trainer is compiled for it
                object.__setattr__(self, field.name, float(getattr(self, field.name)))


def unfit(values: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with each of some of an agent's keys."""
    wrong = {
        name: f"{name} is {shown(values[name])}, allowed is {allowed}"
        for name, (allowed, fits) in _ALLOWED.items()
        if name in values and not fits(values[name])
    }
    both = {name: values[name] for name in ("learning_starts", "replay_capacity") if name in values and name not in wrong}
    if len(both) == 2 and both["learning_starts"] > both["replay_capacity"]:
        wrong["learning_starts"] = "learning_starts is {learning_starts}, allowed is 1 to replay_capacity ({replay_capacity})"
        wrong["learning_starts"] = wrong["learning_starts"].format(**both)
    return wrong


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_COUNT = (f"a whole number from 1 to {MOST:,}", _is_count)
_ABOVE_0 = ("a number above 0", lambda value: _is_number(value) and 0 < value <= sys.float_info.max)
_DECAY = ("a number in [0, 1)", lambda value: _is_number(value) and 0 <= value < 1)
_PROBABILITY = ("a number in [0, 1]", lambda value: _is_number(value) and 0 <= value <= 1)

_ALLOWED: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "hidden": (
        f"a list of 1 to {DEEPEST} widths from 1 to {WIDEST}",
        lambda value: (
            isinstance(value, tuple) and 1 <= len(value) <= DEEPEST and all(_is_count(w) and w <= WIDEST for w in value)
        ),
    ),
    "learning_rate": _ABOVE_0,
    "adam_beta1": _DECAY,
    "adam_beta2": _DECAY,
    "adam_epsilon": _ABOVE_0,
    "batch": (f"a whole number from 1 to {LARGEST_BATCH:,}", lambda value: _is_count(value) and value <= LARGEST_BATCH),
    "replay_capacity": _COUNT,
    "learning_starts": _COUNT,
    "update_every": _COUNT,
    "target_period": _COUNT,
    "n_step": _COUNT,
    "epsilon_start": _PROBABILITY,
    "epsilon_end": _PROBABILITY,
    "epsilon_steps": _COUNT,
}
