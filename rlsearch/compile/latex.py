"""LaTeX and MathML of a loss, from the ops' templates. Values per action are printed as functions of an action a'."""

from rlsearch.graph.graph import CONSTANT, INPUT, Graph
from rlsearch.graph.inputs import INPUTS
from rlsearch.graph.text import ATOM, PRECEDENCE
from rlsearch.op import ACCEPTS, Op, Type
from rlsearch.registry import operations

# How tightly an op's template binds, where the text form prints it as a call.
LEVELS = PRECEDENCE | {"half_square": PRECEDENCE["mul"]}
OWN_BRACKETS = ("\\left", "\\frac", "\\sqrt")
BOUND_ACTION = "a'"


def latex(graph: Graph) -> str:
    """The formula of a loss."""
    return _latex(graph, graph.root, BOUND_ACTION)[0]


def mathml(graph: Graph) -> str:
    """The formula as MathML, which browsers draw without a script."""
    from latex2mathml.converter import convert  # 40 ms, wanted by reports only

    return str(convert(latex(graph), display="block"))


def _latex(graph: Graph, index: int, action: str) -> tuple[str, int]:
    """Formula of a node and how tightly it binds; a Vector is printed at one action."""
    node = graph.nodes[index]
    if node.op == INPUT:
        return INPUTS[str(node.leaf)].latex, ATOM
    if node.op == CONSTANT:
        assert isinstance(node.leaf, float)
        return f"{node.leaf:g}", ATOM if node.leaf >= 0 else PRECEDENCE["neg"]
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
    return text, LEVELS.get(op.name, ATOM)


def _needed(op: Op, place: int) -> int:
    """How tightly an argument must bind to stand in the op's template without brackets."""
    if op.name in ("add", "sub", "mul"):
        return LEVELS[op.name] + (place if op.name == "sub" else 0)
    if op.name == "neg":
        return PRECEDENCE["mul"]
    return 0 if op.external or any(mark in op.latex for mark in OWN_BRACKETS) else ATOM
