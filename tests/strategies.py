"""Random well-typed losses over the whole registry, for every test that wants them."""

from collections.abc import Sequence

from hypothesis import strategies as st

from rlsearch.graph.genome import Genome, genome_of
from rlsearch.graph.graph import CONSTANT, INPUT, Builder, Graph
from rlsearch.graph.inputs import INPUTS
from rlsearch.op import ACCEPTS, NUMBERS, Type
from rlsearch.registry import operations

OPS = tuple(name for name, op in operations().items() if not op.external)
PER_SAMPLE = tuple(name for name in OPS if not operations()[name].over_batch)
CONSTANTS = (0.1, 0.5, 1.0, 2.0, 3.7, 0.0, -1.0, -2.5, 1e-7)
VIEWS = (("online", "s"), ("target", "s_next"), ("online", "s_next"), ("target", "s"))


@st.composite
def losses(draw: st.DrawFn, ops: Sequence[str] = OPS, max_ops: int = 8) -> Graph:
    """A loss of up to `max_ops` random ops, and a few more where needed to make it a loss."""
    builder = Builder()
    q = [builder.apply("q", builder.input(network), builder.input(state)) for network, state in VIEWS]
    q_sa = builder.apply("select", q[0], builder.input("a"))
    pool = [q_sa, *q, *(builder.input(name) for name, given in INPUTS.items() if given.type == Type.REAL)]
    for _ in range(draw(st.integers(1, max_ops))):
        op = operations()[draw(st.sampled_from(ops))]
        args: list[int] = []
        for arg, asked in zip(op.args, op.arg_types, strict=True):
            wanted = NUMBERS if op.elementwise else ACCEPTS[asked]
            fits = [node for node in pool if builder.types[node] in wanted and arg not in op.literals]
            if not fits and Type.CONSTANT not in wanted:
                break
            # Newest first: shrinking then goes towards deep graphs of few nodes.
            literal = not fits or (Type.CONSTANT in wanted and draw(st.integers(0, 5)) == 5)
            value = st.sampled_from(CONSTANTS).map(builder.constant)
            args.append(draw(value if literal else st.sampled_from(fits[::-1])))
        if len(args) == len(op.args):
            pool.append(builder.apply(op.name, *args))
    root = pool[-1]
    if builder.types[root] == Type.ACTION:
        root = builder.apply("select", q[0], root)
    if builder.types[root] in (Type.VECTOR, Type.SIMPLEX):
        root = builder.apply("mean", root)
    if not builder.carries[root]:
        root = builder.apply("mul", root, q_sa)
    return builder.loss(root)


def genomes(ops: Sequence[str] = OPS) -> st.SearchStrategy[Genome]:
    """The genome of a random loss."""
    return losses(ops).map(genome_of)


def rewritten(graph: Graph, swap: list[bool]) -> Graph:
    """The same loss with arguments of commuting ops swapped and chains of associating ops turned, by coin."""
    builder, place, coins = Builder(), list[int](), iter(swap)
    for node in graph.nodes:
        if node.op == INPUT:
            place.append(builder.input(str(node.leaf)))
            continue
        if node.op == CONSTANT:
            place.append(builder.constant(float(node.leaf)))
            continue
        op, args = operations()[node.op], [place[arg] for arg in node.args]
        if op.commutes and next(coins, False):
            args.reverse()
        inner = builder.nodes[args[0]]
        if op.associates and inner.op == op.name and next(coins, False):  # (x . y) . z = x . (y . z)
            x, y = inner.args
            args = [x, builder.apply(op.name, y, args[1])]
        place.append(builder.apply(op.name, *args))
    return builder.loss(place[-1])
