"""The rules of minimum and maximum, one a row, written for both at once."""

from rlsearch.simplify.extrema import limit, normal_form, opposite, signed, without_absorbed, without_literal, without_term
from rlsearch.simplify.form import Form
from rlsearch.simplify.rule import NO_STOP, Rule


def rules_of_nests(op: str) -> tuple[Rule, ...]:
    """The rules of min; with every sign of order turned, those of max."""
    f, g, above, below, turn = ("min", "max", ">", "<", 1) if op == "minimum" else ("max", "min", "<", ">", -1)
    low = op == "minimum"
    never, pair = ("min(abs(a), k) = k", "-abs(a)") if low else ("max(max(-abs(a), b), k) = max(b, k)", "abs(a)")
    idle = "min(min(-abs(a), b), k) = min(-abs(a), b)" if low else "max(abs(a), k) = abs(a)"
    too = "the same for every op that is never negative"

    def bounded(form: Form, x: int, k: float) -> bool:
        bound = limit(form, op, x)
        return bound is not None and turn * k < turn * bound

    return (
        Rule(f"{f}({f}(a, k), m) = {f}(a, k)", normal_form(op), f"k {below}= m"),
        Rule(f"{f}(-a, -b) = -{g}(a, b)", normal_form(op)),
        Rule(f"{f}(k * a, k * b) = k * {f}(a, b)", normal_form(op), "k > 0"),
        Rule(f"{f}(a, {g}(a, b)) = a", without_absorbed(op), NO_STOP, "the gradient at a = b"),
        Rule(f"{f}({g}(a, k), m) = m", without_term(op, bounded), f"k {above} m"),
        Rule(f"{f}(a, -a) = {pair}", opposite(op)),
        Rule(
            never,
            without_term(op, lambda form, x, k: turn * k <= 0 and signed(form, x) == turn),
            f"k {below}= 0; {too}",
        ),
        Rule(
            idle,
            without_literal(op, lambda form, x, k: turn * k >= 0 and signed(form, x) == -turn),
            f"k {above}= 0; {too}",
        ),
    )
