"""The rewrite rules of the canonical form, one a row: equation, how it is applied, when it holds, where it may differ.

A rule keeps value and gradient everywhere: also where numbers tie or are 0, for there they often are (a reward of 0, a target
network that was just copied), and what an op does there is its own convention. At a tie a maximum passes half of the gradient,
a clip all of it, a positive part none, so none of these is another, but where no gradient flows. What is equal but for ties
falls into one class, or does not, by its gradient; see rlsearch/equivalence.

A `Rule(...)` is a rewrite with a function of its own. A `label(...)` names what the normal form of its op (normal_forms.py)
brings about: its rows share one function, which is tried last. Rules that follow from what an op declares of itself (`even`,
`commutes`, ...) are made in properties.py.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from rlsearch.registry import derived, operations
from rlsearch.simplify.clips import crossed_bounds, join_bounds, scale_bounds
from rlsearch.simplify.comparisons import cancel_common, known_truth
from rlsearch.simplify.extrema import MIRROR, known_sign, swap_bounds
from rlsearch.simplify.extrema_rules import MAXIMUM, MINIMUM, NONNEGATIVE
from rlsearch.simplify.form import Apply, Form, Table, exact_number, fold_literals
from rlsearch.simplify.normal_forms import NORMAL_FORMS, label
from rlsearch.simplify.over_actions import (
    distribute,
    drop_shift,
    pull_out_multiple,
    pull_out_multiples,
    pull_out_shift,
    read_shape,
    select_arguments,
)
from rlsearch.simplify.products import product_of_powers, split_sign
from rlsearch.simplify.properties import rules_from
from rlsearch.simplify.rule import NO_GRADIENT, Phase, Rule
from rlsearch.simplify.sums import (
    content_and_primitive,
    drop_factor,
    drop_sign,
    inverse,
    magnitude,
    pull_out_factor,
    pull_out_magnitude,
    scale,
)


@cache
def _for_op(op: str, rewrite: Callable[..., int | None]) -> Apply:
    """The rule of an op by a rewrite that serves several, as (form, op, *arguments)."""
    return lambda form, *args: rewrite(form, op, *args)


def _divide_by_literal(form: Form, a: int, b: int) -> int | None:
    k = form.literal(b)
    if k is None:
        return None
    guarded = fold_literals("div", 1.0, k)
    return scale(form, inverse(exact_number(k)) if k and guarded == 1.0 / k else exact_number(guarded), a)


def _decide_comparison(form: Form, a: int, b: int) -> int | None:
    return None if (truth := known_truth(form, a, b)) is None else form.constant(float(truth))


def _decide_branch(form: Form, a: int, b: int, c: int, d: int) -> int | None:
    return None if (truth := known_truth(form, a, b)) is None else c if truth else d


def _carries(form: Form, *indices: int) -> bool:
    return any(form.carries[index] for index in indices)


def _power(form: Form, a: int, p: int) -> int | None:
    exponent = form.literal(p)
    if exponent is None:
        return None
    if exponent.is_integer() and 0 <= exponent <= LARGEST_PRODUCT:
        return product_of_powers(form, [(a, int(exponent))]) if exponent else form.constant(1.0)
    if (base := form.literal(a)) is not None:
        return form.constant(fold_literals("power", base, exponent))
    if exponent == -1:
        return form.make("div", form.constant(1.0), a)
    if exponent == 0.5:
        return form.make("sqrt", form.make("abs", a))
    if exponent % 2 == 1:
        return None
    factor, part = content_and_primitive(form, a)  # of an even function neither the sign nor an absolute value matters
    plain = scale(form, magnitude(factor), form.nodes[part].args[0] if form.nodes[part].op == "abs" else part)
    return None if plain == a else form.make("power", plain, p)


# What folds literals exactly, of an op without a normal form; others are what their facet makes of them in floating point.
EXACT: Mapping[str, Apply] = {"div": _divide_by_literal, "power": _power}
LARGEST_PRODUCT = 16  # exponent of a power that is written as a product of squares

ARITHMETIC = (
    label("k * a + m * a = (k + m) * a"),
    label("a - b = a + -b"),
    label("a - a = 0", differs="where a is not finite"),
    label("--a = a"),
    label("-(a - b) = b - a"),
    label("k * (a + b) = k * a + k * b"),
    label("0 * a = 0", differs="where a is not finite"),
    label("a * a = a**2"),
    label("-a * b = -(a * b)"),
    label("(k * a - k * b) * c = k * ((a - b) * c)"),
    label("abs(a) * abs(b) = abs(a * b)"),
    label("a * sign(a) = abs(a)"),
    label("abs(a) * sign(a) = a", NO_GRADIENT),
    label("(k * a)**2 = k**2 * a**2"),
    label("sign(a)**2 * sign(a) = sign(a)"),
    label("sign(exp(a))**2 = sign(exp(a))", "the same for every op that is never negative"),
    label("sqrt(a)**2 = max(a, 1e-6)", NO_GRADIENT),
    label("half_square(a) = 0.5 * a**2"),
    label("abs(k * a) = abs(k) * abs(a)"),
    label("abs(a**2) = a**2", "the same for every op that is never negative"),
    Rule("0 / a = 0", lambda form, a, _b: a if form.literal(a) == 0 else None),
    Rule("a / k = 1 / k * a", _divide_by_literal),
    Rule("k * a / b = k * (a / b)", _for_op("div", pull_out_factor)),
)

POWERS = (
    Rule("a**0 = 1", _power),
    Rule("a**1 = a", _power),
    Rule("power(a, 2) = a**2", _power),
    Rule("a**3 = a * a**2", _power, "the same for every whole exponent up to 16"),
    Rule("a**-1 = 1 / a", _power),
    Rule("a**0.5 = sqrt(abs(a))", _power),
    Rule("abs(a)**1.5 = a**1.5", _power, "the same for every exponent but odd ones"),
    Rule("(-a)**1.5 = a**1.5", _power, "the same for every exponent but odd ones"),
)

BOUNDS = (
    *MINIMUM,
    *MAXIMUM,
    Rule("max(min(a, k), m) = min(max(a, m), k)", swap_bounds, "m < k"),
    Rule(
        "clip(a, k, m) = min(max(a, k), m)",
        lambda form, a, k, m: None if form.carries[a] else form.make("minimum", form.make("maximum", a, k), m),
        NO_GRADIENT,
    ),
    Rule("clip(a, k, m) = m", crossed_bounds, "k > m"),
    Rule("clip(k * a, m, n) = k * clip(a, m / k, n / k)", scale_bounds, "k > 0 and m <= n"),
    Rule("clip(-a, k, m) = -clip(a, -m, -k)", scale_bounds, "k <= m"),
    Rule("clip(clip(a, k, l), m, n) = clip(a, max(k, m), min(l, n))", join_bounds, "max(k, m) <= min(l, n)"),
    Rule(
        "relu(a) = max(a, 0)",
        lambda form, a: None if form.carries[a] else form.make("maximum", a, form.constant(0.0)),
        NO_GRADIENT,
    ),
    Rule("relu(k * a) = k * relu(a)", _for_op("relu", pull_out_magnitude), "k > 0"),
    Rule("relu(abs(a)) = abs(a)", lambda form, a: a if known_sign(form, a) > 0 else None, NONNEGATIVE),
    Rule("relu(-abs(a)) = 0", lambda form, a: form.constant(0.0) if known_sign(form, a) < 0 else None, NONNEGATIVE),
)

COMPARISONS = (
    Rule("sign(k * a) = sign(a)", _for_op("sign", drop_factor), "k > 0"),
    Rule("sign(a * b) = sign(a) * sign(b)", split_sign),
    Rule("sign(a**2) = sign(a)**2", split_sign),
    Rule("sign(abs(a)) = sign(a)**2", split_sign),
    Rule("abs(a) > k = 1", _decide_comparison, "k < 0; the same for every op that is never negative"),
    Rule("k > abs(a) = 0", _decide_comparison, "k <= 0; the same for every op that is never negative"),
    Rule("k * a + c > k * b + c = a > b", _for_op("greater", cancel_common), "k > 0"),
    Rule("-a > -b = b > a", _for_op("greater", cancel_common)),
    Rule("where(a > b, c, c) = c", lambda _form, _a, _b, c, d: c if c == d else None),
    Rule("where(k > m, c, d) = c", _decide_branch, "k > m"),
    Rule("where(k > m, c, d) = d", _decide_branch, "k <= m"),
    Rule("where(abs(a) > k, c, d) = c", _decide_branch, "k < 0; the same for every op that is never negative"),
    Rule("where(k > abs(a), c, d) = d", _decide_branch, "k <= 0; the same for every op that is never negative"),
    Rule(
        "where(a > b, 1, 0) = a > b",
        lambda form, a, b, c, d: form.make("greater", a, b) if (form.literal(c), form.literal(d)) == (1, 0) else None,
    ),
    Rule(
        "where(a > b, a, b) = max(a, b)",
        lambda form, a, b, c, d: form.make("maximum", a, b) if (a, b) == (c, d) and not _carries(form, a, b) else None,
        NO_GRADIENT,
    ),
    Rule(
        "where(a > b, b, a) = min(a, b)",
        lambda form, a, b, c, d: form.make("minimum", a, b) if (a, b) == (d, c) and not _carries(form, a, b) else None,
        NO_GRADIENT,
    ),
    Rule("where(k * a + b > k * c + b, d, e) = where(a > c, d, e)", _for_op("where", cancel_common), "k > 0"),
)

GRADIENT = (
    Rule("stop(a) = a", lambda form, a: None if form.carries[a] else a, NO_GRADIENT),
    Rule("stop(k * a) = k * stop(a)", _for_op("stop", pull_out_factor)),
)

OVER_ACTIONS = (
    Rule("(V * W)[i] = V[i] * W[i]", select_arguments, "the same for every elementwise op"),
    *(Rule(f"{op}(a * V + k * W) = a * {op}(V) + k * {op}(W)", _for_op(op, distribute)) for op in ("mean", "sum")),
    Rule("mean(V + a) = mean(V) + a", _for_op("mean", distribute)),
    Rule("sum(k * V + k * a) = k * sum(V + a)", _for_op("sum", distribute)),
    *(Rule(f"{op}(V + a) = {op}(V) + a", _for_op(op, pull_out_shift)) for op in ("max", "min", "logsumexp")),
    *(Rule(f"{op}(k * V) = k * {op}(V)", _for_op(op, pull_out_multiple), "k >= 0") for op in ("max", "min")),
    *(Rule(f"{op}(-V) = -{MIRROR[op]}(V)", _for_op(op, pull_out_multiple)) for op in ("max", "min")),
    *(Rule(f"{op}(V + a) = {op}(V)", _for_op(op, drop_shift)) for op in ("softmax", "log_softmax", "std", "argmax")),
    Rule("std(-V) = std(V)", _for_op("std", drop_sign)),
    Rule("one_hot(i, V) = one_hot(i, W)", read_shape),
    Rule("argmax(k * V) = argmax(V)", _for_op("argmax", drop_factor), "k > 0"),
    Rule("dot(k * V, m * W) = (k * m) * dot(V, W)", _for_op("dot", pull_out_multiples)),
    Rule("kl(P, P) = 0", lambda form, p, m: form.constant(0.0) if p == m else None),
)

OVER_BATCH = (
    Rule("mean_batch(k) = k", lambda form, a: None if form.literal(a) is None else a),
    Rule("mean_batch(k * a) = k * mean_batch(a)", _for_op("mean_batch", pull_out_factor)),
    Rule("std_batch(-a) = std_batch(a)", _for_op("std_batch", drop_sign)),
)


@derived
@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in the order in which those of one op are tried; normal forms come last."""
    declared = [rule for op in operations().values() for rule in rules_from(op, NORMAL_FORMS.get(op.name), EXACT.get(op.name))]
    found: dict[str, Rule] = {}
    for rule in (*declared, *ARITHMETIC, *POWERS, *BOUNDS, *COMPARISONS, *GRADIENT, *OVER_ACTIONS, *OVER_BATCH):
        found.setdefault(rule.equation, rule)  # abs, even and a projection, says abs(abs(a)) = abs(a) twice
    return tuple(found.values())


def table(rows: Iterable[Rule]) -> Table:
    """The functions of each op's rules, each once, by phase and then in the order of the rows."""
    found: dict[str, dict[Apply, Phase]] = {op: {} for op in operations()}
    for rule in rows:
        found[rule.op].setdefault(rule.apply, rule.phase)
    return {op: tuple(sorted(tried, key=tried.__getitem__)) for op, tried in found.items()}


def rules_of(op_name: str) -> tuple[Rule, ...]:
    """The rules that rewrite an op, by its name."""
    return tuple(rule for rule in rules() if rule.op == op_name)
