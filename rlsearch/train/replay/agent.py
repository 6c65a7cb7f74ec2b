"""An agent's settings besides its loss: network, optimizer, replay and exploration."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import (
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
    model_validator,
)
from pydantic.dataclasses import dataclass

from rlsearch.errors import SpaceError, shown

MOST = 1_000_000_000  # of whatever is counted; no training comes near
DEEPEST, WIDEST, LARGEST_BATCH = 8, 4096, 10_000  # together they still fit into memory


def _allowed(words: str) -> WrapValidator:
    """A validator that gives one message for whatever pydantic has against a value."""

    def check(value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        try:
            return handler(value)
        except ValidationError:
            raise ValueError(f"{info.field_name} is {shown(value)}, allowed is {words}") from None

    return WrapValidator(check)


Width = Annotated[int, Field(strict=True, ge=1, le=WIDEST)]
Widths = Annotated[
    tuple[Width, ...],
    Field(strict=True, min_length=1, max_length=DEEPEST),
    _allowed(f"a list of 1 to {DEEPEST} widths from 1 to {WIDEST}"),
]
Count = Annotated[int, Field(strict=True, ge=1, le=MOST), _allowed(f"a whole number from 1 to {MOST:,}")]
Batch = Annotated[int, Field(strict=True, ge=1, le=LARGEST_BATCH), _allowed(f"a whole number from 1 to {LARGEST_BATCH:,}")]
Positive = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False), _allowed("a number above 0")]
Decay = Annotated[float, Field(strict=True, ge=0, lt=1), _allowed("a number in [0, 1)")]
Probability = Annotated[float, Field(strict=True, ge=0, le=1), _allowed("a number in [0, 1]")]


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class Agent:
    """A value-based agent with uniform replay (Mnih et al. 2015, https://doi.org/10.1038/nature14236).

    A rate may be given as a whole number.

    Raises:
        SpaceError: it cannot be trained; every field that is wrong is named.
    """

    hidden: Widths = Field(description="width of each hidden layer (ReLU); 1 to 8 layers, widths 1 to 4096.")
    learning_rate: Positive = Field(description="Adam's step size; above 0.")
    adam_beta1: Decay = Field(description="decay of the first moment; in [0, 1).")
    adam_beta2: Decay = Field(description="decay of the second moment; in [0, 1).")
    adam_epsilon: Positive = Field(description="added to the root of the second moment; above 0.")
    batch: Batch = Field(description="transitions per update, drawn with replacement; 1 to 10,000.")
    replay_capacity: Count = Field(description="transitions kept, the oldest goes first; at least 1.")
    learning_starts: Count = Field(description="transitions stored before the first update; 1 to replay_capacity.")
    update_every: Count = Field(description="environment steps per update; at least 1.")
    target_period: Count = Field(
        description="updates between copies of the online network into the target network; at least 1."
    )
    n_step: Count = Field(
        default=3, description="steps that r_n, discount_n and s_n look ahead, for losses that read them; at least 1."
    )
    epsilon_start: Probability = Field(description="probability of a random action at step 0; in [0, 1].")
    epsilon_end: Probability = Field(description="the same from step epsilon_steps on; in [0, 1].")
    epsilon_steps: Count = Field(description="environment steps over which it falls linearly; at least 1.")

    @field_validator("learning_starts")
    @classmethod
    def _within_capacity(cls, learning_starts: int, info: ValidationInfo) -> int:
        capacity = info.data.get("replay_capacity", learning_starts)
        if learning_starts > capacity:
            raise ValueError(f"learning_starts is {learning_starts}, allowed is 1 to replay_capacity ({capacity})")
        return learning_starts

    @model_validator(mode="wrap")
    @classmethod
    def _refuse(cls, values: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(values)
        except ValidationError as error:
            found = [(finding["loc"], _message(finding)) for finding in error.errors()]
            raise SpaceError("agent: " + "; ".join(message for _, message in found), found) from None


def _message(finding: Mapping[str, Any]) -> str:
    """The message of a pydantic error: our own words, or pydantic's for a field that is missing or unknown."""
    ours = finding.get("ctx", {}).get("error")
    return str(ours) if ours else f"{finding['loc'][0]}: {finding['msg'].lower()}"
