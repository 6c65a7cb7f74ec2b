"""The rewrite rules of the canonical form, one a row: equation, how it is applied, when it holds, where it may differ.

A rule keeps value and gradient, but for sets of measure zero, which its row names. The rows of a normal form (`product`,
`extremum`, ...) share its function, and say what it brings together. Rules that follow from what an op declares of itself
(`even`, `commutes`, ...) are made in properties.py.

Gradients are true derivatives except below a `stop`. So where two expressions are equal on an open set, so are their
gradients, and ties matter on sets of measure zero only; a row that relies on that asks for "no stop".
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from rlsearch.registry import derived, operations
from rlsearch.simplify.comparisons import freed, held
from rlsearch.simplify.extrema import MIRROR, clipped, normal_form
from rlsearch.simplify.form import Apply, Form, Table, exact, folded
from rlsearch.simplify.nests import rules_of_nests
from rlsearch.simplify.over_actions import bilinear, chosen, linear, multiple, shifted, unshifted
from rlsearch.simplify.products import magnitude, of_powers, product, sign_of_product
from rlsearch.simplify.properties import rules_from
from rlsearch.simplify.rule import NO_STOP, Rule
from rlsearch.simplify.sums import drawn, inverse, rescaled, scale, total, unsigned

# The function of each op that has a normal form.
NORMAL: Mapping[str, Apply] = {
    "add": lambda form, a, b: total(form, (1, a), (1, b)),
    "sub": lambda form, a, b: total(form, (1, a), (-1, b)),
    "neg": lambda form, a: scale(form, -1, a),
    "mul": product,
    "square": lambda form, a: of_powers(form, [(a, 2)]),
    "half_square": lambda form, a: of_powers(form, [(form.constant(0.5), 1), (a, 2)]),
    "abs": magnitude,
    "minimum": normal_form("minimum"),
    "maximum": normal_form("maximum"),
}


@cache
def _of(op: str, rewrite: Callable[..., int | None]) -> Apply:
    """The rule of an op by a rewrite that serves several, as (form, op, *arguments)."""
    return lambda form, *args: rewrite(form, op, *args)


def _divided(form: Form, a: int, b: int) -> int | None:
    k = form.literal(b)
    if k is None:
        return None
    guarded = folded("div", 1.0, k)
    return scale(form, inverse(exact(k)) if k and guarded == 1.0 / k else exact(guarded), a)


def _truth(form: Form, a: int, b: int) -> int | None:
    return None if (truth := held(form, a, b)) is None else form.constant(float(truth))


def _branch(form: Form, a: int, b: int, c: int, d: int) -> int | None:
    return None if (truth := held(form, a, b)) is None else c if truth else d


def _normal(equation: str, when: str = "", differs: str = "") -> Rule:
    """A row of a normal form."""
    return Rule(equation, NORMAL[Rule(equation, product).op], when, differs)


# What literals of an op are, if not what its facet makes of them in floating point.
EXACT: Mapping[str, Apply] = {**NORMAL, "div": _divided}

ARITHMETIC = (
    _normal("k * a + m * a = (k + m) * a"),
    _normal("a - b = a + -b"),
    _normal("a - a = 0", differs="where a is not finite"),
    _normal("--a = a"),
    _normal("-(a - b) = b - a"),
    _normal("k * (a + b) = k * a + k * b"),
    _normal("0 * a = 0", differs="where a is not finite"),
    _normal("a * a = a**2"),
    _normal("-a * b = -(a * b)"),
    _normal("(k * a - k * b) * c = k * ((a - b) * c)"),
    _normal("abs(a) * abs(b) = abs(a * b)"),
    _normal("a * sign(a) = abs(a)"),
    _normal("abs(a) * sign(a) = a", NO_STOP, "the gradient at a = 0"),
    _normal("(k * a)**2 = k**2 * a**2"),
    _normal("sign(a)**2 * sign(a) = sign(a)"),
    _normal("sign(exp(a))**2 = sign(exp(a))", "the same for every op that is never negative"),
    _normal("sqrt(a)**2 = max(a, 1e-6)", NO_STOP, "the gradient at a = 1e-6"),
    _normal("half_square(a) = 0.5 * a**2"),
    _normal("abs(k * a) = abs(k) * abs(a)"),
    _normal("abs(a**2) = a**2", "the same for every op that is never negative"),
    Rule("0 / a = 0", lambda form, a, _b: a if form.literal(a) == 0 else None),
    Rule("a / k = 1 / k * a", _divided),
    Rule("k * a / b = k * (a / b)", _of("div", drawn)),
)


BOUNDS = (
    *rules_of_nests("minimum"),
    *rules_of_nests("maximum"),
    Rule("max(min(a, k), m) = min(max(a, m), k)", clipped, "m < k; no stop in the arguments"),
    Rule(
        "clip(a, k, m) = min(max(a, k), m)",
        lambda form, a, k, m: form.make("minimum", form.make("maximum", a, k), m) if not form.stopped(a) else None,
        NO_STOP,
        "the gradient at a = k and a = m",
    ),
    Rule(
        "relu(a) = max(a, 0)",
        lambda form, a: form.make("maximum", a, form.constant(0.0)) if not form.stopped(a) else None,
        NO_STOP,
        "the gradient at a = 0",
    ),
)

COMPARISONS = (
    Rule("sign(k * a) = sign(a)", _of("sign", rescaled), "k > 0"),
    Rule("sign(a * b) = sign(a) * sign(b)", sign_of_product),
    Rule("sign(a**2) = sign(a)**2", sign_of_product),
    Rule("sign(abs(a)) = sign(a)**2", sign_of_product),
    Rule("abs(a) > k = 1", _truth, "k < 0; the same for every op that is never negative"),
    Rule("k > abs(a) = 0", _truth, "k <= 0; the same for every op that is never negative"),
    Rule("k * a + c > k * b + c = a > b", _of("greater", freed), "k > 0"),
    Rule("-a > -b = b > a", _of("greater", freed)),
    Rule("where(a > b, c, c) = c", lambda _form, _a, _b, c, d: c if c == d else None),
    Rule("where(k > m, c, d) = c", _branch, "k > m"),
    Rule("where(k > m, c, d) = d", _branch, "k <= m"),
    Rule("where(abs(a) > k, c, d) = c", _branch, "k < 0; the same for every op that is never negative"),
    Rule("where(k > abs(a), c, d) = d", _branch, "k <= 0; the same for every op that is never negative"),
    Rule(
        "where(a > b, 1, 0) = a > b",
        lambda form, a, b, c, d: form.make("greater", a, b) if (form.literal(c), form.literal(d)) == (1, 0) else None,
    ),
    Rule(
        "where(a > b, a, b) = max(a, b)",
        lambda form, a, b, c, d: form.make("maximum", a, b) if (a, b) == (c, d) and not form.stopped(a, b) else None,
        NO_STOP,
        "the gradient at a = b",
    ),
    Rule(
        "where(a > b, b, a) = min(a, b)",
        lambda form, a, b, c, d: form.make("minimum", a, b) if (a, b) == (d, c) and not form.stopped(a, b) else None,
        NO_STOP,
        "the gradient at a = b",
    ),
    Rule("where(k * a + b > k * c + b, d, e) = where(a > c, d, e)", _of("where", freed), "k > 0"),
)

GRADIENT = (
    Rule("stop(a) = a", lambda form, a: None if form.carries[a] else a, "no gradient in a"),
    Rule("stop(k * a) = k * stop(a)", _of("stop", drawn)),
)

OVER_ACTIONS = (
    Rule("(V * W)[i] = V[i] * W[i]", chosen, "the same for every elementwise op"),
    *(Rule(f"{op}(a * V + k * W) = a * {op}(V) + k * {op}(W)", _of(op, linear)) for op in ("mean", "sum")),
    Rule("mean(V + a) = mean(V) + a", _of("mean", linear)),
    Rule("sum(k * V + k * a) = k * sum(V + a)", _of("sum", linear)),
    *(Rule(f"{op}(V + a) = {op}(V) + a", _of(op, shifted)) for op in ("max", "min", "logsumexp")),
    *(Rule(f"{op}(k * V) = k * {op}(V)", _of(op, multiple), "k >= 0") for op in ("max", "min")),
    *(Rule(f"{op}(-V) = -{MIRROR[op]}(V)", _of(op, multiple)) for op in ("max", "min")),
    *(Rule(f"{op}(V + a) = {op}(V)", _of(op, unshifted)) for op in ("softmax", "log_softmax", "std", "argmax")),
    Rule("std(-V) = std(V)", _of("std", unsigned)),
    Rule("argmax(k * V) = argmax(V)", _of("argmax", rescaled), "k > 0"),
    Rule("dot(k * V, m * W) = (k * m) * dot(V, W)", _of("dot", bilinear)),
    Rule("kl(P, P) = 0", lambda form, p, m: form.constant(0.0) if p == m else None),
)

OVER_BATCH = (
    Rule("mean_batch(k) = k", lambda form, a: None if form.literal(a) is None else a),
    Rule("mean_batch(k * a) = k * mean_batch(a)", _of("mean_batch", drawn)),
    Rule("std_batch(-a) = std_batch(a)", _of("std_batch", unsigned)),
)


@derived
@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in the order in which those of one op are tried; normal forms come last."""
    declared = [rule for op in operations().values() for rule in rules_from(op, NORMAL.get(op.name), EXACT.get(op.name))]
    found: dict[str, Rule] = {}
    for rule in (*declared, *ARITHMETIC, *BOUNDS, *COMPARISONS, *GRADIENT, *OVER_ACTIONS, *OVER_BATCH):
        found.setdefault(rule.equation, rule)  # abs, even and a projection, says abs(abs(a)) = abs(a) twice
    return tuple(found.values())


def table(rows: Iterable[Rule]) -> Table:
    """The functions of each op's rules, each once, normal forms last."""
    found: dict[str, list[Apply]] = {op: [] for op in operations()}
    for rule in rows:
        if rule.apply not in found[rule.op]:
            found[rule.op].append(rule.apply)
    return {op: tuple(sorted(tried, key=lambda apply: apply in NORMAL.values())) for op, tried in found.items()}


def rules_of(op_name: str) -> tuple[Rule, ...]:
    """The rules that rewrite an op, by its name."""
    return tuple(rule for rule in rules() if rule.op == op_name)
