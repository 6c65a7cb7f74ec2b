"""The rules that every op has by what it declares of itself: their rows are made from the table of ops."""

from collections.abc import Iterator

from rlsearch.graph.graph import Node
from rlsearch.graph.text import ATOM, PRECEDENCE, expression
from rlsearch.op import Op, Type
from rlsearch.simplify.form import Apply, Form, folded
from rlsearch.simplify.rule import ITS_VALUE, NO_STOP, Phase, Rule
from rlsearch.simplify.sums import turned, unsigned

LETTERS = {Type.REAL: "abcd", Type.VECTOR: "VWXY", Type.SIMPLEX: "PRST", Type.ACTION: "hi"}


def of(op: str, *args: str) -> str:
    """The text of an op applied to names, calls, or negated names."""
    return expression(Node(op), [(arg, PRECEDENCE["neg"] if arg.startswith("-") else ATOM) for arg in args])[0]


def rules_from(op: Op, normal: Apply | None, exact: Apply | None) -> Iterator[Rule]:
    """The rules of one op.

    Args:
        op: what they are of.
        normal: the function of its normal form, which an op that associates must have: then most rows are labels of it.
        exact: what folds its literals, if not its facet in floating point.
    """

    def row(equation: str, own: Apply | None = None, when: str = "", differs: str = "") -> Rule:
        """A label of the normal form, or where there is none a rewrite with a function of its own."""
        if normal is not None:
            return Rule(equation, normal, when, differs, Phase.NORMAL_FORM)
        assert own is not None, f"{op.name} associates, is idempotent or has an identity, but has no normal form"
        return Rule(equation, own, when, differs)

    if op.external:
        return
    names = [LETTERS[kind][place] for place, kind in enumerate(op.arg_types)]
    a, plain = names[0], of(op.name, *names)
    if op.elementwise:
        yield row(f"{of(op.name, *'kmln'[: len(names)])} = {ITS_VALUE}", exact or _value(op), "literals only")
    if op.projection:
        yield row(f"{of(op.name, plain)} = {plain}", _once(op))
    if op.even:
        yield row(f"{of(op.name, '-a')} = {plain}", lambda form, a: unsigned(form, op.name, a))
        yield row(f"{of(op.name, 'abs(a)')} = {plain}", _bare(op))
    if op.odd and op.name != "neg":  # that neg is odd says nothing
        yield row(f"{of(op.name, '-a')} = {of('neg', plain)}", lambda form, a: turned(form, op.name, a))
    for place, (partial, name) in enumerate(zip(op.partials, names, strict=True)):
        if partial is None and name in "abcdVW" and op.args[place] not in op.literals:
            cut = [f"stop({other})" if other == name else other for other in names]
            yield Rule(f"{of(op.name, *cut)} = {plain}", _stopless(op, place), "the same for any stop below")
    if op.commutes:
        yield row(f"{plain} = {of(op.name, *reversed(names))}", _sorted(op))
    if op.associates:
        left, right = (f"({text})" if op.symbol else text for text in (plain, of(op.name, "b", "c")))
        tie = (NO_STOP, "the gradient where a, b and c tie") if op.idempotent else ("", "")
        yield row(f"{of(op.name, left, 'c')} = {of(op.name, 'a', right)}", None, *tie)
    if op.idempotent:
        yield row(f"{of(op.name, a, a)} = {a}")
    if op.identity is not None:
        yield row(f"{of(op.name, a, f'{op.identity:g}')} = {a}")


def _value(op: Op) -> Apply:
    def rule(form: Form, *args: int) -> int | None:
        values = [value for arg in args if (value := form.literal(arg)) is not None]
        return form.constant(folded(op.name, *values)) if len(values) == len(args) else None

    return rule


def _once(op: Op) -> Apply:
    return lambda form, a: a if form.nodes[a].op == op.name else None


def _bare(op: Op) -> Apply:
    return lambda form, a: form.make(op.name, form.nodes[a].args[0]) if form.nodes[a].op == "abs" else None


def _stopless(op: Op, place: int) -> Apply:
    def rule(form: Form, *args: int) -> int | None:
        if not form.stopped(args[place]):
            return None
        return form.make(op.name, *args[:place], _without_stops(form, args[place]), *args[place + 1 :])

    return rule


def _without_stops(form: Form, index: int) -> int:
    op, args, _ = form.nodes[index]
    if not form.stopped(index):
        return index
    inner = [_without_stops(form, arg) for arg in args]
    return inner[0] if op == "stop" else form.make(op, *inner)


def _sorted(op: Op) -> Apply:
    return lambda form, a, b: form.make(op.name, b, a) if form.order(b) < form.order(a) else None
