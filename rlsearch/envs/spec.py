"""A search space's request for an environment: its name, its options, and those drawn anew for every seed."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from rlsearch.envs.card import Card, Option, Setting
from rlsearch.envs.catalogue import card_named
from rlsearch.errors import Path, SpaceError, did_you_mean, shown

_SCALE_LIMITS = (1e-6, 1e6)
_OFFSET_LIMITS = (-1e6, 1e6)
_SETTINGS = ("gamma", "reward_scale", "reward_offset")


@dataclass(frozen=True)
class EnvSpec:
    """One entry of a space's `envs`. One that exists is valid: building it raises SpaceError otherwise.

    Attributes:
        env: id of the environment.
        options: sorted (name, number or range) pairs of the family's options; the rest keep their defaults.
        gamma: discount, or a range; None for the environment's default.
        reward_scale, reward_offset: training reward = scale * reward + offset, numbers or ranges; None for 1 and 0. An
            offset changes what is optimal where episodes can end early (CartPole), and is harmless elsewhere.
    """

    env: str
    options: tuple[tuple[str, Setting], ...] = ()
    gamma: Setting | None = None
    reward_scale: Setting | None = None
    reward_offset: Setting | None = None

    def __post_init__(self) -> None:
        """Check every field and bring it to one form, so that equal requests are equal and hash the same."""
        try:
            card = card_named(self.env)
        except SpaceError as error:
            raise SpaceError.of([(("env",), str(error))]) from None
        limits = dict(zip(_SETTINGS, (card.gamma_limits, _SCALE_LIMITS, _OFFSET_LIMITS), strict=True))
        given = [(name, value) for name in _SETTINGS if (value := getattr(self, name)) is not None]
        checks = [(name, partial(_option, card, name, value)) for name, value in self.options]
        checks += [(name, partial(_setting, f"{self.env}: {name}", value, *limits[name])) for name, value in given]
        sound, wrong = list[tuple[str, Setting]](), list[tuple[Path, str]]()
        for name, check in checks:
            try:
                sound.append((name, check()))
            except SpaceError as error:
                wrong.append(((name,), str(error)))
        if wrong:
            raise SpaceError.of(wrong)
        object.__setattr__(self, "options", tuple(sorted(dict(sound[: len(self.options)]).items())))
        for name, value in sound[len(self.options) :]:
            object.__setattr__(self, name, value)

    @classmethod
    def parse(cls, value: object) -> "EnvSpec":
        """Read an entry of the YAML: `CartPole-v1`, or `{env: Garnet, states: 8, gamma: [0.9, 0.95]}`."""
        if isinstance(value, EnvSpec):
            return value
        if isinstance(value, str):
            return cls(value)
        if not isinstance(value, Mapping) or "env" not in value:
            raise SpaceError(
                f"an environment is a name or a mapping with the key 'env', not {shown(value)}; "
                "type e.g. CartPole-v1 or {env: Garnet, states: 8}"
            )
        settings = {name: value[name] for name in _SETTINGS if name in value}
        options = {name: given for name, given in value.items() if name not in ("env", *_SETTINGS)}
        return cls(value["env"], tuple(options.items()), **settings)

    @property
    def is_own(self) -> bool:
        """True if it is a user's own, which may do anything."""
        return ":" in self.env

    def written(self) -> str | dict[str, object]:
        """The entry of a YAML that reads back to this."""
        known = card_named(self.env).options
        entry: dict[str, object] = {"env": self.env}
        for name, value in self.options:
            named = known[name].choices and not isinstance(value, tuple)
            entry[name] = _choice_name(known[name], value) if named else _plain(value)
        entry |= {name: _plain(value) for name in _SETTINGS if (value := getattr(self, name)) is not None}
        return entry if len(entry) > 1 else self.env

    def label(self) -> str:
        """Short text for tables: `Garnet(states=8, gamma=0.9..0.95)`."""
        settings = [(name, value) for name in _SETTINGS if (value := getattr(self, name)) is not None]
        known = card_named(self.env).options
        words = [f"{name}={_choice_name(known[name], value)}" for name, value in self.options]
        words += [f"{name}={_words(value)}" for name, value in settings]
        return f"{self.env}({', '.join(words)})" if words else self.env


def ends(setting: Setting) -> tuple[float, float]:
    """The two ends of a range; a single number is both."""
    return setting if isinstance(setting, tuple) else (setting, setting)


def _plain(setting: Setting) -> object:
    """A number or a range as YAML has them, whole numbers without a fraction."""
    if isinstance(setting, tuple):
        return [_plain(end) for end in setting]
    return int(setting) if float(setting).is_integer() else setting


def _words(setting: Setting) -> str:
    """A number or a range as short text."""
    return f"{setting[0]:g}..{setting[1]:g}" if isinstance(setting, tuple) else f"{setting:g}"


def _choice_name(option: Option, setting: Setting) -> str:
    """The name of a choice, or the number."""
    return option.choices[int(setting)] if option.choices and not isinstance(setting, tuple) else _words(setting)


def _option(card: Card, name: object, value: object) -> Setting:
    """An option's value, checked against its card."""
    if not isinstance(name, str) or name not in card.options:
        raise SpaceError(f"{card.id}: unknown key {shown(name)}{did_you_mean(str(name), (*card.options, *_SETTINGS))}")
    option = card.options[name]
    if option.choices and isinstance(value, bool):  # YAML's own reading of yes and no
        value = "yes" if value else "no"
    if option.choices and not isinstance(value, int | float | list | tuple):
        if value not in option.choices:
            raise SpaceError(f"{card.id}: {name} is {shown(value)}{did_you_mean(str(value), option.choices)}")
        value = option.choices.index(str(value))
    return _setting(f"{card.id}: {name}", value, option.low, option.high, whole=True)


def _setting(where: str, value: object, low: float, high: float, whole: bool = False) -> Setting:
    """A number or a range within [low, high]; whole numbers only, where asked."""
    given = tuple(value) if isinstance(value, list | tuple) else (value,)
    numbers = [_number(end, whole) for end in given]
    fits = [number for number in numbers if number is not None and low <= number <= high]
    if len(fits) != len(given) or not 1 <= len(fits) <= 2 or fits[0] > fits[-1]:
        kind = "whole number" if whole else "number"
        raise SpaceError(
            f"{where} is {shown(value)}; allowed: a {kind} from {low:g} to {high:g}, or a range [low, high] of such; "
            f"type e.g. {where.split()[-1]}: [{low:g}, {high:g}]"
        )
    return fits[0] if not isinstance(value, list | tuple) or fits[0] == fits[-1] else (fits[0], fits[-1])


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
