"""Random well-typed losses over the whole registry, for every test that wants them."""

from collections.abc import Callable, Iterator, Sequence

from hypothesis import strategies as st

from rlsearch.graph.genome import Genome, genome_of
from rlsearch.graph.graph import CONSTANT, INPUT, Builder, Graph
from rlsearch.op import ACCEPTS, NUMBERS, Type
from rlsearch.registry import known_inputs, operations

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
    pool = [q_sa, *q, *(builder.input(name) for name, given in known_inputs().items() if given.type == Type.REAL)]
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


class Pen:
    """Writes expressions into a builder: `pen.add(a, pen(0.5))`."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder

    def __call__(self, literal: float) -> int:
        return self.builder.constant(literal)

    def __getattr__(self, op: str) -> Callable[..., int]:
        return lambda *args: self.builder.apply(op, *args)

    def parts(self, node: int, op: str) -> tuple[int, ...] | None:
        """The arguments of a node, if it applies this op."""
        found = self.builder.nodes[node]
        return found.args if found.op == op else None

    def detached(self, *nodes: int) -> bool:
        """Whether no gradient flows through nodes, so that it does not matter who gets which share of it at ties."""
        return not any(self.builder.carries[node] for node in nodes)


Rewrite = Callable[..., int | None]  # (pen, *arguments) -> the same, written differently; None where it does not apply


def _turned(op: str) -> Rewrite:
    """(a . b) . c = a . (b . c)."""

    def rewrite(pen: Pen, a: int, b: int) -> int | None:
        inner = pen.parts(a, op)
        if inner is None or not (op in ("add", "mul") or pen.detached(a, b)):
            return None
        return getattr(pen, op)(inner[0], getattr(pen, op)(inner[1], b))

    return rewrite


def _mirrored(op: str, other: str) -> Rewrite:
    """min(a, b) = -max(-a, -b)."""
    return lambda pen, *args: pen.neg(getattr(pen, other)(*[pen.neg(arg) for arg in args]))


def _distributed(pen: Pen, a: int, b: int) -> int | None:
    """k * (x + y) = k * x + k * y, for a literal k."""
    inner = pen.parts(b, "add")
    if inner is None or pen.builder.nodes[a].op != CONSTANT:
        return None
    return pen.add(pen.mul(a, inner[0]), pen.mul(a, inner[1]))


# Of any number: written longer.
LONGER: tuple[Rewrite, ...] = (
    lambda pen, x: pen.neg(pen.neg(x)),
    lambda pen, x: pen.mul(x, pen(1.0)),
    lambda pen, x: pen.add(pen(0.0), x),
    lambda pen, x: pen.sub(x, pen(0.0)),
    lambda pen, x: pen.mul(pen(2.0), pen.mul(pen(0.5), x)),
    lambda pen, x: pen.div(x, pen(1.0)),
)
# What the canonical form brings together, by the outermost op.
WRITINGS: dict[str, tuple[Rewrite, ...]] = {
    "add": (
        lambda pen, a, b: pen.add(b, a),
        lambda pen, a, b: pen.sub(a, pen.neg(b)),
        lambda pen, a, b: pen.neg(pen.sub(pen.neg(a), b)),
        _turned("add"),
    ),
    "sub": (
        lambda pen, a, b: pen.add(a, pen.neg(b)),
        lambda pen, a, b: pen.neg(pen.sub(b, a)),
        lambda pen, a, b: pen.add(pen.mul(pen(-1.0), b), a),
    ),
    "neg": (lambda pen, a: pen.mul(pen(-1.0), a), lambda pen, a: pen.sub(pen(0.0), a)),
    "mul": (
        lambda pen, a, b: pen.mul(b, a),
        lambda pen, a, b: pen.mul(pen.neg(b), pen.neg(a)),
        lambda pen, a, b: pen.mul(pen.mul(a, pen(0.5)), pen.mul(pen(2.0), b)),
        _turned("mul"),
        _distributed,
    ),
    "square": (
        lambda pen, a: pen.mul(a, a),
        lambda pen, a: pen.square(pen.neg(a)),
        lambda pen, a: pen.square(pen.abs(a)),
        lambda pen, a: pen.mul(pen(2.0), pen.half_square(a)),
        lambda pen, a: pen.mul(pen(4.0), pen.square(pen.mul(pen(0.5), a))),
    ),
    "half_square": (
        lambda pen, a: pen.mul(pen.mul(pen(0.5), a), a),
        lambda pen, a: pen.mul(pen(0.5), pen.square(a)),
    ),
    "minimum": (lambda pen, a, b: pen.minimum(b, a), _turned("minimum"), _mirrored("minimum", "maximum")),
    "maximum": (lambda pen, a, b: pen.maximum(b, a), _turned("maximum"), _mirrored("maximum", "minimum")),
    "abs": (
        lambda pen, a: pen.maximum(a, pen.neg(a)),
        lambda pen, a: pen.mul(pen(2.0), pen.abs(pen.mul(a, pen(-0.5)))),
        lambda pen, a: pen.mul(a, pen.sign(a)),
    ),
    "relu": (lambda pen, a: pen.maximum(pen(0.0), a) if pen.detached(a) else None,),
    "clip": (lambda pen, a, low, high: pen.minimum(high, pen.maximum(low, a)) if pen.detached(a) else None,),
    "tanh": (lambda pen, a: pen.neg(pen.tanh(pen.neg(a))),),
    "sign": (lambda pen, a: pen.sign(pen.mul(pen(2.0), a)), lambda pen, a: pen.neg(pen.sign(pen.neg(a)))),
    "huber": (lambda pen, a: pen.huber(pen.neg(a)),),
    "log": (lambda pen, a: pen.log(pen.neg(a)), lambda pen, a: pen.log(pen.abs(a))),
    "greater": (lambda pen, a, b: pen.greater(pen.neg(b), pen.neg(a)),),
    "where": (lambda pen, a, b, c, d: pen.where(pen.mul(pen(0.5), a), pen.mul(pen(0.5), b), c, d),),
    "stop": (lambda pen, a: pen.stop(pen.stop(a)), lambda pen, a: pen.neg(pen.stop(pen.neg(a)))),
    "max": (_mirrored("max", "min"),),
    "min": (_mirrored("min", "max"),),
    "mean": (lambda pen, x: pen.neg(pen.mean(pen.neg(x))),),
    "sum": (lambda pen, x: pen.mul(pen(0.5), pen.sum(pen.mul(x, pen(2.0)))),),
    "dot": (lambda pen, x, z: pen.dot(z, x), lambda pen, x, z: pen.dot(pen.neg(x), pen.neg(z))),
}


def _over_sum(pen: Pen, a: int, b: int) -> int | None:
    """a * (x + y) = a * x + a * y."""
    inner = pen.parts(b, "add") or pen.parts(b, "sub")
    return None if inner is None else getattr(pen, pen.builder.nodes[b].op)(pen.mul(a, inner[0]), pen.mul(a, inner[1]))


def _difference_of_squares(pen: Pen, a: int, b: int) -> int | None:
    """x**2 - y**2 = (x + y) * (x - y)."""
    x, y = pen.parts(a, "square"), pen.parts(b, "square")
    return None if x is None or y is None else pen.mul(pen.add(*x, *y), pen.sub(*x, *y))


def _expanded(factor: float) -> Rewrite:
    """(x - y)**2 = x**2 - 2 * x * y + y**2."""

    def rewrite(pen: Pen, a: int) -> int | None:
        inner, op = pen.parts(a, "add") or pen.parts(a, "sub"), pen.builder.nodes[a].op
        if inner is None:
            return None
        x, y = inner
        mixed = pen.mul(pen(2.0 * factor), pen.mul(x, y))
        return pen.add(getattr(pen, op)(pen.mul(pen(factor), pen.square(x)), mixed), pen.mul(pen(factor), pen.square(y)))

    return rewrite


def _shifted(op: str) -> Rewrite:
    """max(x + z, y + z) = max(x, y) + z, here with z = a and y = 0."""
    return lambda pen, a, b: pen.add(a, getattr(pen, op)(pen(0.0), pen.sub(b, a)))


# Further laws, which the canonical form need not know.
LAWS: dict[str, tuple[Rewrite, ...]] = {
    "mul": (
        _over_sum,
        lambda pen, a, b: pen.mul(pen(0.5), pen.sub(pen.square(pen.add(a, b)), pen.add(pen.square(a), pen.square(b)))),
    ),
    "sub": (_difference_of_squares,),
    "square": (_expanded(1.0),),
    "half_square": (_expanded(0.5),),
    "minimum": (_shifted("minimum"),),
    "maximum": (
        _shifted("maximum"),
        lambda pen, a, b: pen.sub(pen.add(a, b), pen.minimum(a, b)),
        lambda pen, a, b: pen.mul(pen(0.5), pen.add(pen.add(a, b), pen.abs(pen.sub(a, b)))),
    ),
    "abs": (lambda pen, a: pen.sub(pen.maximum(pen(0.0), a), pen.minimum(a, pen(0.0))),),
    "div": (lambda pen, a, b: pen.mul(a, pen.div(pen(1.0), b)),),
    "dot": (lambda pen, x, z: pen.sum(pen.mul(x, z)),),
    "logsumexp": (lambda pen, x: pen.add(pen.max(x), pen.logsumexp(pen.sub(x, pen.max(x)))),),
    "max": (lambda pen, x: pen.select(x, pen.argmax(x)),),
}


def _written_anew(graph: Graph, coins: Iterator[int], tables: Sequence[dict[str, tuple[Rewrite, ...]]]) -> Graph:
    builder, place = Builder(limit=None), list[int]()
    pen = Pen(builder)
    for node in graph.nodes:
        if node.op == INPUT:
            place.append(builder.input(str(node.leaf)))
            continue
        if node.op == CONSTANT:
            place.append(builder.constant(float(node.leaf)))
            continue
        args = [place[arg] for arg in node.args]
        rewrites = [rewrite for table in tables for rewrite in table.get(node.op, ())]
        made = None
        if (coin := next(coins, 0)) and rewrites:
            made = rewrites[coin % len(rewrites)](pen, *args)
        if made is None:
            made = builder.apply(node.op, *args)
        if (coin := next(coins, 0)) % 4 == 3 and builder.types[made] in (Type.REAL, Type.VECTOR):
            made = LONGER[coin // 4 % len(LONGER)](pen, made)
        place.append(made)
    return builder.loss(place[-1])


coins = st.lists(st.integers(0, 23), min_size=60, max_size=60)


def rewritten(graph: Graph, coins: Sequence[int]) -> Graph:
    """The same loss in other words, by coin: swapped, turned, negated twice, with neutral parts, in other ops.

    The canonical forms of both are equal.
    """
    return _written_anew(graph, iter(coins), (WRITINGS,))


def algebraic(graph: Graph, coins: Sequence[int]) -> Graph:
    """The same loss by the laws of algebra, by coin: also such as the canonical form does not know.

    Expanded squares and products, differences of squares, maxima by absolute values. Value and gradient of both are equal
    but for rounding, at ties and zeros too.
    """
    return _written_anew(graph, iter(coins), (LAWS, WRITINGS, LAWS))  # laws twice: they are fewer
