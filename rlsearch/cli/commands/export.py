"""`rlsearch export`."""

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from rlsearch.cli import formula
from rlsearch.cli.argument_types import LOSS
from rlsearch.cli.formula_argument import FormulaCommand
from rlsearch.cli.output import SCHEMA, check_vacant, force_option, json_option, print_json, write_new
from rlsearch.cli.primitives_option import primitives_option
from rlsearch.errors import RlsearchError
from rlsearch.loss import Loss


def _sympy(loss: Loss) -> str:
    from rlsearch.compile.sympy_text import sympy_text  # heavy: sympy, 0.4 s

    return sympy_text(loss.graph)


def _mathml(loss: Loss) -> str:
    from rlsearch.compile.latex import mathml

    return mathml(loss.graph) + "\n"


def _torchscript(loss: Loss) -> bytes:
    from rlsearch.compile.torchscript import save_loss

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "loss.pt"
        save_loss(loss.graph, path)
        return path.read_bytes()


def _json(loss: Loss) -> str:
    document = {"schema": SCHEMA, **formula.document(loss.name, loss.graph)}
    return json.dumps(document, allow_nan=False, ensure_ascii=False, indent=2) + "\n"


def _dot(loss: Loss) -> str:
    from rlsearch.cli.diagram import dot

    return dot(loss.graph) + "\n"


def _graphml(loss: Loss) -> str:
    from rlsearch.cli.diagram import graphml

    return graphml(loss.graph) + "\n"


STDOUT = Path("-")
WRITERS: Mapping[str, Callable[[Loss], str | bytes]] = {
    "python": Loss.source,
    "torchscript": _torchscript,
    "sympy": _sympy,
    "latex": lambda loss: loss.latex() + "\n",
    "mathml": _mathml,
    "svg": lambda loss: loss._repr_svg_() + "\n",
    "dot": _dot,
    "graphml": _graphml,
    "json": _json,
}


def _answer(loss: Loss, form: str, content: str | bytes, output: Path | None) -> dict[str, Any]:
    """What was written where, as data; without a file, the text itself."""
    found: dict[str, Any] = {"loss": loss.name, "hash": loss.key, "form": form, "file": output and str(output)}
    found["bytes"] = len(content.encode() if isinstance(content, str) else content)
    found["content"] = content if output is None else None
    if form in ("python", "torchscript"):
        found["arguments"] = loss.arguments()
    if form == "sympy":
        from rlsearch.compile.sympy_text import caveats, domains  # heavy: sympy, 0.4 s

        found |= {"caveats": list(caveats(loss.graph)), "domains": domains(loss.graph)}
    return found


@click.command("export", cls=FormulaCommand)
@click.argument("loss", type=LOSS)
@click.option("--to", "form", required=True, type=click.Choice(list(WRITERS)), help="What to write.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file, or - for stdout.  [default: -]")
@primitives_option
@force_option
@json_option
def command(loss: str, form: str, output: Path | None, force: bool, as_json: bool) -> None:
    """Write a loss in a form that does not need rlsearch.

    LOSS is a known name, a .loss file, an expression in quotes, RUN@HASH or RUN@best. With --json the answer says what was
    written where; without -o it holds the text.

    \b
    rlsearch export results/runs/quickstart-0@best --to python -o loss.py
    rlsearch export dqn --to torchscript -o dqn.pt      then torch.jit.load("dqn.pt")

    \b
    torch.jit.load says it is deprecated. Not to hear that:
    old = "`torch.jit.load` is", DeprecationWarning
    warnings.filterwarnings("ignore", *old)
    loss = torch.jit.load("dqn.pt")
    """
    found = Loss(loss)
    output = None if output == STDOUT else output
    if output is not None:
        check_vacant(output, force)
    elif form == "torchscript":
        raise RlsearchError("TorchScript is binary and needs a file; type e.g. -o loss.pt")
    content = WRITERS[form](found)
    if output is not None:
        write_new(output, content, force)
        click.echo(f"{output}: {found.name} as {form}", err=True)
    if as_json:
        print_json(_answer(found, form, content, output))
    elif output is None:
        click.echo(content, nl=False)
