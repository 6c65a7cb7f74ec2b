"""Sympy: the same number, spelt out by action or over named views."""

import ast
import pickle

import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings

from rlsearch.compile.symbolic import symbol, to_sympy, to_sympy_by_action, view_symbols
from rlsearch.graph.graph import Builder
from rlsearch.graph.text import Reader, parse
from rlsearch.regimes.inputs import Sizes
from rlsearch.registry import known_losses, operations
from tests.support.evaluate import COLUMNS, VIEWS, by_tape, random_batch, steady
from tests.support.strategies import OPS, losses

# Formulas leave guards out, and what is of the whole batch is a symbol; test_facets compares these on their domains.
GUARDED = (
    "div",
    "log",
    "sqrt",
    "exp",
    "entropy",
    "std",
    "mean_batch",
    "std_batch",
)  # formulas leave guards out; test_facets compares these on their domains
TD = "0.5 * (q(online, s)[a] - (r + discount * max(q(target, s_next))))**2"


def numbers(batch, sample: int) -> dict[sympy.Symbol, float]:
    """The value of every symbol in one transition."""
    found = {symbol(name): row[sample] for name, row in zip(COLUMNS, batch.samples, strict=True)}
    for k, view in enumerate(VIEWS):
        found |= dict(zip(view_symbols(view.name, batch.num_actions), batch.q[k, :, sample], strict=True))
    return found


@settings(max_examples=40)
@given(losses([name for name in OPS if name not in GUARDED], max_ops=5))
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
    for number in range(2):
        assert expression.subs(symbol("a_next"), number) == online[1] * target[number]


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
