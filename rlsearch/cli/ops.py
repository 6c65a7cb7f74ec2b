"""`rlsearch ops`."""

from typing import Any

import click

from rlsearch.cli.output import json_option, print_json, table
from rlsearch.cli.primitives import primitives_option
from rlsearch.errors import RlsearchError, did_you_mean
from rlsearch.op import Op
from rlsearch.registry import families, operations


def _document(family: str, op: Op) -> dict[str, Any]:
    return {
        "name": op.name,
        "family": family,
        "args": op.args,
        "signature": op.signature,
        "symbol": op.symbol,
        "doc": op.doc,
        "torch": op.torch,
        "numpy": op.numpy,
        "partials": dict(zip(op.args, op.partials, strict=True)),
        "sympy": op.sympy,
        "latex": op.latex,
        "source": op.source,
    }


@click.command("ops")
@click.argument("name", required=False)
@primitives_option
@json_option
def command(name: str | None, as_json: bool) -> None:
    """Operations that losses are made of; NAME is one of them, or a family.

    \b
    rlsearch ops
    rlsearch ops huber
    """
    found = [_document(family, op) for family, ops in families().items() for op in ops]
    if name is not None:
        named = {*families(), *operations()}
        if name not in named:
            raise RlsearchError(f"unknown op '{name}'{did_you_mean(name, named)}")
        found = [op for op in found if name == op["name"]] or [op for op in found if name == op["family"]]
    if as_json:
        print_json({"ops": found})
    elif name in operations():
        print("\n".join(_facts(found[0])))
    else:
        rows = [(op["name"], op["family"], ", ".join(op["args"]), op["doc"]) for op in found]
        print("\n".join(table(("op", "family", "arguments", "what it is"), rows)))


def _facts(op: dict[str, Any]) -> list[str]:
    lines = [f"{op['name']}({', '.join(op['args'])})  {op['doc']}"]
    for key in ("family", "signature", "symbol", "torch", "numpy", "sympy", "latex", "source"):
        if op[key]:
            lines.append(f"  {key:<11}{op[key]}")
    for arg, partial in op["partials"].items():
        lines.append(f"  {'d/d' + arg:<11}{partial or 'no gradient'}")
    return lines
