"""The canonical form: equal losses, written differently, become one graph.

Sums and products have normal forms (like terms collected, signs and constants drawn out, arguments sorted); everything
else is a table of one-line rules. A rewrite keeps value and gradient except on sets of measure zero, which its comment
names. Guards are not rewritten past: `a / a` stays. Coefficients are added and multiplied as the decimals that they are
written as, so that `0.1 * x + 0.2 * x` is `0.3 * x`, in whatever order.
"""

from collections.abc import Callable
from decimal import Decimal
from hashlib import blake2b

from rlsearch.errors import LossError
from rlsearch.graph.graph import CONSTANT, INPUT, MAX_NODES, Builder, Graph, Node
from rlsearch.op import ACCEPTS, Type
from rlsearch.registry import operations

ODD = ("tanh", "sign")  # f(-x) = -f(x)
MIRROR = {"minimum": "maximum", "maximum": "minimum"}


def canonical(graph: Graph) -> Graph:
    """The canonical form of a loss; a loss whose constants would leave the range of literals stays as it is."""
    try:
        return _canonical(graph)
    except (LossError, ArithmeticError):
        return graph


def _canonical(graph: Graph) -> Graph:
    form = Form()
    number: list[int] = []
    for index, node in enumerate(graph.nodes):
        args = [number[arg] for arg in node.args]
        if node.op == INPUT:
            number.append(form.input(str(node.leaf)))
        elif node.op == CONSTANT:
            number.append(form.constant(float(node.leaf or 0.0)))
        else:
            made = form.make(node.op, *args)
            # A Vector that vanished (x - x) stays as written: a reduction over actions still needs it.
            fits = ACCEPTS[graph.types[index]] if graph.types[index] != Type.SIMPLEX else {Type.SIMPLEX}
            number.append(made if form.types[made] in fits else form.apply(node.op, *args))
    return form.graph(number[-1])


def structural_key(form: Graph) -> str:
    """The name of a loss: a hash of its canonical form."""
    return blake2b(repr(form.nodes).encode(), digest_size=10).hexdigest()


class Form(Builder):
    """A builder whose `make` applies an op and brings the result to canonical form."""

    def __init__(self, limit: int | None = MAX_NODES) -> None:
        super().__init__(limit)
        self._order: dict[int, tuple[int, str]] = {}

    def make(self, op: str, *args: int) -> int:
        if args and all(self.nodes[arg].op == CONSTANT for arg in args) and op in FOLD:
            return self.constant(FOLD[op](*(self.value(arg) for arg in args)))
        rule = RULES.get(op)
        made = rule(self, *args) if rule else None
        return self._plain(op, *args) if made is None else made

    def _plain(self, name: str, *args: int) -> int:
        op = operations()[name]
        if op.even and self.sign(args[0]) < 0:
            return self.make(name, self.negated(args[0]))  # f(-x) = f(x)
        if name in ODD and self.sign(args[0]) < 0:
            return self.negated(self.make(name, self.negated(args[0])))
        if op.projection and self.nodes[args[0]].op == name:
            return args[0]  # f(f(x)) = f(x)
        if not op.differentiable and self.nodes[args[0]].op == "stop":
            return self.make(name, self.nodes[args[0]].args[0], *args[1:])  # no gradient passes anyway
        if op.associates and op.idempotent:
            flat = sorted(set(self._flatten(name, args)), key=self.order)
            return self._chain(name, flat)
        if op.commutes:
            args = tuple(sorted(args, key=self.order))
        return self.apply(name, *args)

    def order(self, index: int) -> tuple[int, str]:
        """Sorts terms: small before large, then by what they are; the same in every graph."""
        known = self._order.get(index)
        if known is None:
            node = self.nodes[index]
            below = [self.order(arg) for arg in node.args]
            text = repr(node.leaf) if node.leaf is not None else f"{node.op}({','.join(text for _, text in below)})"
            if len(text) > 64:
                text = node.op + blake2b(text.encode(), digest_size=16).hexdigest()
            known = self._order[index] = (1 + sum(size for size, _ in below), text)
        return known

    def value(self, index: int) -> float:
        """The number that a literal is."""
        leaf = self.nodes[index].leaf
        assert isinstance(leaf, float)
        return leaf

    def _flatten(self, op: str, args: tuple[int, ...]) -> list[int]:
        out: list[int] = []
        for arg in args:
            node = self.nodes[arg]
            out.extend(self._flatten(op, node.args) if node.op == op else [arg])
        return out

    def _chain(self, op: str, terms: list[int]) -> int:
        made = terms[0]
        for term in terms[1:]:
            made = self.apply(op, made, term)
        return made

    # Sums: constant + sum of coefficient * term.

    def scaled(self, index: int) -> tuple[Decimal, int | None]:
        """A node as coefficient times a term; the term is None for a literal."""
        node = self.nodes[index]
        if node.op == CONSTANT:
            return _decimal(self.value(index)), None
        if node.op == "neg":
            return Decimal(-1), node.args[0]
        if node.op == "mul" and self.nodes[node.args[0]].op == CONSTANT:
            return _decimal(self.value(node.args[0])), node.args[1]
        return Decimal(1), index

    def times(self, coefficient: Decimal, term: int | None) -> int:
        """coefficient * term, where the term has no coefficient of its own."""
        if term is None or coefficient == 0:
            return self.constant(float(coefficient))
        if coefficient == 1:
            return term
        if coefficient == -1:
            return self.apply("neg", term)
        return self.apply("mul", self.constant(float(coefficient)), term)

    def _terms(self, index: int, factor: Decimal, into: dict[int | None, Decimal]) -> None:
        coefficient, term = self.scaled(index)
        if term is not None and self.nodes[term].op == "add":
            for part in self.nodes[term].args:
                self._terms(part, factor * coefficient, into)
        else:
            into[term] = into.get(term, Decimal(0)) + factor * coefficient

    def sum_of(self, *parts: tuple[int, int]) -> int:
        """The canonical sum: like terms collected, sorted, the constant last."""
        terms: dict[int | None, Decimal] = {}
        for factor, index in parts:
            self._terms(index, Decimal(factor), terms)
        constant = terms.pop(None, Decimal(0))
        kept = sorted((term for term, factor in terms.items() if term is not None and factor != 0), key=self.order)
        nodes = [self.times(terms[term], term) for term in kept]
        if constant != 0 or not nodes:
            nodes.append(self.constant(float(constant)))
        return self._chain("add", nodes)

    def sign(self, index: int) -> Decimal:
        """The sign that a node wears: that of its coefficient, or of its first term's."""
        node = self.nodes[index]
        while node.op == "add":
            index = node.args[0]
            node = self.nodes[index]
        return self.scaled(index)[0]

    def negated(self, index: int) -> int:
        """-x, drawn into a sum."""
        return self.sum_of((-1, index))

    # Products: coefficient * product of base ** power.

    def product_of(self, *factors: int) -> int:
        """The canonical product: one coefficient, equal bases collected into powers, sorted."""
        coefficient, powers = Decimal(1), dict[int, int]()
        pending = [(factor, 1) for factor in reversed(factors)]
        while pending:
            index, power = pending.pop()
            own, term = self.scaled(index)
            coefficient *= own**power
            node = self.nodes[term] if term is not None else Node(CONSTANT)
            if node.op == "mul":
                pending += [(arg, power) for arg in node.args]
            elif node.op == "square":
                pending.append((node.args[0], 2 * power))
            elif term is not None:
                if self.sign(term) < 0:  # (-x)*y = -(x*y)
                    coefficient = -coefficient if power % 2 else coefficient
                    term = self.negated(term)
                powers[term] = powers.get(term, 0) + power
        if not powers or coefficient == 0:
            return self.constant(float(coefficient))
        bases = sorted(powers, key=self.order)
        return self.times(coefficient, self._chain("mul", [part for b in bases for part in self._power(b, powers[b])]))

    def _power(self, base: int, power: int) -> list[int]:
        """base**power as factors: x, x**2, x * x**2, (x**2)**2, ..."""
        factors, square = [], base
        while power:
            if power % 2:
                factors.append(square)
            power //= 2
            if power:
                square = self.apply("square", square)
        return factors


