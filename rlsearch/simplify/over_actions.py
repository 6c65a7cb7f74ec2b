"""Rewrites of ops over actions, applied to sums, multiples and elementwise ops of Vectors."""

from rlsearch.registry import operations, regime_of
from rlsearch.simplify.extrema import MIRROR
from rlsearch.simplify.form import Form
from rlsearch.simplify.products import product
from rlsearch.simplify.sums import content_and_primitive, pull_out_factor, scale, terms, total


def select_arguments(form: Form, x: int, i: int) -> int | None:
    """Rewrite f(x, z)[i] = f(x[i], z[i]) for elementwise f."""
    op, args, _ = form.nodes[x]
    if not operations()[op].elementwise:
        return None
    return form.make(op, *[form.make("select", arg, i) if form.types[arg].axis is not None else arg for arg in args])


def read_shape(form: Form, i: int, x: int) -> int | None:
    """Rewrite one_hot(i, V) = one_hot(i, W): only the shape is read, which all values of networks along the actions have."""
    pending = [x]
    while pending:
        op, args, _ = form.nodes[pending.pop()]
        if args and operations()[op].external:
            regime = regime_of([op, *(str(form.nodes[arg].leaf) for arg in args)])
            view = next(view for view in regime.views if regime.type_of(view).axis is form.types[x].axis)
            first = form.apply(view.head, form.input(view.network), form.input(view.state))
            return None if first == x else form.make("one_hot", i, first)
        pending += [arg for arg in args if form.types[arg].axis is form.types[x].axis]
    return None


def distribute(form: Form, op: str, x: int) -> int | None:
    """Rewrite the mean or sum of a sum term by term, with what is the same for every action pulled out of each."""
    known = terms(form, x)
    reals = [term for term in known if term is None or form.types[term].axis is None]
    if op == "sum" and reals:  # a sum of Reals is a multiple of the number of actions
        return pull_out_factor(form, op, x)
    parts = [
        (factor, term, _real_and_vector_factors(form, term))
        for term, factor in known.items()
        if term not in reals and term is not None
    ]
    if known == {x: 1} and not parts[0][2][0]:
        return None
    each = [
        (k, product(form, *outside, form.make(op, product(form, *inside) if outside else term)))
        for k, term, (outside, inside) in parts
    ]
    return total(form, *each, *[(known[term], form.constant(1.0) if term is None else term) for term in reals])


def _real_and_vector_factors(form: Form, term: int) -> tuple[list[int], list[int]]:
    """The factors of a Vector: Reals, and Vectors."""
    links = form.links("mul", term)
    return [link for link in links if not form.wide(link)], [link for link in links if form.wide(link)]


def vectors_and_reals(form: Form, x: int) -> tuple[int, int] | None:
    """The Vectors and the Reals of a sum, each added up; None unless it has both."""
    known = terms(form, x)
    wide = [(factor, term) for term, factor in known.items() if term is not None and form.types[term].axis is not None]
    if len(wide) == len(known):
        return None
    vector = total(form, *wide) if any(factor for factor, _ in wide) else form.make("mul", form.constant(0.0), wide[0][1])
    return vector, total(form, (1, x), (-1, vector))


def pull_out_shift(form: Form, op: str, x: int) -> int | None:
    """Rewrite max(V + a) = max(V) + a."""
    parts = vectors_and_reals(form, x)
    return total(form, (1, form.make(op, parts[0])), (1, parts[1])) if parts else None


def drop_shift(form: Form, op: str, x: int) -> int | None:
    """Rewrite softmax(V + a) = softmax(V)."""
    parts = vectors_and_reals(form, x)
    return form.make(op, parts[0]) if parts else None


def pull_out_multiple(form: Form, op: str, x: int) -> int | None:
    """Rewrite max(k * V) = k * max(V) for positive k, and k * min(V) for negative."""
    if not any(terms(form, x).values()):
        return form.constant(0.0)
    factor, base = content_and_primitive(form, x)
    return None if factor == 1 else scale(form, factor, form.make(op if factor > 0 else MIRROR[op], base))


def pull_out_multiples(form: Form, op: str, x: int, z: int) -> int | None:
    """Rewrite dot(k * V, m * W) = k * m * dot(V, W)."""
    if not any(terms(form, x).values()) or not any(terms(form, z).values()):
        return form.constant(0.0)
    (k, v), (m, w) = content_and_primitive(form, x), content_and_primitive(form, z)
    return None if k * m == 1 and v == x else scale(form, k * m, form.make(op, v, w))
