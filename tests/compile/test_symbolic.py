"""Sympy: the same number, spelt out by action or over named views."""

import ast
import pickle
import warnings

import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rlsearch.compile.symbolic import LONG, number, symbol, to_formula, to_sympy, to_sympy_by_action, view_symbols
from rlsearch.facets.evaluate import by_sympy
from rlsearch.graph.graph import LARGEST, Builder
from rlsearch.graph.text import Reader, parse
from rlsearch.regimes.inputs import Sizes
from rlsearch.registry import known_losses, operations
from tests.support.edges import edge_batch, sure
from tests.support.evaluate import COLUMNS, VIEWS, by_tape, random_batch, steady
from tests.support.nested import chain
from tests.support.strategies import PER_SAMPLE, losses

TD = "0.5 * (q(online, s)[a] - (r + discount * max(q(target, s_next))))**2"
SEEDS = st.integers(0, 2**32 - 1)


def numbers(batch, sample: int) -> dict[sympy.Symbol, float]:
    """The value of every symbol in one transition."""
    found = {symbol(name): row[sample] for name, row in zip(COLUMNS, batch.samples, strict=True)}
    for k, view in enumerate(VIEWS):
        found |= dict(zip(view_symbols(view.name, batch.num_actions), batch.q[k, :, sample], strict=True))
    return found


@settings(max_examples=40)
@given(losses(PER_SAMPLE, max_ops=5))
def test_expression_by_action_has_the_value_of_the_tape(graph):
    batch = random_batch(2, size=2)
    assume(steady(graph, batch).all())
    for sample, value in enumerate(by_tape(graph, batch).value):
        given_ = numbers(batch, sample)
        expression = to_sympy_by_action(graph, Sizes(2), int(batch.samples[0, sample]))
        ours = sympy.lambdify(list(given_), expression, "math", cse=True)
        assert ours(*given_.values()) == pytest.approx(value, rel=1e-6, abs=1e-6)


def reading(name: str, batch, sample: int) -> float:
    """The value of what a symbol of a formula is named after: `max(q(target, s_next))`."""
    builder = Builder()
    node = Reader(builder, {}).node(ast.parse(name, mode="eval").body)
    return float(by_tape(builder.graph(node), batch).value[sample])


def readings(formula, batch) -> dict[sympy.Symbol, np.ndarray]:
    """The values `[B]` of what a formula reads, by the tapes of their own texts."""
    builder = Builder(limit=None)
    reader = Reader(builder, {})
    for name, _, text in (line.partition(" = ") for line in formula.lines):
        reader.names[name] = reader.node(ast.parse(text, mode="eval").body)
    read = set().union(formula.loss.free_symbols, *(part.free_symbols for _, part in formula.parts))
    free = read - {name for name, _ in formula.parts}
    nodes = {one: reader.node(ast.parse(one.name, mode="eval").body) for one in free}
    return {one: by_tape(builder.graph(node), batch).value for one, node in nodes.items()}


def computed(formula, batch, modules="numpy") -> np.ndarray:
    """The values `[B]` that sympy's own code makes of a formula."""
    given_ = readings(formula, batch)
    ours = sympy.lambdify(list(given_), formula.loss, modules, cse=lambda _: (formula.parts, formula.loss))
    if modules == "math":  # numbers one by one
        rows = np.array([*given_.values()]).T.tolist() or [()] * batch.samples.shape[1]
        return np.array([ours(*row) for row in rows], float)
    with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
        return np.broadcast_to(np.asarray(ours(*given_.values()), float), batch.samples.shape[1:])


@settings(max_examples=60)
@given(losses(), st.sampled_from([2, 3, 5]), SEEDS)
def test_expression_has_the_value_of_the_tape_at_every_edge(graph, num_actions, seed):
    """At zeros, ties, on both sides of every guard, at tiny and at large numbers."""
    batch = edge_batch(num_actions, seed=seed)
    ok = sure(graph, batch)
    np.testing.assert_allclose(computed(to_formula(graph), batch)[ok], by_tape(graph, batch).value[ok], rtol=1e-7, atol=1e-9)


@settings(max_examples=30)
@given(losses(PER_SAMPLE, max_ops=4), SEEDS)
def test_expression_by_action_has_the_value_of_the_tape_at_every_edge(graph, seed):
    batch = edge_batch(2, size=8, seed=seed)
    ok = sure(graph, batch)
    np.testing.assert_allclose(by_sympy(graph, batch.inner)[ok], by_tape(graph, batch).value[ok], rtol=1e-7, atol=1e-9)


