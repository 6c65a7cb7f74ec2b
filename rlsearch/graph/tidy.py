"""A canonical form as people write it: differences instead of added negations, and the estimate before its target."""

from rlsearch.graph.graph import CONSTANT, INPUT, Builder, Graph
from rlsearch.registry import operations


def tidy(graph: Graph) -> Graph:
    """The same loss: `0.5 * (r + -q_sa + y)**2` becomes `0.5 * (q_sa - (r + y))**2`."""
    builder = Builder()
    number: list[int] = []
    for node in graph.nodes:
        args = [number[arg] for arg in node.args]
        if node.op == INPUT:
            number.append(builder.input(str(node.leaf)))
        elif node.op == CONSTANT:
            number.append(builder.constant(float(node.leaf or 0.0)))
        elif node.op == "add":
            number.append(_sum(builder, args))
        elif node.op == "neg" and (turned := _turned(builder, args[0])) is not None:
            number.append(turned)
        else:
            if operations()[node.op].even:
                args = [_flipped(builder, args[0])]
            number.append(builder.apply(node.op, *args))
    return builder.graph(number[-1])


def _sum(builder: Builder, args: list[int]) -> int:
    """What is added, less what is taken away; each side a sum of its own."""
    plus: list[int] = []
    minus: list[int] = []
    for arg in args:
        _collect(builder, arg, plus, minus)
    if not plus:
        return builder.apply("neg", _joined(builder, minus))
    return builder.apply("sub", _joined(builder, plus), _joined(builder, minus)) if minus else _joined(builder, plus)


def _collect(builder: Builder, index: int, plus: list[int], minus: list[int]) -> None:
    node = builder.nodes[index]
    if node.op == "add":
        for arg in node.args:
            _collect(builder, arg, plus, minus)
    elif node.op == "sub":
        _collect(builder, node.args[0], plus, minus)
        _collect(builder, node.args[1], minus, plus)
    elif node.op == "neg":
        _collect(builder, node.args[0], minus, plus)
    elif node.op == "mul" and (value := _negative(builder, node.args[0])) is not None:
        minus.append(builder.apply("mul", builder.constant(-value), node.args[1]))
    elif (value := _negative(builder, index)) is not None:
        minus.append(builder.constant(-value))
    else:
        plus.append(index)


def _negative(builder: Builder, index: int) -> float | None:
    """The value of a negative literal."""
    leaf = builder.nodes[index].leaf
    return leaf if isinstance(leaf, float) and leaf < 0 else None


def _joined(builder: Builder, terms: list[int]) -> int:
    total = terms[0]
    for term in terms[1:]:
        total = builder.apply("add", total, term)
    return total


def _flipped(builder: Builder, index: int) -> int:
    """Under an even function the sign is free: what the online network says comes first."""
    node = builder.nodes[index]
    if node.op == "sub" and builder.carries[node.args[1]] and not builder.carries[node.args[0]]:
        return builder.apply("sub", node.args[1], node.args[0])
    return index


def _turned(builder: Builder, index: int) -> int | None:
    """-x without a minus in front: `-(y * (a - b))` is `y * (b - a)`; None where there is no difference to turn."""
    node = builder.nodes[index]
    if node.op == "sub" and node.args[0] != node.args[1]:  # x - x stays what it is
        return builder.apply("sub", node.args[1], node.args[0])
    if node.op == "mul" and (turned := _turned(builder, node.args[1])) is not None:
        return builder.apply("mul", node.args[0], turned)
    return None
