"""The DAG: hash-consing, types, what is refused."""

import math

import pytest
from hypothesis import given

from rlsearch.errors import LossError
from rlsearch.graph.graph import CONSTANT, INPUT, LARGEST, MAX_NODES, Builder, Node
from rlsearch.graph.text import parse
from rlsearch.op import Type
from tests.support.strategies import losses


@pytest.fixture
def builder() -> Builder:
    return Builder()


def test_equal_subexpressions_are_one_node(builder):
    r, one = builder.input("r"), builder.constant(1)
    assert builder.apply("add", r, one) == builder.apply("add", builder.input("r"), builder.constant(1.0))
    assert builder.constant(-0.0) == builder.constant(0.0)
    assert builder.apply("add", one, r) != builder.apply("add", r, one)  # that is for the canonical form


def test_size_counts_ops_once():
    graph = parse("d = q(online, s)[a] - 0.5\nloss = d * d")
    assert graph.size == 4  # q, select, sub, mul
    assert graph == parse("loss = (q(online, s)[a] - 0.5) * (q(online, s)[a] - 0.5)")


@given(losses())
def test_graph_is_ordered_reached_and_unique(graph):
    assert len(set(graph.nodes)) == len(graph.nodes)
    reached = {graph.root}
    for index in range(graph.root, -1, -1):
        assert index in reached, "a dead node"
        assert all(arg < index for arg in graph.nodes[index].args)
        reached.update(graph.nodes[index].args)
    assert graph.types[graph.root] == Type.REAL
    assert graph.carries[graph.root]


@given(losses())
def test_numbering_does_not_depend_on_the_order_of_building(graph):
    builder = Builder()
    builder.apply("q", builder.input("target"), builder.input("s_next"))  # dead, and earlier than anything else
    place: list[int] = []
    for node in graph.nodes:
        if node.op == INPUT:
            place.append(builder.input(str(node.leaf)))
        elif node.op == CONSTANT:
            place.append(builder.constant(float(node.leaf)))
        else:
            place.append(builder.apply(node.op, *(place[arg] for arg in node.args)))
    assert builder.loss(place[-1]) == graph


def test_types_follow_the_widest_argument(builder):
    q = builder.apply("q", builder.input("online"), builder.input("s"))
    policy = builder.apply("softmax", q)
    r, two = builder.input("r"), builder.constant(2)
    kinds = {"two": two, "r": r, "q": q, "policy": policy}
    expected = {
        ("two", "two"): Type.CONSTANT,
        ("two", "r"): Type.REAL,
        ("r", "r"): Type.REAL,
        ("r", "q"): Type.VECTOR,
        ("policy", "two"): Type.VECTOR,
        ("policy", "policy"): Type.VECTOR,  # probabilities added are none
    }
    for (one, other), kind in expected.items():
        for name in ("add", "maximum", "greater"):
            assert builder.types[builder.apply(name, kinds[one], kinds[other])] == kind
            assert builder.types[builder.apply(name, kinds[other], kinds[one])] == kind


def test_gradient_stops_where_it_should(builder):
    online, target = (builder.apply("q", builder.input(name), builder.input("s")) for name in ("online", "target"))
    assert builder.carries[online] and not builder.carries[target]
    best = builder.apply("argmax", online)
    assert not builder.carries[best]
    assert builder.carries[builder.apply("select", online, best)]
    assert not builder.carries[builder.apply("select", target, best)]
    assert not builder.carries[builder.apply("stop", online)]
    assert not builder.carries[builder.apply("greater", online, target)]
    assert not builder.carries[builder.apply("where", online, target, target, target)]
    assert builder.carries[builder.apply("where", target, target, online, target)]


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 2 * LARGEST])
def test_a_constant_that_float32_cannot_hold_is_refused(builder, value):
    with pytest.raises(LossError, match=r"out of range; constants lie within \+-1e\+30"):
        builder.constant(value)


def test_refusals_name_what_is_close(builder):
    with pytest.raises(LossError, match="did you mean 'discount'"):
        builder.input("discout")
    with pytest.raises(LossError, match="did you mean 'softmax'"):
        builder.apply("sofmax", builder.input("r"))
    with pytest.raises(LossError, match=r"log takes \(Real or Vector\), not \(State\)"):
        builder.apply("log", builder.input("s"))
    with pytest.raises(LossError, match=r"log takes \(Real or Vector\), not \(nothing\)"):
        builder.apply("log")


def test_a_loss_has_a_readable_size(builder):
    node = builder.input("r")
    with pytest.raises(LossError, match=f"more than {MAX_NODES} nodes"):
        for _ in range(MAX_NODES):
            node = builder.apply("tanh", node)
    assert len(builder.nodes) == MAX_NODES


def test_nodes_read_like_their_documentation(builder):
    builder.apply("add", builder.input("r"), builder.constant(0.5))
    assert builder.nodes == [Node("input", (), "r"), Node("constant", (), 0.5), Node("add", (0, 1))]
