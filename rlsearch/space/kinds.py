"""What a value of a search space may be: numbers, names, environments, and lists that hold nothing twice."""

import math
import sys
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer

from rlsearch.envs import EnvSpec
from rlsearch.errors import RlsearchError, did_you_mean, quoted, shown
from rlsearch.evolve.mutations import MUTATIONS
from rlsearch.graph.graph import LARGEST
from rlsearch.registry import families, known_inputs, known_losses, operations


def _known(kind: str, allowed: Callable[[], Collection[str]]) -> Any:
    def check(name: str) -> str:
        if name not in allowed():
            raise ValueError(f"unknown {kind} {quoted(name)}{did_you_mean(name, allowed())}")
        return name

    return AfterValidator(check)


def _parsed(value: object) -> EnvSpec:
    try:
        return EnvSpec.parse(value)
    except RlsearchError as error:
        raise ValueError(error) from None


def number(value: object) -> object:
    """No truth value, which pydantic takes for 0 or 1; anything else as it is."""
    if isinstance(value, bool):
        raise ValueError(f"must be a number, not {shown(value)}")
    return value


def _finite(value: object) -> object:
    """Infinity for a whole number that no float can hold; anything else as it is."""
    if isinstance(value, int) and abs(value) > sys.float_info.max:
        return math.inf if value > 0 else -math.inf
    return value


def whole(value: object) -> object:
    """A whole number in quotes that is written as a fraction, such as "1e4"; anything else as it is."""
    try:
        return int(float(value)) if isinstance(value, str) and float(value).is_integer() else number(value)
    except OverflowError:
        return value
    except ValueError:
        return number(value)


LONGEST = 200  # items of a list


def at_most(size: int) -> BeforeValidator:
    """Refuses a longer list before its items are looked at."""

    def short(value: object) -> object:
        if isinstance(value, list | tuple) and len(value) > size:
            raise ValueError(f"must hold at most {size}, not {len(value):,}")
        return value

    return BeforeValidator(short)


@dataclass(frozen=True)
class Twice:
    """What stands in a list for an item that it holds already: of no type that any list wants."""

    item: object


def once(same: Callable[[Any], Hashable] = repr) -> BeforeValidator:
    """Marks what a list holds already, as `same` has it."""

    def marked(value: object) -> object:
        if not isinstance(value, list | tuple) or len(value) > LONGEST:
            return value
        keys = [same(item) for item in value]
        first = {key: place for place, key in reversed(list(enumerate(keys)))}
        return [item if first[key] == place else Twice(item) for place, (item, key) in enumerate(zip(value, keys, strict=True))]

    return BeforeValidator(marked)


def _same_environment(entry: Any) -> Hashable:
    try:
        return EnvSpec.parse(entry)
    except RlsearchError:
        return repr(entry)


def same_number(value: Any) -> Hashable:
    """Numbers are the same by value, however they are written."""
    try:
        return float(value) if math.isfinite(float(value)) else repr(value)
    except (TypeError, ValueError, OverflowError):
        return repr(value)


Environment = Annotated[EnvSpec, BeforeValidator(_parsed), PlainSerializer(EnvSpec.written)]
Environments = Annotated[tuple[Environment, ...], once(_same_environment), at_most(LONGEST)]
Number = Annotated[float, BeforeValidator(_finite), BeforeValidator(number)]
Share = Annotated[Number, Field(ge=0, le=1)]
Whole = Annotated[int, BeforeValidator(whole)]
Positive = Annotated[Whole, Field(ge=1, le=1_000_000)]
OpName = Annotated[str, _known("op or family", lambda: {*families(), *operations()})]
Constant = Annotated[Number, Field(ge=-LARGEST, le=LARGEST)]
InputName = Annotated[str, _known("input", known_inputs)]
LossName = Annotated[str, _known("loss", known_losses)]
MutationName = Annotated[str, _known("mutation", lambda: MUTATIONS)]
