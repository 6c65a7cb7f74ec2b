"""All environments: ours, each in its family's package, and a user's own, named `module:CARD`."""

import sys
from functools import cache
from importlib import import_module
from pathlib import Path

from rlsearch.envs.card import Card
from rlsearch.envs.old_imports import import_own
from rlsearch.errors import SpaceError, did_you_mean, quoted, shown
from rlsearch.registry.pack import one_line

# The packages of this room that declare environments, each with `CARDS` and `SPLIT`; a new family is one more.
FAMILIES = ("bsuite", "classic_control", "lpg", "minigrid", "rediscovery", "tabular", "toy_text")


@cache
def environments() -> dict[str, Card]:
    """The card of every environment by its id, in alphabetical order; compiles nothing."""
    cards = [card for family in FAMILIES for card in import_module(f"rlsearch.envs.{family}").CARDS]
    return {card.id: card for card in sorted(cards, key=lambda card: card.id)}


def card_named(name: object) -> Card:
    """The card of one of ours by its id, or of a user's own by `module:CARD`, looked for in the current folder as well.

    Raises:
        SpaceError: there is none.
    """
    cards = environments()
    if isinstance(name, str) and ":" in name:
        return _own(name)
    if not isinstance(name, str) or name not in cards:
        raise SpaceError(f"unknown environment {shown(name)}{did_you_mean(str(name), cards, 'rlsearch envs')}")
    return cards[name]


def name_of(card: Card) -> str:
    """The name by which `card_named` finds a card: its id, or for a user's own `module:ATTRIBUTE`."""
    if environments().get(card.id) is card:
        return card.id
    try:
        module = import_module(card.module)
    except ImportError as error:
        raise SpaceError(f"the card of '{card.id}' names the module '{card.module}': {error}; type module=__name__") from None
    names = [name for name, value in vars(module).items() if value is card]
    if not names:
        raise SpaceError(f"module '{card.module}', which the card of '{card.id}' names, does not hold the card")
    return f"{card.module}:{names[0]}"


@cache
def _own(name: str) -> Card:
    module, _, attribute = name.partition(":")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        card = getattr(import_own(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        why = one_line(error).partition(": ")[2]
        raise SpaceError(
            f"environment {quoted(name)}: {why}; type module:CARD, the name of a card in a module of yours"
        ) from None
    except (Exception, SystemExit) as error:  # whatever a user's module does
        raise SpaceError(f"environment {quoted(name)}: importing it fails with {one_line(error)}") from None
    if not isinstance(card, Card):
        raise SpaceError(f"{quoted(name)} is a {type(card).__name__}, not a Card of rlsearch.envs")
    return card
