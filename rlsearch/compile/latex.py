"""LaTeX and MathML of a loss, from the ops' templates. Values per action are printed as functions of an action a'."""

from rlsearch.graph.graph import CONSTANT, INPUT, Graph
from rlsearch.graph.text import ATOM, PRECEDENCE
from rlsearch.op import ACCEPTS, Op, Type
from rlsearch.registry import known_inputs, operations

# How tightly an op's template binds, where the text form prints it as a call.
LEVELS = PRECEDENCE | {"half_square": PRECEDENCE["mul"]}
OWN_BRACKETS = ("\\left", "\\frac", "\\sqrt")
BOUND_ACTION = "a'"
# `max Q` binds looser than a product on its left (`gamma max Q` is fine), and so must not be its left factor or a base.
PREFIX = 2.5


def latex(graph: Graph) -> str:
    """The formula of a loss."""
    return _latex(graph, graph.root, BOUND_ACTION)[0]


def mathml(graph: Graph) -> str:
    """The formula as MathML, which browsers draw without a script."""
    from latex2mathml.converter import convert  # 40 ms, wanted by reports only

    return str(convert(latex(graph), display="block"))


def _number(value: float) -> tuple[str, float]:
    """`0.5`, `-2`, or `2.5 \\cdot 10^{-9}`."""
    mantissa, _, exponent = f"{value:g}".partition("e")
    if not exponent:
        return mantissa, ATOM if value >= 0 else PRECEDENCE["neg"]
    power = f"10^{{{int(exponent)}}}"
    if mantissa in ("1", "-1"):
        return mantissa[:-1] + power, PRECEDENCE["square" if value >= 0 else "neg"]
    return rf"{mantissa} \cdot {power}", PRECEDENCE["mul"]


def _latex(graph: Graph, index: int, action: str) -> tuple[str, float]:
    """Formula of a node and how tightly it binds; a Vector is printed at one action."""
    node = graph.nodes[index]
    if node.op == INPUT:
        return known_inputs()[str(node.leaf)].latex, ATOM
    if node.op == CONSTANT:
        assert isinstance(node.leaf, float)
        return _number(node.leaf)
    op = operations()[node.op]
    if op.name == "select":
        return _latex(graph, node.args[0], _latex(graph, node.args[1], action)[0])
    reduces = not op.elementwise and not op.external
    inner = BOUND_ACTION if reduces else action
    parts = [_latex(graph, arg, inner) for arg in node.args]
    holes = {
        name: text if precedence >= _needed(op, place) else rf"\left({text}\right)"
        for place, (name, (text, precedence)) in enumerate(zip(op.args, parts, strict=True))
    }
    text = op.latex.format(**holes, action=action)
    if reduces and graph.types[index] not in (*ACCEPTS[Type.REAL], Type.ACTION):
        text += f"[{action}]"
    bracketed = any(mark in op.latex for mark in OWN_BRACKETS)
    return text, LEVELS.get(op.name, PREFIX if reduces and not bracketed else ATOM)


def _needed(op: Op, place: int) -> float:
    """How tightly an argument must bind to stand in the op's template without brackets."""
    if op.name == "add" or (op.name, place) == ("sub", 0):
        return PRECEDENCE["add"]
    if op.name in ("sub", "neg") or (op.name, place) == ("mul", 1):
        return PREFIX
    if op.name == "mul":
        return PRECEDENCE["mul"]
    return 0 if op.external or any(mark in op.latex for mark in OWN_BRACKETS) else ATOM
