"""Normal form of sums: like terms collected, coefficients before terms, terms sorted, the constant last."""

from fractions import Fraction

from rlsearch.graph.graph import CONSTANT
from rlsearch.simplify.form import Form, Number, exact_number


def coefficient_and_term(form: Form, index: int) -> tuple[Number, int | None]:
    """A node as coefficient times a term; the term is None for a literal."""
    op, args, leaf = form.nodes[index]
    if op == CONSTANT:
        return exact_number(leaf), None
    if op == "neg":
        return -1, args[0]
    if op == "mul" and form.nodes[args[0]].op == CONSTANT:
        return exact_number(form.nodes[args[0]].leaf), args[1]
    return 1, index


def monomial(form: Form, coefficient: Number, term: int | None) -> int:
    """The node of coefficient * term, where the term has no coefficient of its own and is no sum."""
    if term is None or coefficient == 0:
        return form.constant(float(coefficient))
    if coefficient == 1:
        return term
    if coefficient == -1:
        return form.apply("neg", term)
    return form.apply("mul", form.constant(float(coefficient)), term)


def terms(form: Form, index: int) -> dict[int | None, Number]:
    """A node as a sum: the coefficient of each term, in order; that of None is the constant."""
    known = form.terms.get(index)
    if known is None:
        coefficient, term = coefficient_and_term(form, index)
        return {term: coefficient}
    return known


def total(form: Form, *parts: tuple[Number, int]) -> int:
    """The canonical sum of factor * node."""
    collected: dict[int | None, Number] = {}
    for factor, index in parts:
        for term, coefficient in terms(form, index).items():
            added = coefficient if factor == 1 else factor * coefficient
            collected[term] = collected[term] + added if term in collected else added
    constant = collected.pop(None, 0)
    kept = [(term, coefficient) for term, coefficient in collected.items() if coefficient and term is not None]
    if len(kept) > 1:
        kept.sort(key=lambda pair: form.order(pair[0]))
    nodes = [monomial(form, coefficient, term) for term, coefficient in kept]
    if constant or not nodes:
        nodes.append(form.constant(float(constant)))
    if len(nodes) == 1:
        return nodes[0]
    made = form.chain("add", nodes)
    if made not in form.terms:
        known: dict[int | None, Number] = dict(kept)
        form.terms[made] = known | {None: constant} if constant else known
    return made


def scale(form: Form, factor: Number, index: int) -> int:
    """The node of factor * x; of a sum, factor * each of its terms."""
    if factor == 1:
        return index
    if index in form.terms:
        return total(form, (factor, index))
    coefficient, term = coefficient_and_term(form, index)
    return monomial(form, factor * coefficient, term)


def content(form: Form, index: int) -> Number:
    """The content of a node: of a sum the largest coefficient in size, with the sign of the first; else its coefficient."""
    known = form.terms.get(index)
    if known is None:
        return coefficient_and_term(form, index)[0] or 1
    of_terms = [coefficient for term, coefficient in known.items() if term is not None]
    largest = largest_magnitude(of_terms)
    return -largest if of_terms[0] < 0 else largest


def magnitude(number: Number) -> Number:
    """The size of a number, |number|."""
    return -number if number < 0 else number


def largest_magnitude(numbers: list[Number]) -> Number:
    """The largest |number| of several."""
    found: Number = 0
    for number in numbers:
        found = max(found, magnitude(number))
    return found


def inverse(number: Number) -> Number:
    """The reciprocal, 1 / number."""
    return number if number in (1, -1) else Fraction(1) / number


def content_and_primitive(form: Form, index: int) -> tuple[Number, int]:
    """A node's content and primitive part: 2*a - b is 2 * (a - 0.5*b); all multiples of a node share their primitive part."""
    if index not in form.terms:
        factor, term = coefficient_and_term(form, index)
        if factor == 0:  # 0, or 0 * V
            return 1, index
        return factor, form.constant(1.0) if term is None else term
    known = form.primitives.get(index)
    if known is None:
        factor = content(form, index)
        known = form.primitives[index] = (factor, scale(form, inverse(factor), index))
    return known


def pull_out_factor(form: Form, op: str, a: int, *rest: int) -> int | None:
    """Rewrite f(k * a) = k * f(a)."""
    factor, base = content_and_primitive(form, a)
    return None if factor == 1 else scale(form, factor, form.make(op, base, *rest))


def pull_out_magnitude(form: Form, op: str, a: int) -> int | None:
    """Rewrite f(k * a) = k * f(a) for positive k."""
    factor = magnitude(content(form, a))
    return None if factor == 1 else scale(form, factor, form.make(op, scale(form, inverse(factor), a)))


def drop_factor(form: Form, op: str, a: int) -> int | None:
    """Rewrite f(k * a) = f(a) for positive k."""
    factor = magnitude(content(form, a))
    return None if factor == 1 else form.make(op, scale(form, inverse(factor), a))


def drop_sign(form: Form, op: str, a: int) -> int | None:
    """Rewrite f(-a) = f(a)."""
    return form.make(op, scale(form, -1, a)) if content(form, a) < 0 else None


def pull_out_sign(form: Form, op: str, a: int) -> int | None:
    """Rewrite f(-a) = -f(a)."""
    return scale(form, -1, form.make(op, scale(form, -1, a))) if content(form, a) < 0 else None
