"""Types of a search space's values: numbers, names, environments, and lists without duplicates."""

import math
import sys
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, InstanceOf, PlainSerializer, ValidationInfo
from pydantic_core import PydanticKnownError

from rlsearch.envs import EnvSpec
from rlsearch.errors import RlsearchError, did_you_mean, quoted, shown
from rlsearch.evolve.mutations import MUTATIONS
from rlsearch.graph.graph import LARGEST
from rlsearch.registry import families, known_inputs, known_losses, operations, regimes
from rlsearch.registry.ops import OWN_OPS
from rlsearch.space.presets import resolve_agent
from rlsearch.space.starts import StartLoss, read_start
from rlsearch.train.replay.agent import Agent
from rlsearch.train.trainer import TRAINERS

LONGEST_LIST = 200

T = TypeVar("T")


def _trainable(value: object) -> object:
    """The name of a regime whose losses can be trained."""
    allowed = [name for name in regimes() if name in TRAINERS]
    if value not in allowed:
        raise PydanticKnownError("literal_error", {"expected": " or ".join(map(repr, allowed))})
    return value


def _name_of(kind: str, allowed: Callable[[], Collection[str]], hint: str = "") -> Any:
    def check(name: str) -> str:
        if name not in allowed():
            raise ValueError(f"unknown {kind} {quoted(name)}{did_you_mean(name, allowed())}{hint}")
        return name

    return AfterValidator(check)


def read_by(read: Callable[[Any, ValidationInfo], Any]) -> BeforeValidator:
    """Read a value with a function that raises our errors."""

    def check(value: Any, info: ValidationInfo) -> Any:
        try:
            return read(value, info)
        except RlsearchError as error:
            raise ValueError(error) from None

    return BeforeValidator(check)


def number(value: object) -> object:
    """A validator's value: anything but a truth value, which pydantic would take for 0 or 1."""
    if isinstance(value, bool):
        raise ValueError(f"must be a number, not {shown(value)}")
    return value


def _float_range(value: object) -> object:
    """Infinity for a whole number that no float can hold; anything else as it is."""
    if isinstance(value, int) and abs(value) > sys.float_info.max:
        return math.inf if value > 0 else -math.inf
    return value


def whole(value: object) -> object:
    """A whole number for a text such as "1e4"; anything else as it is, but no truth value."""
    if not isinstance(value, str):
        return number(value)
    try:
        return int(float(value)) if float(value).is_integer() else value
    except ValueError:
        return value


def at_most(size: int) -> BeforeValidator:
    """Refuse a longer list before its items are looked at."""

    def check(value: object) -> object:
        if isinstance(value, list | tuple) and len(value) > size:
            raise ValueError(f"must hold at most {size}, not {len(value):,}")
        return value

    return BeforeValidator(check)


@dataclass(frozen=True)
class Duplicate:
    """Takes the place of an item that the list holds already; no list allows this type, so each becomes an error of its own."""

    item: object


def unique(key: Callable[[Any], Hashable] = repr) -> BeforeValidator:
    """Replace every item whose key an earlier item of the list has by a Duplicate."""

    def mark(value: object) -> object:
        if not isinstance(value, list | tuple) or len(value) > LONGEST_LIST:
            return value
        first: dict[Hashable, int] = {}
        return [item if first.setdefault(key(item), index) == index else Duplicate(item) for index, item in enumerate(value)]

    return BeforeValidator(mark)


def _environment_key(entry: Any) -> Hashable:
    try:
        return EnvSpec.parse(entry)
    except RlsearchError:
        return repr(entry)


def number_key(value: Any) -> Hashable:
    """The value of a number, however it is written; the text of anything else."""
    try:
        return float(value) if math.isfinite(float(value)) else repr(value)
    except (TypeError, ValueError, OverflowError):
        return repr(value)


def _start_loss(value: object, info: ValidationInfo) -> StartLoss:
    if not isinstance(value, str):
        raise PydanticKnownError("string_type")
    return read_start(value, info.context or known_losses())


Environment = Annotated[EnvSpec, read_by(lambda value, _: EnvSpec.parse(value)), PlainSerializer(EnvSpec.written)]
Environments = Annotated[tuple[Environment, ...], unique(_environment_key), at_most(LONGEST_LIST)]
Unique = Annotated[tuple[T, ...], unique(), at_most(LONGEST_LIST)]
Number = Annotated[float, BeforeValidator(_float_range), BeforeValidator(number)]
Share = Annotated[Number, Field(ge=0, le=1)]
Whole = Annotated[int, BeforeValidator(whole)]
Positive = Annotated[Whole, Field(ge=1, le=1_000_000)]
AnyAgent = Annotated[Agent, read_by(lambda value, _: resolve_agent(value))]
AnyLoss = Annotated[InstanceOf[StartLoss], read_by(_start_loss), PlainSerializer(lambda loss: loss.name)]
OpName = Annotated[str, _name_of("op or family", lambda: {*families(), *operations()}, f"; {OWN_OPS}")]
Constant = Annotated[Number, Field(ge=-LARGEST, le=LARGEST)]
Constants = Annotated[tuple[Constant, ...], unique(number_key), at_most(LONGEST_LIST)]
OneOp = Annotated[str, _name_of("op", operations)]
Count = Annotated[Whole, Field(ge=1, le=1000)]  # in place of 1
Nested = Annotated[Whole, Field(ge=0, le=1000)]
InputName = Annotated[str, _name_of("input", known_inputs)]
RegimeName = Annotated[str, BeforeValidator(_trainable)]
LossName = Annotated[str, _name_of("loss", known_losses)]
MutationName = Annotated[str, _name_of("mutation", lambda: MUTATIONS)]
