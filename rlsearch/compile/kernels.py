"""Numba kernels, generated from the op table: one module per op family, compiled once and kept on disk.

A family's module has one `forward` and one `backward`, which every op of the family shares; the instruction says which op
is meant. So a few compiled functions serve every loss there will ever be, and no candidate costs a compilation.
"""

import ast
import hashlib
import importlib.util
import os
import sys
import textwrap
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from filelock import FileLock

from rlsearch.compile.tape import ARGS, AXIS_SIZE, CARRIES, CODE, FIRST, OUT, ROWS, STEP
from rlsearch.numba_support.jit import cache_folder
from rlsearch.op import Op
from rlsearch.registry import derived, families

FORWARD = "void(float32[:, ::1], int64[::1])"
BACKWARD = "void(float32[:, ::1], float32[:, ::1], int64[::1])"

HEADER = '''"""Generated from the op family '{family}'; do not edit."""
from math import exp, log, sqrt, tanh

import numpy as np
from numpy import sign

from rlsearch.numba_support.jit import njit

f = np.float32
'''


@dataclass(frozen=True)
class Kernels:
    """Compiled kernels by family, in the registry's order: `forward[i](regs, ins)`, `backward[i](regs, grads, ins)`."""

    forward: tuple[Any, ...]
    backward: tuple[Any, ...]


class _Scalar(ast.NodeTransformer):
    """A translator from an expression in NumPy's names to one that numba compiles to float32 vector code."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Subscript(node, ast.Name("j")) if node.id in self.names else node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        # `float32 * 0.5` is float64 in numba and halves the width of the vectors.
        return ast.Call(ast.Name("f"), [node], [])

    def visit_Call(self, node: ast.Call) -> ast.expr:
        name = ast.unparse(node.func)
        args = [self.visit(arg) for arg in node.args]
        if name == "where":
            return ast.IfExp(*args)
        name = {"minimum": "min", "maximum": "max"}.get(name, name)
        return ast.Call(ast.Name(name), args, [])


def _scalar(op: Op, expression: str) -> str:
    tree = _Scalar((*op.args, "y")).visit(ast.parse(expression, mode="eval"))
    return ast.unparse(ast.fix_missing_locations(tree))


def _elementwise(op: Op) -> tuple[str, str]:
    """The bodies of the forward and the backward branch of an elementwise op."""

    def column(arg: int, what: int) -> int:
        return ARGS + 3 * arg + what

    rows = "\n".join(
        f"    {name} = regs[ins[{column(k, FIRST)}] + i * ins[{column(k, STEP)}]]" for k, name in enumerate(op.args)
    )
    loop = f"for i in range(ins[{ROWS}]):\n{rows}\n    y = regs[ins[{OUT}] + i]\n"
    forward = loop + f"    for j in range(y.size):\n        y[j] = {_scalar(op, op.numpy)}\n"
    backward = ""
    for k, partial in enumerate(op.partials):
        if partial is not None:
            backward += f"if ins[{column(k, CARRIES)}]:\n" + textwrap.indent(
                loop
                + f"    g = grads[ins[{OUT}] + i]\n"
                + f"    d = grads[ins[{column(k, FIRST)}] + i * ins[{column(k, STEP)}]]\n"
                + f"    for j in range(y.size):\n        d[j] += g[j] * ({_scalar(op, partial)})\n",
                "    ",
            )
    return forward, backward or "pass\n"


def _over_actions(op: Op) -> tuple[str, str]:
    places = ", ".join(f"ins[{ARGS + 3 * k + FIRST}]" for k in range(len(op.args)))
    tail = f"{places}, ins[{OUT}], ins[{AXIS_SIZE}])\n"
    return f"{op.name}_forward(regs, {tail}", f"{op.name}_backward(regs, grads, {tail}" if op.backward else "pass\n"


def _function(source: str, name: str) -> str:
    """Source of a kernel function, renamed, without annotations."""
    tree = ast.parse(textwrap.dedent(source)).body[0]
    assert isinstance(tree, ast.FunctionDef)
    tree.name, tree.returns = name, None
    for arg in tree.args.args:
        arg.annotation = None
    return f"@njit()\n{ast.unparse(tree)}\n"


def source_of_family(family: str, ops: tuple[Op, ...]) -> str:
    """Python source of a family's kernel module."""
    helpers: list[str] = []
    branches: list[tuple[str, str]] = []
    for op in ops:
        if op.external:
            branches.append(("pass\n", "pass\n"))
            continue
        if op.elementwise:
            branches.append(_elementwise(op))
            continue
        facets = op.facets()
        helpers += [_function(facets[side], f"{op.name}_{side}") for side in ("forward", "backward") if facets[side]]
        branches.append(_over_actions(op))
    parts = [HEADER.format(family=family), *helpers]
    for side, signature, arguments in ((0, FORWARD, "regs, ins"), (1, BACKWARD, "regs, grads, ins")):
        body = "".join(
            f"    {'if' if k == 0 else 'elif'} code == {k}:  # {ops[k].name}\n{textwrap.indent(branch[side], ' ' * 8)}"
            for k, branch in enumerate(branches)
        )
        name = ("forward", "backward")[side]
        parts.append(f"@njit({signature!r}, fastmath=True)\ndef {name}({arguments}):\n    code = ins[{CODE}]\n{body}")
    return "\n\n".join(parts)


def _module(family: str, source: str) -> ModuleType:
    folder = cache_folder() / "kernels"
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.blake2b(source.encode(), digest_size=8).hexdigest()
    path = folder / f"{family}_{digest}.py"
    # Workers and test processes start together: one compiles, the others wait and load.
    with FileLock(f"{path}.lock"):
        if not path.exists():
            draft = path.with_suffix(f".{os.getpid()}")
            draft.write_text(source, encoding="utf-8")
            draft.replace(path)
        spec = importlib.util.spec_from_file_location(f"rlsearch_kernels_{path.stem}", path)
        assert spec is not None and spec.loader is not None
        module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)  # numba's cache looks it up by name
        spec.loader.exec_module(module)
    return module


def compile_family(family: str, ops: tuple[Op, ...]) -> ModuleType:
    """The module of a family's kernels, compiled now or loaded from the cache."""
    return _module(family, source_of_family(family, ops))


@derived
@cache
def load_kernels() -> Kernels:
    """Kernels of every op family, compiled now (about 10 s) or loaded from the cache."""
    modules = [compile_family(family, ops) for family, ops in families().items()]
    return Kernels(tuple(module.forward for module in modules), tuple(module.backward for module in modules))
