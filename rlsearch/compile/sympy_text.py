"""A loss as a text that sympy reads, with what a reader must know of it behind it."""

from collections.abc import Iterator, Mapping

import sympy

from rlsearch.compile.symbolic import to_formula
from rlsearch.graph.graph import Graph
from rlsearch.op import Op
from rlsearch.registry import operations, packs

Domain = Mapping[str, tuple[float, float]]  # the least and the largest number of each argument


def sympy_text(graph: Graph) -> str:
    """A text that `sympy.sympify` reads: the expression, or, of a long loss, `(parts, expression)` as `sympy.cse` gives them.

    It is an srepr, since `q(online, s)[a]` is no Python name; comments stand only behind it.
    """
    form = to_formula(graph)
    notes = [*form.lines, *(f"{name} = {part}" for name, part in form.parts)]
    if form.parts:
        pairs = "".join(f"({sympy.srepr(name)}, {sympy.srepr(part)}),\n" for name, part in form.parts)
        text = f"([\n{pairs}],\n{sympy.srepr(form.loss)})"
        how = "parts, loss = sympy.sympify(open(FILE).read()), and sympy.lambdify(..., loss, cse=lambda _: (parts, loss))"
    else:
        text, how = sympy.srepr(form.loss), "sympy.sympify(open(FILE).read())"
    lines = [*notes, str(form.loss), f"Read it back: {how}", *caveats(graph)]
    return "\n".join([text, *(f"# {line}" for line in lines)]) + "\n"


def caveats(graph: Graph) -> Iterator[str]:
    """What the expression does not say: where it equals the loss, and what differentiating it misses."""
    unsure = domains(graph)
    yield "It equals the loss for all finite numbers" + (", if these ops of packs do:" if unsure else ".")
    for name, domain in unsure.items():
        ranges = (f"{arg} from {low:g} to {high:g}" for arg, (low, high) in domain.items())
        yield f"{name} was compared with its NumPy form for {', '.join(ranges)}."
    if any(node.op == "stop" for node in graph.nodes):
        yield "Its value alone: stop(x) is x here, so a derivative goes on through it."


def domains(graph: Graph) -> dict[str, Domain]:
    """Where each op of a pack was compared with its NumPy form; built-in ops are equal to theirs everywhere."""
    read = {node.op for node in graph.nodes if node.args}
    given = {op.name for pack in packs() for op in pack.ops} & read
    return {name: _domain(operations()[name]) for name in sorted(given) if not operations()[name].external}


def _domain(op: Op) -> Domain:
    return dict(zip(op.args, op.domain, strict=True))
