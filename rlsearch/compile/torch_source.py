"""Readable PyTorch source of a loss, the lasting product: it depends on torch alone, and TorchScript is made from it."""

import ast
import math
import textwrap

from rlsearch.compile.argument_checks import argument_checks, shape_text, type_of_argument
from rlsearch.compile.folding import fold
from rlsearch.compile.mentions import mentions
from rlsearch.graph.graph import INPUT, Graph
from rlsearch.graph.naming import field_names
from rlsearch.graph.text import MAX_LINE, print_graph
from rlsearch.op import Axis, Type
from rlsearch.regimes.heads import View
from rlsearch.regimes.regime import Regime
from rlsearch.registry import operations

# Expressions of more characters than this get a name of their own.
LONG = 60
EXAMPLES = {Axis.ACTIONS: 3, Axis.PREDICTIONS: 5}  # sizes of the axes in an example


def arguments(graph: Graph) -> tuple[str, ...]:
    """The arguments of the compiled loss, in the one fixed order; only what the graph reads.

    The size of an axis is read off a network output that has it; without one it is an argument as well.
    """
    read = {str(node.leaf) for node in graph.nodes if node.op == INPUT}
    views = [view for view in graph.regime.views if view in graph.views]
    axes = {graph.regime.type_of(view).axis for view in views}
    sizes = [name for name, given in graph.regime.inputs.items() if given.size_of is not None and given.size_of not in axes]
    return (*(view.name for view in views), *(name for name in (*graph.regime.columns, *sizes) if name in read))


def torch_source(graph: Graph) -> str:
    """Source of `loss(...) -> [B]`, one value per sample; the caller takes the mean over the batch.

    It raises ValueError for arguments whose shapes do not fit together.
    """
    taken, regime = arguments(graph), graph.regime
    views = [view for view in regime.views if view.name in taken]
    lines = argument_checks(graph, taken)
    lines += [f"{view.name} = {view.name}.detach()" for view in views if view.network != regime.trained]
    for node in graph.nodes:
        axis = regime.inputs[str(node.leaf)].size_of if node.op == INPUT else None
        if axis is not None and node.leaf not in taken:
            along = next(view.name for view in views if regime.type_of(view).axis is axis)
            lines.append(f"{node.leaf} = torch.full_like({along}[..., 0], {along}.size(-1))")
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
            uses[arg] += mentions(op.torch, op.args[k]) if op and not op.external else 1
    names, lines = field_names(graph), list[str]()
    literals = {index: value for index, value in fold(graph).items() if graph.types[index] == Type.CONSTANT}
    texts: list[ast.expr] = []
    for index in range(len(graph.nodes)):
        if index in literals:
            text = _number(literals[index])
        else:
            text = _expression(graph, index, texts, literals)
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


def _expression(graph: Graph, index: int, texts: list[ast.expr], literals: dict[int, float]) -> ast.expr:
    node = graph.nodes[index]
    if node.op == INPUT:
        return ast.Name(str(node.leaf))
    op = operations()[node.op]
    if op.external:
        return ast.Name(graph.view(index).name)
    kinds = [graph.types[arg] for arg in node.args]
    if op.name == "div" and abs(literals.get(node.args[1], 0.0)) >= 1e-6:  # a literal divisor needs no guard
        return ast.BinOp(texts[node.args[0]], ast.Div(), texts[node.args[1]])
    wide = any(kind.axis is not None for kind in kinds)
    holes: dict[str, ast.expr] = {}
    given = list(zip(node.args, kinds, strict=True))
    like = next((texts[arg] for arg, kind in given if kind.axis is not None), None)
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

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        """A choice that hangs on literals alone is made here, so that the source has what is computed and nothing else."""
        test = self.visit(node.test)
        if any(isinstance(part, ast.Name | ast.Call) for part in ast.walk(test)):
            return ast.IfExp(test, self.visit(node.body), self.visit(node.orelse))
        chosen: ast.expr = self.visit(node.body if eval(ast.unparse(test), {"__builtins__": {}}) else node.orelse)
        return chosen


def python_module(graph: Graph, title: str = "", about: str = "") -> str:
    """A file to copy into a project: the loss as a pure function of tensors, with shapes and an example in its docstring.

    Args:
        graph: the loss.
        title: its name.
        about: what it is and where it is from.
    """
    taken = arguments(graph)
    meaning = "\n".join(f"    {name}: {_meaning(graph.regime, name)}." for name in taken)
    text = textwrap.indent(print_graph(graph), "    ")
    doc = (
        f'"""{_safe(title) or "A reinforcement-learning loss"}, one value per transition of a batch; train on its mean.\n\n'
        f"{_paragraph(about)}{text}\n\nArguments of `loss`, in this order ({_shapes(graph)}):\n{meaning}\n\n"
        "Example, on random numbers for the networks' outputs and the batch; `python -m doctest FILE` runs it:\n\n"
        f"{_example(graph.regime, taken)}\n\n"
        'Exported by rlsearch; this file needs torch only.\n"""\n\nimport torch\n\n\n'
    )
    return doc + torch_source(graph)


def _safe(words: str) -> str:
    """A text for a docstring, without the words that would end it."""
    return words.replace("\\", "/").replace('"', "'")


def _paragraph(about: str) -> str:
    return "\n".join(textwrap.wrap(_safe(about), MAX_LINE)) + "\n\n" if about else ""


def _shapes(graph: Graph) -> str:
    """A legend of the letters in shapes."""
    axes = {graph.regime.type_of(view).axis for view in graph.views}
    return ", ".join(["B transitions", *(f"{axis.letter} {axis}" for axis in Axis if axis in axes)])


def _view_of(regime: Regime, name: str) -> View | None:
    """The view that an argument holds; None if it is a number of the sample."""
    return next((view for view in regime.views if view.name == name), None)


def _example(regime: Regime, taken: tuple[str, ...]) -> str:
    """Source that computes the loss of a random batch, and its gradient."""
    lines = []
    for name in taken:
        view = _view_of(regime, name)
        if view is None:
            lines.append(f"{name} = {regime.inputs[name].example}")
            continue
        axis = regime.type_of(view).axis
        shape = "8" if axis is None else f"8, {EXAMPLES[axis]}"
        trained = ", requires_grad=True" if view.network == regime.trained else ""
        lines.append(f"{name} = torch.randn({shape}{trained})")
    return textwrap.indent("\n".join([*lines, f"loss({', '.join(taken)}).mean().backward()"]), "    >>> ")


def _meaning(regime: Regime, name: str) -> str:
    view, kind = _view_of(regime, name), type_of_argument(regime, name)
    shape = shape_text(kind)
    if view is None:
        doc = regime.inputs[name].doc.removesuffix(".")
        return f"{shape}{' int64' if kind is Type.ACTION else ''}, {doc[0].lower()}{doc[1:]}"
    network, state = (regime.inputs[part].short for part in (view.network, view.state))
    return f"{shape}, {network}'s {regime.heads[view.head].short} in {state}"
