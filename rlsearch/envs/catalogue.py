"""All environments. A new family is one more package in this room, with `CARDS` and `SPLIT`."""

import pkgutil
from functools import cache
from importlib import import_module

from rlsearch.envs.card import Card


@cache
def environments() -> dict[str, Card]:
    """Every environment's card by its id, in alphabetical order; compiles nothing."""
    room = import_module("rlsearch.envs")
    families = [
        import_module(f"{room.__name__}.{module.name}") for module in pkgutil.iter_modules(room.__path__) if module.ispkg
    ]
    cards = [card for family in families for card in family.CARDS]
    return {card.id: card for card in sorted(cards, key=lambda card: card.id)}
