"""`rlsearch show`."""

from collections.abc import Callable, Mapping

import click

from rlsearch.cli import formula
from rlsearch.cli.output import json_option, print_json
from rlsearch.loss import Loss


def _overview(loss: Loss) -> str:
    key, relation = loss.key, loss.relation
    facts = [
        ("hash", f"{key[:8]} ({key})"),
        ("size", f"{loss.size} ops"),
        ("known as", relation or "no known loss has this gradient"),
    ]
    words = [f"{what:<9} {value}" for what, value in facts]
    shown = formula.formula(loss.graph)
    legend = [formula.LEGEND] if "Q⁻" in shown else []
    return "\n".join([loss.text, "", shown, *legend, "", *words])


FORMS: Mapping[str, Callable[[Loss], str]] = {
    "text": _overview,
    "formula": lambda loss: formula.formula(loss.graph),
    "latex": Loss.latex,
    "tree": lambda loss: formula.tree(loss.graph),
    "torch": lambda loss: loss.source().rstrip(),
    "mermaid": lambda loss: formula.mermaid(loss.graph),
}


@click.command("show")
@click.argument("loss")
@click.option("--as", "form", default="text", show_default=True, type=click.Choice([*FORMS, "json"]), help="What to print.")
@json_option
def command(loss: str, form: str, as_json: bool) -> None:
    """A loss as text with its formula, hash and size, and the known losses that train alike.

    LOSS is a known name, a .loss file, an expression in quotes, RUN@HASH or RUN@best.

    \b
    rlsearch show dqn
    rlsearch show results/runs/quickstart-0@best --as torch
    rlsearch show "0.5 * (q(online, s)[a] - r)**2" --as latex
    """
    found = Loss(loss)
    if as_json or form == "json":
        print_json(formula.document(found.name, found.graph))
    else:
        print(FORMS[form](found))