# What sympy makes of these where guards are left out: zoo, nan, a complex number, or another loss.
TRAPS = (
    "log(0 * r) * q(online, s)[a]",
    "log(r - r) + q(online, s)[a]",
    "q(online, s)[a] / (r - r)",
    "q(online, s)[a] * (r / r)",
    "(q(online, s)[a] - r) / (q(online, s)[a] - r)",
    "q(online, s)[a] / sqrt(r * r)",
    "sqrt(r) * q(online, s)[a]",
    "sqrt(-abs(r)) + q(online, s)[a]",
    "square(sqrt(q(online, s)[a]))",
    "sqrt(square(q(online, s)[a]))",
    "log(exp(q(online, s)[a]))",
    "exp(log(q(online, s)[a]))",
    "exp(q(online, s)[a] * 100)",
    "exp(q(online, s)[a]) * exp(-q(online, s)[a])",
    "q(online, s)[a] * sign(0 * r)",
    "abs(r) * sign(r) * q(online, s)[a]",
    "max(q(online, s)[a], q(online, s)[a]) - min(r, max(r, q(online, s)[a]))",
    "where(q(online, s)[a] / r > 0.5, q(online, s)[a] / discount, r) * (r > 0)",
    "where(where(r > 0, r, discount) > (q(online, s)[a] > r), q(online, s)[a], huber(huber(r) / r)) + q(online, s)[a]",
    "huber(q(online, s)[a] / 0) * clip(r, 1, -1)",
    "q(online, s)[a] * mean_batch(0.7) + std_batch(2) * q(online, s)[a]",
    "q(online, s)[a] * ((0.1 + 0.2) > 0.3)",
)


@pytest.mark.parametrize("modules", ["numpy", "math"])
@pytest.mark.parametrize("text", TRAPS)
def test_guards_and_ties_survive_what_sympy_simplifies(text, modules):
    graph, batch = parse(text), edge_batch(3, size=200)
    ok = sure(graph, batch)
    assert ok.mean() > 0.9
    values = computed(to_formula(graph), batch, modules)
    np.testing.assert_allclose(values[ok], by_tape(graph, batch).value[ok], rtol=1e-7, atol=1e-9)


def of_one_sample(name: str) -> bool:
    """Whether a known loss is a function of one sample; a statistic of the batch is not, and sympy has no number for it."""
    return not any(node.args and operations()[node.op].over_batch for node in parse(known_losses()[name]).nodes)


@pytest.mark.parametrize("name", [name for name in known_losses() if of_one_sample(name)])
def test_known_losses_survive_pickling_and_lambdify(name):
    """As a formula over named readings and spelt out by action; both against the tape."""
    graph, batch = parse(known_losses()[name]), random_batch(2, size=4)
    for sample, value in enumerate(by_tape(graph, batch).value):
        expressions = {
            to_sympy(graph): lambda symbol_, at=sample: reading(symbol_.name, batch, at),
            to_sympy_by_action(graph, Sizes(2), int(batch.samples[0, sample])): numbers(batch, sample).get,
        }
        for expression, read in expressions.items():
            back = pickle.loads(pickle.dumps(expression))
            assert back == expression and sympy.sympify(sympy.srepr(back)) == expression
            free = sorted(back.free_symbols, key=str)
            for modules in ("math", "numpy"):
                ours = sympy.lambdify(free, back, modules)
                assert float(ours(*(read(one) for one in free))) == pytest.approx(value, rel=1e-6, abs=1e-6)


def test_formula_over_named_views():
    q_sa, r, discount = symbol("q(online, s)[a]"), symbol("r"), symbol("discount")
    q_next = symbol("max(q(target, s_next))")
    assert sympy.expand(to_sympy(parse(TD)) - (q_sa - r - discount * q_next) ** 2 / 2) == 0


def test_implied_target_can_be_solved_for():
    q_sa = symbol("q(online, s)[a]")
    slope = sympy.diff(to_sympy(parse(f"{TD} + 0.1 * q(online, s)[a]")), q_sa)
    (target,) = sympy.solve(slope, q_sa)
    wanted = symbol("r") - sympy.Rational(1, 10) + symbol("discount") * symbol("max(q(target, s_next))")
    assert sympy.expand(target - wanted) == 0


def test_formula_by_action():
    expression = to_sympy_by_action(parse(TD), Sizes(2), 1)
    online, target = view_symbols("q_online_s", 2), view_symbols("q_target_s_next", 2)
    wanted = (online[1] - (symbol("r") + symbol("discount") * sympy.Max(*target))) ** 2 / 2
    assert sympy.expand(expression - wanted) == 0


def test_the_action_of_the_next_step_is_a_symbol():
    expression = to_sympy_by_action(parse("q(online, s)[a] * q(target, s_next)[a_next]"), Sizes(2), 1)
    online, target = view_symbols("q_online_s", 2), view_symbols("q_target_s_next", 2)
    for action in range(2):
        assert expression.subs(symbol("a_next"), action) == online[1] * target[action]