def _decimal(value: float) -> Decimal:
    """The number as it is written: 0.1 is one tenth."""
    return Decimal(repr(value))


# Of literals alone; sums and products take care of theirs.
FOLD: dict[str, Callable[..., float]] = {
    "abs": abs,
    "minimum": min,
    "maximum": max,
    "sign": lambda a: float((a > 0) - (a < 0)),
    "greater": lambda a, b: float(a > b),
    "mean_batch": lambda a: a,
}


def _divided(form: Form, a: int, b: int) -> int | None:
    """a / k = (1/k) * a."""
    if form.nodes[b].op == CONSTANT and abs(form.value(b)) >= 1e-6:
        return form.product_of(a, form.constant(1.0 / form.value(b)))
    coefficient, term = form.scaled(a)
    return form.times(coefficient, form.apply("div", term, b)) if term not in (a, None) else None


def _extremum(name: str) -> Callable[[Form, int, int], int | None]:
    """min(-a, -b) = -max(a, b)."""

    def rule(form: Form, a: int, b: int) -> int | None:
        if form.sign(a) < 0 and form.sign(b) < 0 and CONSTANT not in (form.nodes[a].op, form.nodes[b].op):
            return form.negated(form.make(MIRROR[name], form.negated(a), form.negated(b)))
        return None

    return rule


def _absolute(form: Form, a: int) -> int | None:
    """|k * a| = |k| * |a|; |a**2| = a**2."""
    coefficient, term = form.scaled(a)
    if term is not None and abs(coefficient) != 1:
        return form.times(abs(coefficient), form.make("abs", term))
    return a if form.nodes[a].op == "square" else None


def _squared(form: Form, a: int) -> int:
    """|a|**2 = a**2, else a product."""
    while form.nodes[a].op == "abs":
        a = form.nodes[a].args[0]
    return form.product_of(a, a)


def _stopped(form: Form, a: int) -> int | None:
    """stop(a) = a where no gradient flows anyway."""
    return None if form.carries[a] else a


def _either(form: Form, a: int, b: int, c: int, d: int) -> int | None:
    """where(a > b, c, c) = c."""
    return c if c == d else None


RULES: dict[str, Callable[..., int | None]] = {
    "add": lambda form, a, b: form.sum_of((1, a), (1, b)),
    "sub": lambda form, a, b: form.sum_of((1, a), (-1, b)),  # a - b = a + (-b)
    "neg": lambda form, a: form.negated(a),
    "mul": lambda form, a, b: form.product_of(a, b),
    "div": _divided,
    "square": _squared,
    "half_square": lambda form, a: form.product_of(form.constant(0.5), form.make("square", a)),  # 0.5 * a**2
    "abs": _absolute,
    "minimum": _extremum("minimum"),
    "maximum": _extremum("maximum"),
    "relu": lambda form, a: form.make("maximum", a, form.constant(0.0)),  # gradient differs at a = 0 only
    "stop": _stopped,
    "where": _either,
}
