"""All environments. A new family is one more package with `CARDS`, named here."""

from functools import cache

from rlsearch.envs import bsuite, classic_control, tabular
from rlsearch.envs.card import Card


@cache
def environments() -> dict[str, Card]:
    """Every environment's card by its id, in alphabetical order; compiles nothing."""
    cards = (*bsuite.CARDS, *classic_control.CARDS, *tabular.CARDS)
    return {card.id: card for card in sorted(cards, key=lambda card: card.id)}
