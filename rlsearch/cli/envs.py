"""`rlsearch envs`."""

from dataclasses import asdict
from typing import Any

import click

from rlsearch.cli.output import json_option, print_json, table
from rlsearch.envs.card import Card
from rlsearch.envs.catalogue import environments
from rlsearch.errors import RlsearchError, did_you_mean


def _document(card: Card) -> dict[str, Any]:
    fields = asdict(card)
    return {
        "id": card.id,
        "family": card.family,
        **{key: value for key, value in fields.items() if key not in ("id", "module")},
    }


@click.command("envs")
@click.argument("name", required=False)
@json_option
def command(name: str | None, as_json: bool) -> None:
    """Environments to train in; with NAME, what one of them is and what may be set.

    \b
    rlsearch envs
    rlsearch envs CartPole-v1
    """
    cards = environments()
    if name is not None and name not in cards:
        raise RlsearchError(f"unknown environment '{name}'{did_you_mean(name, cards)}")
    found = [_document(card) for card in cards.values() if name in (None, card.id)]
    if as_json:
        print_json({"envs": found})
    elif name is not None:
        print("\n".join(_facts(found[0])))
    else:
        rows = [(env["id"], env["family"], ", ".join(env["options"]) or "-", env["doc"]) for env in found]
        print("\n".join(table(("environment", "family", "options", "what it is"), rows, wrap=True)))


def _facts(env: dict[str, Any]) -> list[str]:
    lines = [f"{env['id']}  {env['doc']}"]
    for key in ("family", "source", "actions", "observation", "reward", "references", "horizon", "gamma", "skills"):
        value = env[key]
        text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        lines.append(f"  {key:<12} {text}")
    for name, option in env["options"].items():
        lines.append(f"  option {name}: {option['doc']} {option['low']} to {option['high']}; default {option['default']}")
    return lines
