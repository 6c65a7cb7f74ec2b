"""Normal form of products: one coefficient, equal bases collected into powers, one absolute value, sorted."""

from rlsearch.graph.graph import CONSTANT, Node
from rlsearch.simplify.form import Form, Number, fold_literals
from rlsearch.simplify.sums import content_and_primitive, scale


def product(form: Form, *factors: int) -> int:
    """The canonical product of nodes."""
    return product_of_powers(form, [(factor, 1) for factor in reversed(factors)])


def product_of_powers(form: Form, factors: list[tuple[int, int]]) -> int:
    """The canonical product of node ** power."""
    coefficient: Number = 1
    powers: dict[int, int] = {}
    absolute: dict[int, int] = {}  # powers of |base|
    pending = [(index, power, powers) for index, power in factors]
    while pending:
        index, power, into = pending.pop()
        own, base = content_and_primitive(form, index)
        if own != 1:
            if own < 0 and into is absolute:
                own = -own
            own = own if power == 1 else own**power
            coefficient = own if coefficient == 1 else coefficient * own
        op, args, leaf = form.nodes[base]
        if op == "mul":
            pending += [(arg, power, into) for arg in args]
        elif op == "square":
            pending.append((args[0], 2 * power, into))
        elif op == "abs":
            pending.append((args[0], power, absolute))
        elif op == CONSTANT:
            coefficient *= leaf == 1.0  # a unit: 1, or 0
        else:
            if into is absolute and form.nonnegative(base):
                into = powers
            into[base] = into.get(base, 0) + power
            if op == "sqrt" and into[base] > 1 and not form.carries[base]:
                floor = form.constant(fold_literals("sqrt", 0.0) ** 2)  # sqrt(a)**2 = max(a, floor), for the root is guarded
                pending.append((form.make("maximum", args[0], floor), into[base] // 2, powers))
                into[base] %= 2
    if coefficient == 0:
        return form.constant(0.0)
    for index in [base for base in powers if form.nodes[base].op == "sign"]:
        _cancel_sign(form, index, powers, absolute)
    if absolute:
        _join_absolutes(form, powers, absolute)
    parts = [part for base in sorted(powers, key=form.order) for part in _factors_of_power(form, base, powers[base])]
    return scale(form, coefficient, form.chain("mul", parts)) if parts else form.constant(float(coefficient))


def _cancel_sign(form: Form, index: int, powers: dict[int, int], absolute: dict[int, int]) -> None:
    """Replace a * sign(a) by |a|, and, without gradient, |a| * sign(a) by a."""
    inner = form.nodes[index].args[0]
    if powers[index] > 2 or form.nonnegative(inner):  # sign(a)**3 = sign(a); a sign of 0 or 1 is its square
        powers[index] = 1 if form.nonnegative(inner) else 2 - powers[index] % 2
    same = [base for base in (*powers, *absolute) if base == inner or form.nodes[base] == Node("stop", (inner,))]
    for base in same:  # a and stop(a) have one sign
        while powers[index] and (absolute.get(base, 0) % 2 or powers.get(base, 0)):
            if absolute.get(base, 0) % 2 and not form.carries[base]:
                gone, made = absolute, powers
            elif powers.get(base, 0):
                gone, made = powers, powers if form.nonnegative(base) else absolute
            else:  # |a| * sign(a) has no gradient at 0, a has one
                break
            powers[index] -= 1
            gone[base] -= 1
            made[base] = made.get(base, 0) + 1


def _join_absolutes(form: Form, powers: dict[int, int], absolute: dict[int, int]) -> None:
    """Replace |a|**2 by a**2, and |a| * |b| by |a * b|."""
    odd = []
    for base, power in absolute.items():
        if power > 1:
            powers[base] = powers.get(base, 0) + power - power % 2
        if power % 2:
            odd.append(base)
    if odd:
        made = form.apply("abs", form.chain("mul", sorted(odd, key=form.order)))
        powers[made] = powers.get(made, 0) + 1


def _factors_of_power(form: Form, base: int, power: int) -> list[int]:
    """The factors of base**power: x, x**2, x * x**2, (x**2)**2, ..."""
    if power == 1:
        return [base]
    factors, square = [], base
    while power:
        if power % 2:
            factors.append(square)
        power //= 2
        if power:
            square = form.apply("square", square)
    return factors


def absolute_value(form: Form, a: int) -> int:
    """The canonical |a|."""
    return product(form, form.apply("abs", a))


def split_sign(form: Form, a: int) -> int | None:
    """Rewrite sign(a * b) = sign(a) * sign(b), and sign(a**2) = sign(|a|) = sign(a)**2."""
    op, args, _ = form.nodes[a]
    if op not in ("mul", "square", "abs"):
        return None
    return product(form, *[form.make("sign", arg) for arg in (args if op == "mul" else args * 2)])