def test_the_best_action_of_another_network_selects():
    expression = to_sympy_by_action(parse("q(online, s)[argmax(q(target, s))]"), Sizes(3), 0)
    online, target = view_symbols("q_online_s", 3), view_symbols("q_target_s", 3)
    for best in range(3):
        values = dict(zip(target, np.roll([5.0, 1.0, 1.0], best), strict=True))
        assert expression.subs(values) == online[best]
    assert expression.subs(dict.fromkeys(target, 1.0)) == online[0]  # the first of a tie


@given(losses())
def test_every_loss_has_a_formula_of_its_inputs_and_readings(graph):
    expression = to_sympy(graph)
    assert expression is not None
    for free in sympy.sympify(expression).free_symbols:
        assert free.is_real
        assert free.name in (*COLUMNS, "num_actions") or "(" in free.name


NASTY = (0.30000000000000004, 1 / 3, 0.9999999, 2**0.5, 1e-12, 5e-324, 0.49999999999999994, 1e30)


@settings(max_examples=40)
@given(st.floats(-LARGEST, LARGEST) | st.sampled_from(NASTY))
def test_literals_are_exact(value):
    """Also 0.1 + 0.2, and what is nearly a fraction or a root."""
    assert float(number(value)) == value == float(sympy.sympify(sympy.srepr(number(value))))
    assert float(sympy.lambdify([], number(value), "math")()) == value


LINES = ("x * x", "x * x * 0.5 + r", "x * (x + r)", "log(x) / x", "max(x * r, x + 1)", "where(x > r, x + 1, x * r)")


@pytest.mark.parametrize("line", [*LINES, "1.1 * x * x", "1e30 * x"])
def test_shared_parts_are_written_once(line):
    """Thirty lines, each of which reads the one before it twice: written out, a billion terms."""
    short, long = (to_formula(parse(chain(line, "q(online, s)[a]", lines))) for lines in (15, 30))
    texts = [sympy.srepr(form.parts) + sympy.srepr(form.loss) for form in (short, long)]
    assert len(texts[1]) < 2.5 * len(texts[0]) + 200 and len(texts[1]) < 100_000
    graph, batch = parse(chain(line, "q(online, s)[a]", 30)), edge_batch(2, size=100)
    assert isinstance(to_sympy(graph), sympy.Expr)
    ok = sure(graph, batch)
    np.testing.assert_allclose(computed(long, batch)[ok], by_tape(graph, batch).value[ok], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("line", ["x * x", "x * (x + max(x))", "softmax(x) * x + r"])
def test_readings_of_shared_vectors_are_short(line):
    graph, batch = parse(chain(line, "q(online, s)", 30, "max(x) + q(online, s)[a]")), edge_batch(2)
    form = to_formula(graph)
    assert len(form.lines) < 30 and sum(map(len, form.lines)) + len(str(form.loss)) < 20_000
    ok = sure(graph, batch)
    np.testing.assert_allclose(computed(form, batch)[ok], by_tape(graph, batch).value[ok], rtol=1e-7, atol=1e-9)


def test_parts_put_in_are_the_expression():
    """Numbers put in for its symbols, from the leaves up; its conditions hold no cases."""
    graph, batch = parse(chain("max(x * r, where(x > huber(x), x, 1))", "q(online, s)[a]", 3)), edge_batch(2, size=2)
    form, whole = to_formula(graph), to_sympy(graph)
    assert form.parts and sum(1 for _ in sympy.preorder_traversal(whole)) > LONG
    assert not any(condition.has(sympy.Piecewise) for condition in whole.atoms(sympy.core.relational.Relational))
    read = readings(form, batch)
    assert whole.free_symbols == read.keys()
    for sample, value in enumerate(computed(form, batch)):
        known = {one: sympy.Float(values[sample]) for one, values in read.items()}
        assert float(whole.xreplace(known)) == pytest.approx(value, rel=1e-12)


def test_a_constant_is_exact_only_where_that_is_short():
    assert to_sympy(parse("q(online, s)[a] / 3 + 1 / 3 * r")) == symbol("q(online, s)[a]") / 3 + symbol("r") / 3
    squared = parse(chain("x * x", "1.1", 8, "x * q(online, s)[a]"))
    assert len(str(to_sympy(squared))) < 100
    assert to_sympy(parse("q(online, s)[a] * (0.1 + 0.2)")).args[0] == number(0.30000000000000004)
    assert number(0.1) == sympy.Rational(1, 10) and number(float("inf")) == sympy.oo
