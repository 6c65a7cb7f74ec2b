"""Readable PyTorch source of a loss. The lasting product: it depends on torch alone, and TorchScript is made from it."""

import ast
import math
import textwrap
from functools import cache

from rlsearch.compile.numpy_tape import fold
from rlsearch.compile.tape import Q_INPUTS, SAMPLE_INPUTS
from rlsearch.graph.graph import INPUT, Graph, Node
from rlsearch.graph.inputs import INPUTS
from rlsearch.graph.naming import field_names
from rlsearch.graph.text import MAX_LINE, print_graph
from rlsearch.op import Type
from rlsearch.registry import operations

Q_NAMES = tuple(f"q_{network}_{state}" for network, state in Q_INPUTS)
MANY = (Type.VECTOR, Type.SIMPLEX)
# Expressions of more characters than this get a name of their own.
LONG = 60


def arguments(graph: Graph) -> tuple[str, ...]:
    """What the compiled loss takes, in the one fixed order; only what the graph reads."""
    names = {"_".join(["q", *(str(graph.nodes[arg].leaf) for arg in node.args)]) for node in graph.nodes if node.op == "q"}
    names |= {str(node.leaf) for node in graph.nodes if node.op == INPUT}
    return tuple(name for name in (*Q_NAMES, *SAMPLE_INPUTS) if name in names)


def torch_source(graph: Graph) -> str:
    """Source of `loss(...) -> [B]`, one value per sample; the caller takes the mean over the batch."""
    taken = arguments(graph)
    lines = [f"{name} = {name}.detach()" for name in taken if name.startswith("q_target")]  # target_old as well
    if any(node.leaf == "num_actions" for node in graph.nodes):
        q_first = next(name for name in taken if name.startswith("q_"))
        lines.append(f"num_actions = torch.full_like({q_first}[..., 0], {q_first}.size(-1))")
    lines += _body(graph, taken)
    takes = [f"{name}: torch.Tensor" for name in taken]
    head = f"def loss({', '.join(takes)}) -> torch.Tensor:\n"
    if len(head) > MAX_LINE:
        head = "def loss(\n" + "".join(f"    {take},\n" for take in takes) + ") -> torch.Tensor:\n"
    return head + textwrap.indent("\n".join(lines), "    ") + "\n"


def _body(graph: Graph, taken: tuple[str, ...]) -> list[str]:
    uses = [0] * len(graph.nodes)
    for node in graph.nodes:
        op = operations().get(node.op)
        for k, arg in enumerate(node.args):
            # An argument that the facet reads twice is computed once.
            uses[arg] += _mentions(op.torch, op.args[k]) if op and not op.external else 1
    names, lines = field_names(graph), list[str]()
    literals = {index: value for index, value in fold(graph, 0).items() if graph.types[index] == Type.CONSTANT}
    texts: list[ast.expr] = []
    for index, node in enumerate(graph.nodes):
        if index in literals:
            text = _number(literals[index])
        else:
            text = _expression(graph, node, texts, literals)
        wanted = uses[index] > 1 or index in names or len(ast.unparse(text)) > LONG
        if wanted and not isinstance(text, ast.Name | ast.Constant | ast.UnaryOp) and index != graph.root:
            name = names.get(index, f"x{len(lines) + 1}")
            lines.append(f"{name} = {ast.unparse(text)}")
            text = ast.Name(name)
        texts.append(text)
    return [*lines, f"return {ast.unparse(texts[-1])}"]


def _number(value: float) -> ast.expr:
    text = repr(value) if math.isfinite(value) else f"float('{value}')"
    return ast.parse(text, mode="eval").body


@cache
def _mentions(facet: str, name: str) -> int:
    return sum(isinstance(part, ast.Name) and part.id == name for part in ast.walk(ast.parse(facet)))


