"""The rules that follow from what an op declares of itself: their rows are made from the table of ops."""

from collections.abc import Iterator

from rlsearch.graph.graph import CONSTANT, Node
from rlsearch.graph.text import ATOM, PRECEDENCE, expression
from rlsearch.op import Op, Type
from rlsearch.simplify.form import Apply, Form, fold_literals
from rlsearch.simplify.rule import ITS_VALUE, NO_GRADIENT, Phase, Rule
from rlsearch.simplify.sums import drop_sign, pull_out_sign

LETTERS = {Type.REAL: "abcd", Type.VECTOR: "VWXY", Type.SIMPLEX: "PRST", Type.ACTION: "hi"}


def call_text(op: str, *args: str) -> str:
    """The text of an op applied to names, calls, or negated names."""
    return expression(Node(op), [(arg, PRECEDENCE["neg"] if arg.startswith("-") else ATOM) for arg in args])[0]


def rules_from(op: Op, normal: Apply | None, exact: Apply | None) -> Iterator[Rule]:
    """The rules of one op.

    Args:
        op: what they are of.
        normal: the function of its normal form, if it has one: then most rows are labels of it.
        exact: what folds its literals, if not its facet in floating point.
    """

    def row(equation: str, own: Apply, when: str = "", differs: str = "") -> Rule:
        """A label of the normal form, or for an op without one a rewrite with a function of its own."""
        phase = Phase.REWRITE if normal is None else Phase.NORMAL_FORM
        return Rule(equation, normal or own, when, differs, phase)

    if op.external:
        return
    names = [LETTERS[kind][index] for index, kind in enumerate(op.arg_types)]
    a, plain = names[0], call_text(op.name, *names)
    if op.elementwise:
        yield row(f"{call_text(op.name, *'kmln'[: len(names)])} = {ITS_VALUE}", exact or _fold(op), "literals only")
    if op.projection:
        yield row(f"{call_text(op.name, plain)} = {plain}", _drop_repetition(op))
    if op.even:
        yield row(f"{call_text(op.name, '-a')} = {plain}", lambda form, a: drop_sign(form, op.name, a))
        yield row(f"{call_text(op.name, 'abs(a)')} = {plain}", _drop_absolute(op))
    if op.odd and op.name != "neg":  # that neg is odd says nothing
        yield row(f"{call_text(op.name, '-a')} = {call_text('neg', plain)}", lambda form, a: pull_out_sign(form, op.name, a))
    for index, (partial, name) in enumerate(zip(op.partials, names, strict=True)):
        if partial is None and name in "abcdVW" and op.args[index] not in op.literals:
            cut = [f"stop({other})" if other == name else other for other in names]
            yield Rule(f"{call_text(op.name, *cut)} = {plain}", _drop_stops(op, index), "the same for any stop below")
    if op.commutes:
        yield row(f"{plain} = {call_text(op.name, *reversed(names))}", _sort_arguments(op))
    if op.associates and (normal is not None or not op.idempotent):  # of three that tie, the order says who gets which share
        left, right = (f"({text})" if op.symbol else text for text in (plain, call_text(op.name, "b", "c")))
        when = NO_GRADIENT if op.idempotent else ""
        yield row(f"{call_text(op.name, left, 'c')} = {call_text(op.name, 'a', right)}", _sort_chain(op), when)
    if op.idempotent and (normal is not None or None not in op.partials):  # or the gradient would not be that of a alone
        yield row(f"{call_text(op.name, a, a)} = {a}", lambda _, a, b: a if a == b else None)
    if op.identity is not None:
        neutral, _ = expression(Node(CONSTANT, (), op.identity), [])
        yield row(f"{call_text(op.name, a, neutral)} = {a}", _drop_identity(op))


def _fold(op: Op) -> Apply:
    def rule(form: Form, *args: int) -> int | None:
        values = [value for arg in args if (value := form.literal(arg)) is not None]
        return form.constant(fold_literals(op.name, *values)) if len(values) == len(args) else None

    return rule


def _drop_repetition(op: Op) -> Apply:
    return lambda form, a: a if form.nodes[a].op == op.name else None


def _drop_absolute(op: Op) -> Apply:
    return lambda form, a: form.make(op.name, form.nodes[a].args[0]) if form.nodes[a].op == "abs" else None


def _drop_stops(op: Op, index: int) -> Apply:
    def rule(form: Form, *args: int) -> int | None:
        if not form.stopped(args[index]):
            return None
        return form.make(op.name, *args[:index], _without_stops(form, args[index]), *args[index + 1 :])

    return rule


def _without_stops(form: Form, index: int) -> int:
    op, args, _ = form.nodes[index]
    if not form.stopped(index):
        return index
    inner = [_without_stops(form, arg) for arg in args]
    return inner[0] if op == "stop" else form.make(op, *inner)


def _sort_chain(op: Op) -> Apply:
    """All that one chain of the op joins, in order if it commutes, as a chain to the right: a + (b + (c + d))."""

    def joined(form: Form, index: int) -> list[int]:
        node = form.nodes[index]
        return [part for arg in node.args for part in joined(form, arg)] if node.op == op.name else [index]

    def rule(form: Form, a: int, b: int) -> int | None:
        parts = joined(form, a) + joined(form, b)
        if op.commutes:
            parts.sort(key=form.order)
        if len(parts) == 2 or (parts[0] == a and parts[1:] == joined(form, b)):
            return None
        chain = parts.pop()
        while parts:
            chain = form.make(op.name, parts.pop(), chain)
        return chain

    return rule


def _drop_identity(op: Op) -> Apply:
    def rule(form: Form, a: int, b: int) -> int | None:
        if form.literal(b) == op.identity:
            return a
        return b if op.commutes and form.literal(a) == op.identity else None

    return rule


def _sort_arguments(op: Op) -> Apply:
    return lambda form, a, b: form.make(op.name, b, a) if form.order(b) < form.order(a) else None
