"""A canonical form as people write it: differences, quotients and clips, and the estimate before its target."""

from functools import reduce

from rlsearch.graph.graph import CONSTANT, INPUT, Builder, Graph
from rlsearch.registry import operations
from rlsearch.simplify.form import Number, exact_number


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
        elif node.op == "neg" and (turned := _turn_difference(builder, args[0])) is not None:
            number.append(turned)
        elif node.op == "mul" and (drawn := _push_in_factor(builder, *args)) is not None:
            number.append(drawn)
        elif node.op == "minimum" and (clip := _clip(builder, *args)) is not None:
            number.append(clip)
        else:
            if operations()[node.op].even:
                args = [_put_gradient_first(builder, args[0])]
            number.append(builder.apply(node.op, *args))
    return builder.graph(number[-1])


def _sum(builder: Builder, args: list[int]) -> int:
    """The sum of the positive terms, less the sum of the negative ones."""
    plus: list[int] = []
    minus: list[int] = []
    for arg in args:
        _collect_terms(builder, arg, plus, minus)
    return _subtract(builder, plus, minus)


def _subtract(builder: Builder, plus: list[int], minus: list[int]) -> int:
    """The sum of some terms less that of others."""
    if not plus:
        return builder.apply("neg", _add_up(builder, minus))
    return builder.apply("sub", _add_up(builder, plus), _add_up(builder, minus)) if minus else _add_up(builder, plus)


def _collect_terms(builder: Builder, index: int, plus: list[int], minus: list[int]) -> None:
    node = builder.nodes[index]
    if node.op == "add":
        for arg in node.args:
            _collect_terms(builder, arg, plus, minus)
    elif node.op == "sub":
        _collect_terms(builder, node.args[0], plus, minus)
        _collect_terms(builder, node.args[1], minus, plus)
    elif node.op == "neg":
        _collect_terms(builder, node.args[0], minus, plus)
    elif node.op == "mul" and (value := _negative_literal(builder, node.args[0])) is not None:
        minus.append(builder.apply("mul", builder.constant(-value), node.args[1]))
    elif (value := _negative_literal(builder, index)) is not None:
        minus.append(builder.constant(-value))
    else:
        plus.append(index)


def _negative_literal(builder: Builder, index: int) -> float | None:
    """The value of a negative literal."""
    leaf = builder.nodes[index].leaf
    return leaf if isinstance(leaf, float) and leaf < 0 else None


def _add_up(builder: Builder, terms: list[int]) -> int:
    total = terms[0]
    for term in terms[1:]:
        total = builder.apply("add", total, term)
    return total


def _put_gradient_first(builder: Builder, index: int) -> int:
    """Rewrite a - b as b - a if only b carries a gradient, below an even function, which leaves the sign free."""
    node = builder.nodes[index]
    if node.op == "sub" and builder.carries[node.args[1]] and not builder.carries[node.args[0]]:
        return builder.apply("sub", node.args[1], node.args[0])
    return index


def _turn_difference(builder: Builder, index: int) -> int | None:
    """Rewrite -(y * (a - b)) as y * (b - a); None if there is no difference to turn."""
    node = builder.nodes[index]
    if node.op == "sub" and node.args[0] != node.args[1]:  # x - x stays what it is
        return builder.apply("sub", node.args[1], node.args[0])
    if node.op == "mul" and (turned := _turn_difference(builder, node.args[1])) is not None:
        return builder.apply("mul", node.args[0], turned)
    return None


def _clip(builder: Builder, a: int, high: int) -> int | None:
    """Rewrite min(max(a, low), high) as clip; None if the bounds are not literals, or gradient flows, half of it at ties."""
    node = builder.nodes[a]
    if node.op != "maximum" or {builder.nodes[node.args[1]].op, builder.nodes[high].op} != {CONSTANT} or builder.carries[a]:
        return None
    return builder.apply("clip", *node.args, high)


def _push_in_factor(builder: Builder, factor: int, x: int) -> int | None:
    """Rewrite k * ((a - b / k) * c) as (k * a - b) * c, and k * (1 / c) as k / c; None if that is no shorter."""
    value = builder.nodes[factor].leaf
    if not isinstance(value, float):
        return None
    node = builder.nodes[x]
    if node.op == "div" and builder.nodes[node.args[0]].leaf == 1.0:
        return builder.apply("div", factor, node.args[1])
    links = [x]
    while builder.nodes[links[0]].op == "mul":
        links[:1] = builder.nodes[links[0]].args
    for index, link in enumerate(links if len(links) > 1 else ()):
        if builder.nodes[link].op in ("add", "sub") and (inner := _distribute(builder, exact_number(value), link)) is not None:
            made = [*links[:index], inner, *links[index + 1 :]]
            return reduce(lambda left, right: builder.apply("mul", left, right), made)
    return None


def _distribute(builder: Builder, factor: Number, index: int) -> int | None:
    """Rewrite factor * (a + b) as factor * a + factor * b; None if that takes as many literals."""
    plus: list[int] = []
    minus: list[int] = []
    _collect_terms(builder, index, plus, minus)
    terms = [
        (sign * own, term)
        for sign, side in ((1, plus), (-1, minus))
        for own, term in (_coefficient_and_term(builder, at) for at in side)
    ]
    before, after = (sum(abs(by * own) != 1 for own, _ in terms) for by in (1, factor))
    if after >= before + (abs(factor) != 1):
        return None
    scaled = [(own * factor > 0, _monomial(builder, abs(float(own * factor)), term)) for own, term in terms]
    return _subtract(
        builder, [node for positive, node in scaled if positive], [node for positive, node in scaled if not positive]
    )


def _coefficient_and_term(builder: Builder, index: int) -> tuple[Number, int | None]:
    """A term as coefficient and the rest; None for a literal."""
    op, args, leaf = builder.nodes[index]
    if isinstance(leaf, float):
        return exact_number(leaf), None
    value = builder.nodes[args[0]].leaf if op == "mul" else None
    return (exact_number(value), args[1]) if isinstance(value, float) else (1, index)


def _monomial(builder: Builder, factor: float, term: int | None) -> int:
    if term is None:
        return builder.constant(factor)
    return term if factor == 1 else builder.apply("mul", builder.constant(factor), term)