def _expression(graph: Graph, node: Node, texts: list[ast.expr], literals: dict[int, float]) -> ast.expr:
    if node.op == INPUT:
        return ast.Name(str(node.leaf))
    op = operations()[node.op]
    if op.external:
        return ast.Name("_".join(["q", *(str(graph.nodes[arg].leaf) for arg in node.args)]))
    kinds = [graph.types[arg] for arg in node.args]
    if op.name == "div" and abs(literals.get(node.args[1], 0.0)) >= 1e-6:  # a literal divisor needs no guard
        return ast.BinOp(texts[node.args[0]], ast.Div(), texts[node.args[1]])
    wide = any(kind in MANY for kind in kinds)
    holes: dict[str, ast.expr] = {}
    given = list(zip(node.args, kinds, strict=True))
    like = next((texts[arg] for arg, kind in given if kind in MANY), None)
    if like is None:
        like = next((texts[arg] for arg, kind in given if kind != Type.CONSTANT), None)
    for name, arg, kind in zip(op.args, node.args, kinds, strict=True):
        hole = texts[arg]
        if op.elementwise and kind == Type.REAL and wide:
            hole = ast.Call(ast.Attribute(hole, "unsqueeze"), [ast.Constant(-1)], [])
        elif kind == Type.CONSTANT and name not in op.literals and op.symbol not in ("+", "-", "*"):
            # torch's functions want tensors where its operators take numbers.
            assert like is not None, "an op on literals alone has been folded"
            hole = ast.Call(ast.Attribute(ast.Name("torch"), "full_like"), [like, hole], [])
        holes[name] = hole
    facet: ast.expr = _Fill(holes).visit(ast.parse(op.torch, mode="eval").body)
    return facet


class _Fill(ast.NodeTransformer):
    def __init__(self, holes: dict[str, ast.expr]) -> None:
        self.holes = holes

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.holes.get(node.id, node)  # shared, not copied: what was written once is never changed


def python_module(graph: Graph, title: str = "", about: str = "") -> str:
    """A file to copy into a project: the loss as a pure function of tensors, with shapes and an example in its docstring.

    Args:
        graph: the loss.
        title: its name.
        about: what it is and where it is from.
    """
    taken = arguments(graph)
    meaning = "\n".join(f"    {name}: {_meaning(name)}." for name in taken)
    text = textwrap.indent(print_graph(graph), "    ")
    doc = (
        f'"""{_safe(title) or "A reinforcement-learning loss"}, one value per transition of a batch; train on its mean.\n\n'
        f"{_paragraph(about)}{text}\n\nArguments of `loss`, in this order (B transitions, A actions):\n{meaning}\n\n"
        "Example, on random numbers for the networks' outputs and the batch; `python -m doctest FILE` runs it:\n\n"
        f"{_example(taken)}\n\n"
        'Exported by rlsearch; this file needs torch only.\n"""\n\nimport torch\n\n\n'
    )
    return doc + torch_source(graph)


def _safe(words: str) -> str:
    """Words that cannot end a docstring."""
    return words.replace("\\", "/").replace('"', "'")


def _paragraph(about: str) -> str:
    return "\n".join(textwrap.wrap(_safe(about), MAX_LINE)) + "\n\n" if about else ""


def _example(taken: tuple[str, ...]) -> str:
    """The loss of a random batch, and its gradient."""
    made = {"a": "torch.randint(3, (8,))"} | {name: "torch.rand(8)" for name in SAMPLE_INPUTS if name != "a"}
    lines = []
    for name in taken:
        trained = ", requires_grad=True" if name.startswith("q_online") else ""
        lines.append(f"{name} = {made.get(name, f'torch.randn(8, 3{trained})')}")
    return textwrap.indent("\n".join([*lines, f"loss({', '.join(taken)}).mean().backward()"]), "    >>> ")


def _meaning(name: str) -> str:
    if name in SAMPLE_INPUTS:
        doc = INPUTS[name].doc.removesuffix(".")
        return f"[B]{' int64' if name == 'a' else ''}, {doc[0].lower()}{doc[1:]}"
    network, state = (INPUTS[part].short for part in Q_INPUTS[Q_NAMES.index(name)])
    return f"[B, A], {network}'s action values in {state}"
