"""`rlsearch show`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from rlsearch.cli import formula
from rlsearch.cli.argument_types import LOSS
from rlsearch.cli.formula_argument import FormulaCommand
from rlsearch.cli.output import counted, inline_loss, json_option, print_json
from rlsearch.cli.primitives_option import primitives_option
from rlsearch.cli.tables import fitting
from rlsearch.compile.plain import plain
from rlsearch.graph.graph import INPUT
from rlsearch.loss import Loss, of_run
from rlsearch.regimes.inputs import Input
from rlsearch.registry import known_losses
from rlsearch.runs.folders import run_folder
from rlsearch.simplify.canonical import loss_size
from rlsearch.simplify.tidy import tidy

if TYPE_CHECKING:
    from rlsearch.analysis.lineage import Ancestor

ANCESTORS = 12  # that are printed


def _overview(loss: Loss) -> str:
    from rlsearch.equivalence.implied_target import implied
    from rlsearch.equivalence.known_losses import relation
    from rlsearch.equivalence.minimal import effective  # heavy: numpy, 0.2 s

    key, short, others = loss.key, effective(loss.graph), relation(loss.graph, besides=loss.name)
    text, legend = formula.shorthand(short)
    trains = loss_size(tidy(short), short)
    target = implied(loss.graph)
    facts = [
        ("hash", f"{key[:8]} ({key})"),
        (
            "size",
            counted(loss.size, "op") + (f", {trains} of which train" if trains < loss.size else ""),
        ),
        ("known as", others or f"no {'other ' * (loss.name in known_losses())}known loss has this gradient"),
    ]
    words = [line for what, value in facts for line in fitting(f"{what:<9} {value}", indent=" " * 10)]
    shown, signs = plain(loss.graph), formula.legend(loss.graph)
    symbols = [signs] if signs else []
    symbols += [f"({given.plain}: {given.doc})" for given in _rare(loss)]
    parts = [f"  {line}" for line in legend]
    meaning = [target.words] if target else []
    said = [*loss.text.splitlines(), "", shown, *symbols, "", f"effective: {text}", *parts, *meaning, ""]
    return "\n".join([*(line for given in said for line in fitting(given)), *words])


def _rare(loss: Loss) -> list[Input]:
    """The inputs that the loss reads and whose symbols not everybody knows."""
    read = {node.leaf for node in loss.graph.nodes if node.op == INPUT}
    return [given for name, given in loss.graph.regime.inputs.items() if name in read and given.explained]


def _mermaid(loss: Loss) -> str:
    from rlsearch.cli.diagram import mermaid  # heavy: networkx, 0.2 s

    return mermaid(loss.graph)


FORMS: Mapping[str, Callable[[Loss], str]] = {
    "text": _overview,
    "formula": lambda loss: "\n".join(fitting(plain(loss.graph))),
    "latex": Loss.latex,
    "tree": lambda loss: formula.tree(loss.graph),
    "torch": lambda loss: loss.source().rstrip(),
    "mermaid": _mermaid,
}


@click.command("show", cls=FormulaCommand)
@click.argument("loss", type=LOSS)
@click.option("--as", "form", default="text", show_default=True, type=click.Choice([*FORMS, "json"]), help="What to print.")
@primitives_option
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
        print_json(formula.document(found.name, found.graph) | {"lineage": [asdict(step) for step in _lineage(loss, found)]})
        return
    print(FORMS[form](found))
    if form == "text" and (steps := _lineage(loss, found)):
        print("\n".join(_ancestry(steps)))


def _lineage(what: str, loss: Loss) -> "tuple[Ancestor, ...]":
    """The ancestors of a loss in the run by which it was named; () if it was not."""
    if (named := of_run(what)) is None:
        return ()
    from rlsearch.analysis.lineage import lineage
    from rlsearch.store.journal import Journal  # heavy: numpy, 0.1 s

    with Journal(run_folder(named[0])) as journal:
        return lineage(journal, loss.key)


def _ancestry(steps: "tuple[Ancestor, ...]") -> Iterator[str]:
    """Lines on where a loss comes from, the latest first."""
    for number, step in enumerate(steps[:ANCESTORS]):
        bred = f" of {' and '.join(map(str, step.parents))}" if step.parents else ""
        line = f"{'' if number else 'lineage':<9} proposal {step.proposal}, {step.origin}{bred}: {inline_loss(step.loss)}"
        yield from fitting(line, indent=" " * 10)
    if len(steps) > ANCESTORS:
        yield f"{'':<9} and {len(steps) - ANCESTORS} before; --json has all"
