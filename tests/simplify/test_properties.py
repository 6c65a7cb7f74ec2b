"""What an op of one's own declares of itself rewrites its losses, also where it has no normal form."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.facets.problems import refuse_wrong
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse
from rlsearch.registry import use_only
from rlsearch.registry.pack import make_pack
from rlsearch.simplify.canonical import canonical
from tests.support.evaluate import by_tape, random_batch

OPS = """
from rlsearch.op import Op

PAIR = {"args": ("a", "b"), "source": "a test", "domain": ((-3.0, 3.0), (-3.0, 3.0))}
OPS = (
    Op(name="plus", doc="The sum.", torch="a + b", numpy="a + b", partials=("1", "1"), sympy="a + b", latex="{a} \\\\oplus {b}",
       commutes=True, associates=True, identity=0.0, **PAIR),
    Op(name="least", doc="The smaller.", torch="torch.minimum(a, b)", numpy="minimum(a, b)", sympy="Min(a, b)",
       partials=("where(a < b, 1, where(a > b, 0, 0.5))", "where(b < a, 1, where(b > a, 0, 0.5))"),
       latex="{a} \\\\wedge {b}", commutes=True, associates=True, idempotent=True, **PAIR),
    Op(name="second", doc="The second.", torch="0 * a + b", numpy="0 * a + b", partials=(None, "1"), sympy="0 * a + b",
       latex="{a} \\\\triangleright {b}", associates=True, idempotent=True, **PAIR),
    Op(name="last", doc="The second.", torch="0 * a + b", numpy="0 * a + b", partials=(None, "1"), sympy="0 * a + b",
       latex="{a} \\\\succ {b}", associates=True, **PAIR),
)
"""
Q = "q(online, s)[a]"


@pytest.fixture(scope="module", autouse=True)
def pack() -> Iterator[None]:
    """The pack, checked and in use."""
    mine = make_pack("declared", OPS, "declared.py")
    use_only([mine])
    refuse_wrong([mine])
    yield
    use_only(())


def form(text: str) -> Graph:
    return canonical(parse(text))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (f"plus(plus({Q}, r), discount)", f"plus(discount, plus(r, {Q}))"),
        (f"plus(plus({Q}, plus(r, 0)), plus(0, r))", f"plus(r, plus({Q}, r))"),
        (f"plus(0, {Q})", Q),
        (f"last(last(r, discount), {Q})", f"last(r, last(discount, {Q}))"),
        (f"least({Q} * r, r * {Q})", f"r * {Q}"),
        (f"least({Q}, r)", f"least(r, {Q})"),
    ],
)
def test_one_form(text: str, same: str) -> None:
    assert form(text) == form(same)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (f"least(least({Q}, r), discount)", f"least({Q}, least(r, discount))"),  # where all tie, others share the gradient
        (f"second({Q}, r) + {Q}", f"second(r, {Q}) + {Q}"),
        (f"last(r, last(discount, {Q}))", f"last(discount, last(r, {Q}))"),
        (f"second({Q}, {Q})", Q),  # declared of the value; gradient flows to one of both
        (f"plus({Q}, 1)", Q),
    ],
)
def test_two_forms(text: str, other: str) -> None:
    assert form(text) != form(other)


CHAINS = st.recursive(
    st.sampled_from([Q, "r", "discount", "0", "2", "max(q(target, s_next))"]),
    lambda parts: st.builds("{}({}, {})".format, st.sampled_from(["plus", "least", "second", "last"]), parts, parts),
    max_leaves=8,
)


@given(CHAINS)
def test_the_form_computes_the_same(chain: str) -> None:
    graph, batch = parse(f"{chain} + {Q}"), random_batch(3, size=6)
    value, expected = by_tape(canonical(graph), batch).value, by_tape(graph, batch).value
    assert value == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert canonical(canonical(graph)) == canonical(graph)
