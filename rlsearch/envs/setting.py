"""Settings of an environment: a number, a named choice, or a range of such, as it is written, checked and printed."""

import math

from rlsearch.envs.card import Option, Setting
from rlsearch.errors import SpaceError, did_you_mean, shown

TO = ".."  # between the ends of a range in a text, as in 4..12


def ends(setting: Setting) -> tuple[float, float]:
    """The two ends of a range; a single number is both."""
    return setting if isinstance(setting, tuple) else (setting, setting)


def checked(where: str, value: object, low: float, high: float, option: Option | None = None) -> Setting:
    """A number or a range within [low, high]; of an option, whole numbers only, and choices by their names too.

    Raises:
        SpaceError: the value is none; the message begins with `where`, whose last word is the setting's name.
    """
    given = _given(value)
    numbers = [_number(end if option is None else _choice(where, option, end), option is not None) for end in given]
    fits = [number for number in numbers if number is not None and low <= number <= high]
    if len(fits) != len(given) or not 1 <= len(fits) <= 2:
        kind = "number" if option is None else "whole number"
        raise SpaceError(
            f"{where} is {shown(value)}; allowed: a {kind} from {low:g} to {high:g}, or a range [low, high] of such; "
            f"type e.g. {_to_type(where, value, (low, high), option)}"
        )
    if fits[0] > fits[-1]:
        right = _to_type(where, value, (fits[-1], fits[0]), option)
        raise SpaceError(f"{where} is {shown(value)}, a range whose low end is above its high end; type e.g. {right}")
    return fits[0] if fits[0] == fits[-1] else (fits[0], fits[-1])


def written(setting: Setting, option: Option | None = None) -> object:
    """A number, a choice or a range of such as YAML has them, whole numbers without a fraction."""
    if isinstance(setting, tuple):
        return [written(end, option) for end in setting]
    if option is not None and option.choices:
        return option.choices[int(setting) - option.low]
    return int(setting) if float(setting).is_integer() else setting


def in_words(setting: Setting, option: Option | None = None) -> str:
    """The same as short text that reads back to it: `8`, `0.9..0.95`, `no..yes`."""
    if isinstance(setting, tuple):
        return TO.join(in_words(end, option) for end in setting)
    if option is not None and option.choices:
        return option.choices[int(setting) - option.low]
    short = f"{setting:g}"
    return short if float(short) == setting else str(setting)


def _to_type(where: str, value: object, setting: tuple[float, float], option: Option | None) -> str:
    """A range as one may type it: in a text, where the value was met in one, or in YAML."""
    name, words = where.split()[-1], in_words(setting, option)
    in_text = isinstance(value, str) and TO in value
    return f"{name}={words}" if in_text else f"{name}: [{words.replace(TO, ', ')}]"


def _given(value: object) -> tuple[object, ...]:
    """The two ends of a range as they are given, or the one value."""
    if isinstance(value, str) and TO in value:
        return tuple(part.strip() for part in value.split(TO))
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _choice(where: str, option: Option, value: object) -> object:
    """The number of a choice by its name; a number, and what is given for an option without choices, as it is."""
    if option.choices and isinstance(value, bool):  # YAML's own reading of yes and no
        value = "yes" if value else "no"
    if not option.choices or isinstance(value, int | float) or _number(value, whole=True) is not None:
        return value
    if value not in option.choices:
        raise SpaceError(f"{where} is {shown(value)}{did_you_mean(str(value), option.choices)}")
    return option.low + option.choices.index(str(value))


def _number(value: object, whole: bool) -> float | None:
    """A finite number, also from text: PyYAML reads `3e-4` as a string. None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    if not math.isfinite(number) or (whole and not number.is_integer()):
        return None
    return int(number) if whole else number
