"""`rlsearch ops`."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from rlsearch.cli.argument_types import OP
from rlsearch.cli.output import check_vacant, force_option, json_option, print_json, write_new
from rlsearch.cli.plot import LEAST, beside, dots, number, plot
from rlsearch.cli.primitives_option import primitives_option
from rlsearch.cli.tables import fitting, table
from rlsearch.compile.plain import plain_op
from rlsearch.errors import RlsearchError, did_you_mean
from rlsearch.op import Op
from rlsearch.registry import families, operations
from rlsearch.registry.ops import OWN_OPS
from rlsearch.simplify.rules import rules_of

WIDEST, NARROWEST = 100, 24  # characters of two plots beside each other, and of one alone


def _document(family: str, op: Op) -> dict[str, Any]:
    return {
        "name": op.name,
        "family": family,
        "args": op.args,
        "signature": op.signature,
        "symbol": op.symbol,
        "doc": op.doc,
        "formula": plain_op(op, op.args),
        "domain": dict(zip(op.args, op.domain, strict=True)),
        "literals": op.literals,
        "algebra": {
            "commutes": op.commutes,
            "associates": op.associates,
            "idempotent": op.idempotent,
            "identity": op.identity,
            "even": op.even,
            "odd": op.odd,
            "projection": op.projection,
            "nonnegative": op.nonnegative,
        },
        "rewriting": [{"equation": rule.equation, "when": rule.when, "differs": rule.differs} for rule in rules_of(op.name)],
        "torch": op.torch,
        "numpy": op.numpy,
        "partials": dict(zip(op.args, op.partials, strict=True)),
        "sympy": op.sympy,
        "latex": op.latex.format(**{arg: arg for arg in op.args}, action="a'"),
        "source": op.source,
    }


@click.command("ops")
@click.argument("name", required=False, type=OP)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Draw the op NAME and its derivative into this SVG file.")
@force_option
@primitives_option
@json_option
def command(name: str | None, output: Path | None, force: bool, as_json: bool) -> None:
    """Operations that losses are made of; NAME is one of them, then drawn with its derivative, or a family.

    \b
    rlsearch ops
    rlsearch ops huber
    rlsearch ops huber -o huber.svg
    """
    if name is not None and name not in (named := {*families(), *operations()}):
        raise RlsearchError(f"unknown op '{name}'{did_you_mean(name, named)}; {OWN_OPS}")
    if output is not None:
        if name is None or name not in operations():
            raise RlsearchError("-o draws one op; type its name, as in `rlsearch ops huber -o huber.svg`")
        _draw(operations()[name], output, force)
        return
    found = [_document(family, op) for family, ops in families().items() for op in ops]
    if name is not None:
        found = [op for op in found if name == op["name"]] or [op for op in found if name == op["family"]]
    if as_json:
        print_json({"ops": found})
    elif name is not None and name in operations():
        facts = (line for fact in _facts(found[0]) for line in fitting(fact, indent=" " * 11))
        print("\n".join([*facts, *_plots(operations()[name])]))
    else:
        rows = [(op["name"], op["family"], ", ".join(op["args"]), op["doc"]) for op in found]
        print("\n".join(table(("op", "family", "arguments", "what it is"), rows)))


def _draw(op: Op, output: Path, force: bool) -> None:
    from rlsearch.report.op_chart import op_chart  # heavy: numpy and markupsafe, 0.1 s

    check_vacant(output, force)
    write_new(output, op_chart(op) + "\n", force)
    click.echo(f"{output}: {op.name} and its derivative", err=True)


def _facts(op: dict[str, Any]) -> Iterator[str]:
    yield f"{op['name']}({', '.join(op['args'])})  {op['doc']}"
    facts = {"domain": _domain(op), "algebra": ", ".join(_algebra(op["algebra"]))}
    for key in ("formula", "family", "signature", "symbol", "domain", "algebra", "torch", "numpy", "sympy", "latex", "source"):
        if value := facts.get(key, op.get(key)):
            yield f"  {key:<11}{value}"
    for arg, partial in op["partials"].items():
        yield f"  {'d/d' + arg:<11}{partial or 'no gradient'}"
    if any(partial and re.search(r"\b[yg]\b", partial) for partial in op["partials"].values()):
        yield f"  {'':<11}(y: the result; g: the gradient by the result, where it is multiplied in)"
    for place, rule in enumerate(op["rewriting"]):
        notes = [note for note in (rule["when"], rule["differs"] and f"may differ: {rule['differs']}") if note]
        yield f"  {'' if place else 'rewritten':<11}{rule['equation']}" + (f"  ({'; '.join(notes)})" if notes else "")


def _domain(op: dict[str, Any]) -> str:
    spans = {arg: f"{arg} in [{low:g}, {high:g}]" for arg, (low, high) in op["domain"].items() if low < high}
    return ", ".join(span + " (a literal)" * (arg in op["literals"]) for arg, span in spans.items())


def _algebra(algebra: dict[str, Any]) -> Iterator[str]:
    """The algebraic properties that an op declares, in words."""
    words = {
        "commutes": "commutes",
        "associates": "associates",
        "idempotent": "idempotent: f(x, x) = x",
        "even": "even: f(-x) = f(x)",
        "odd": "odd: f(-x) = -f(x)",
        "projection": "projection: f(f(x)) = f(x)",
        "nonnegative": "never below 0",
    }
    yield from (text for key, text in words.items() if algebra[key])
    if algebra["identity"] is not None:
        yield f"identity {algebra['identity']:g}"


def _plots(op: Op) -> Iterator[str]:
    """Plots of the value and derivative along each argument, side by side if the terminal is wide enough."""
    from rlsearch.report.op_slices import slices  # heavy: numpy, 0.1 s

    cuts = slices(op)
    if not cuts:
        yield "\nno picture: a network computes it before the loss runs"
    columns = min(shutil.get_terminal_size().columns, WIDEST)
    wide = columns >= 2 * LEAST + 2
    width = (columns - 2) // 2 if wide else max(columns, NARROWEST)
    for cut in cuts:
        at = cut.grid(dots(width))
        ends = f"{cut.arg} from {number(cut.low)} to {number(cut.high)}"
        yield ""
        yield from fitting(f"{cut.result} for {ends}{', ' + cut.held.replace('-', '−') if cut.held else ''}")
        value = plot("value", cut.arg, at.tolist(), cut.value(at).tolist(), width)
        if cut.derivative is None:
            yield from (line.rstrip() for line in value)
            yield f"d/d{cut.arg}: no gradient"
        else:
            slope = plot(f"d/d{cut.arg}", cut.arg, at.tolist(), cut.derivative(at).tolist(), width)
            yield from beside(value, slope) if wide else (line.rstrip() for line in (*value, *slope))
    if op.commutes:
        yield ""
        yield from fitting(f"{' and '.join(op.args)} may be swapped: the picture for {op.args[1]} is the same")
