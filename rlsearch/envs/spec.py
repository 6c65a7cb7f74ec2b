"""A search space's request for an environment: its name, its options, and those drawn anew for every seed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from rlsearch.envs.card import Card, Option, Setting
from rlsearch.envs.catalogue import card_named
from rlsearch.envs.setting import checked, in_words, written
from rlsearch.errors import Path, SpaceError, did_you_mean, quoted, shown

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
        checks += [(name, partial(checked, f"{self.env}: {name}", value, *limits[name])) for name, value in given]
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
        """Read an entry: `CartPole-v1`, `{env: Garnet, states: 8, gamma: [0.9, 0.95]}`, or the same as a text of `label`.

        Raises:
            SpaceError: there is no such environment or option, or a value is not allowed.
        """
        if isinstance(value, EnvSpec):
            return value
        if isinstance(value, str):
            value = _entry(value)
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
        entry = {"env": self.env} | {name: written(value, option) for name, value, option in self._named_settings()}
        return entry if len(entry) > 1 else self.env

    def label(self) -> str:
        """Short text for tables and journals, which `parse` reads back: `Garnet(states=8, gamma=0.9..0.95)`."""
        words = [f"{name}={in_words(value, option)}" for name, value, option in self._named_settings()]
        return f"{self.env}({', '.join(words)})" if words else self.env

    def _named_settings(self) -> Iterator[tuple[str, Setting, Option | None]]:
        """What was asked for, options first."""
        known = card_named(self.env).options
        yield from ((name, value, known[name]) for name, value in self.options)
        yield from ((name, value, None) for name in _SETTINGS if (value := getattr(self, name)) is not None)


def _entry(text: str) -> Mapping[str, object]:
    """The mapping that a text such as `Garnet(states=8, gamma=0.9..0.95)` means; a name alone has no settings."""
    called = re.fullmatch(r"([^()]+)\(([^()]*)\)", text.strip())
    if called is None and ("(" in text or ")" in text):
        raise SpaceError(
            f"{quoted(text)} is no environment with its settings in one pair of brackets; "
            "type e.g. Garnet(states=8, gamma=0.9), in quotes where commas separate"
        )
    if called is None:
        return {"env": text}
    env, entry = called[1].strip(), dict[str, object]()
    for setting in called[2].split(","):
        name, equals, value = (part.strip() for part in setting.partition("="))
        if not equals or name in ("", "env"):
            raise SpaceError(f"{quoted(setting.strip())} is no setting of {env}; type e.g. {env}(gamma=0.9)")
        if name in entry:
            raise SpaceError(f"{env}: {name} stands twice; name each setting once")
        entry[name] = value
    return {"env": env, **entry}


def _option(card: Card, name: object, value: object) -> Setting:
    """An option's value, checked against its card."""
    if not isinstance(name, str) or name not in card.options:
        raise SpaceError(f"{card.id}: unknown key {shown(name)}{did_you_mean(str(name), (*card.options, *_SETTINGS))}")
    option = card.options[name]
    return checked(f"{card.id}: {name}", value, option.low, option.high, option)
