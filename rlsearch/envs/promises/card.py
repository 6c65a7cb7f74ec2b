"""Promises of a card: what it says is there, of the right kind, and within its own limits."""

from collections.abc import Iterator
from numbers import Integral, Real

from rlsearch.envs.card import Card, Option

TEXTS = ("id", "module", "doc", "source", "actions", "observation", "reward", "references")


def find_bad_words(card: Card) -> Iterator[str]:
    """Problems of what a card says; nothing is drawn or played."""
    for name in (*TEXTS, "skills"):
        if not getattr(card, name):
            yield f"the card's '{name}' is empty"
    for name in TEXTS:
        if not isinstance(getattr(card, name), str):
            yield f"the card's '{name}' is {getattr(card, name)!r}; wanted: a text"
    if not isinstance(card.skills, tuple):
        yield f"the card's skills are {card.skills!r}; wanted: a tuple of words, such as ('exploration',)"
    if not _is_count(card.fps):
        yield f"the card's fps is {card.fps!r}; wanted: a whole number from 1"
    yield from _find_bad_gamma(card)
    for name, option in card.options.items():
        yield from _find_bad_option(name, option)
    yield from _find_bad_horizon(card)
    for text in (card.doc, *(option.doc for option in card.options.values() if isinstance(option, Option))):
        if not str(text).endswith("."):
            yield f"'{text}' is no sentence; end it with a full stop"


def _find_bad_gamma(card: Card) -> Iterator[str]:
    limits = card.gamma_limits
    if not (isinstance(limits, tuple) and len(limits) == 2 and _are_numbers(*limits) and 0 <= limits[0] <= limits[1] <= 1):
        yield f"the card's gamma_limits are {limits!r}; wanted: two numbers from 0 to 1, such as (0.0, 1.0)"
        return
    ends = card.gamma if isinstance(card.gamma, tuple) else (card.gamma, card.gamma)
    if not (len(ends) == 2 and _are_numbers(*ends) and limits[0] <= ends[0] <= ends[1] <= limits[1]):
        yield f"the card's gamma is {card.gamma}; allowed by its gamma_limits: {limits[0]} to {limits[1]}"


def _find_bad_option(name: str, option: object) -> Iterator[str]:
    if not isinstance(option, Option):
        yield f"the card's option '{name}' is a {type(option).__name__}; wanted: an Option of rlsearch.envs"
        return
    ends = option.default if isinstance(option.default, tuple) else (option.default, option.default)
    numbers = (option.low, *ends, option.high)
    if not all(isinstance(number, Integral) for number in numbers) or list(numbers) != sorted(numbers):
        met = f"the option '{name}' has the default {option.default!r}"
        yield f"{met}; allowed by its limits: a whole number or a range of such from {option.low!r} to {option.high!r}"
    elif option.choices and len(option.choices) != option.high - option.low + 1:
        yield f"the option '{name}' has {len(option.choices)} choices for the numbers {option.low} to {option.high}"


def _find_bad_horizon(card: Card) -> Iterator[str]:
    horizon = card.horizon
    name = horizon[0] if isinstance(horizon, tuple) else horizon if isinstance(horizon, str) else ""
    option = card.options.get(name)
    if name and option is None:
        yield f"the card's horizon names the option '{name}', which it does not have"
    elif isinstance(horizon, tuple) and option is not None:
        if len(horizon) != 2 or len(horizon[1]) != option.high + 1 or not all(map(_is_count, horizon[1])):
            yield f"the card's horizon is {horizon!r}; wanted: an option's name, then a whole number from 1 for each choice"
    elif option is None and not _is_count(horizon):
        yield f"the card's horizon is {horizon!r}; wanted: a whole number from 1, or the name of an option"


def _is_count(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= 1


def _are_numbers(*values: object) -> bool:
    return all(isinstance(value, Real) and not isinstance(value, bool) for value in values)
