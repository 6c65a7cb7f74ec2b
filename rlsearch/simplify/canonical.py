"""The canonical form: equal losses, written differently, become one graph, by the table of rules."""

from functools import cache
from hashlib import blake2b

from rlsearch.errors import LossError
from rlsearch.graph.graph import CONSTANT, INPUT, MAX_NODES, Graph
from rlsearch.registry import derived
from rlsearch.simplify.form import Form, Table
from rlsearch.simplify.rules import rules, table


@derived
@cache
def standard_table() -> Table:
    """The table of all rules."""
    return table(rules())


def canonical(graph: Graph, by: Table | None = None) -> Graph:
    """The canonical form of a loss, by a table of rules; what would leave the range of literals or sizes stays as it is."""
    try:
        form = _canonical(graph, by or standard_table())
    except (LossError, ArithmeticError):
        return graph
    return form if len(form.nodes) <= MAX_NODES else graph


def _canonical(graph: Graph, by: Table) -> Graph:
    form = Form(by)
    number: list[int] = []
    for op, args, leaf in graph.nodes:
        if op == INPUT:
            number.append(form.input(str(leaf)))
        elif op == CONSTANT:
            number.append(form.constant(float(leaf or 0.0)))
        else:
            number.append(form.make(op, *[number[arg] for arg in args]))
    return form.graph(number[-1])


def structural_key(form: Graph) -> str:
    """The name of a loss: a hash of its canonical form."""
    text = ", ".join([f"Node(op={op!r}, args={args}, leaf={leaf!r})" for op, args, leaf in form.nodes])
    return blake2b(f"({text})".encode(), digest_size=10).hexdigest()


def loss_size(graph: Graph, form: Graph) -> int:
    """The size of a loss: ops of its text or of its canonical form, whichever is fewer.

    `half_square` is one op and canonically two, so a count of canonical forms alone would punish a shorter way to say it.
    """
    return min(graph.size, form.size)
