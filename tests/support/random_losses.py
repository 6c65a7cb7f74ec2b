"""Random losses over the whole vocabulary, to draw: every value made is used, so they are as large as one asks."""

import random
from collections.abc import Sequence

from rlsearch.errors import LossError
from rlsearch.graph.graph import Builder, Graph
from rlsearch.op import Type
from rlsearch.registry import known_inputs, operations


def random_losses(count: int, ops: int = 9, seed: int = 0) -> list[Graph]:
    """So many losses of at least so many ops."""
    rng = random.Random(seed)
    return [random_loss(ops, rng) for _ in range(count)]


LITERALS = (-1.0, 0.1, 0.5, 2.0)


def random_loss(ops: int, rng: random.Random, literals: Sequence[float] = LITERALS) -> Graph:
    """Apply ops to random values, those not read yet first; then add up what is left."""
    builder = Builder()
    nodes = [builder.input(name) for name in known_inputs()] + [builder.constant(value) for value in literals]
    q = builder.apply("q", builder.input("online"), builder.input("s"))
    unread = [builder.apply("select", q, builder.input("a"))]
    nodes += [q, *unread]
    while len(nodes) < ops + len(known_inputs()) + len(literals):
        op = rng.choice(list(operations().values()))
        args = [rng.choice(unread if unread and rng.random() < 0.5 else nodes) for _ in op.args]
        try:
            made = builder.apply(op.name, *args)
        except LossError:
            continue
        if made not in nodes and builder.types[made] != Type.CONSTANT:
            nodes.append(made)
            unread = [node for node in unread if node not in args] + [made]
    loss = builder.apply("select", q, builder.input("a"))
    for node in unread:
        if builder.types[node] == Type.ACTION:
            node = builder.apply("select", q, node)
        if builder.types[node] in (Type.VECTOR, Type.SIMPLEX):
            node = builder.apply("max", node)
        loss = builder.apply("add", node, loss)
    return builder.loss(loss)
