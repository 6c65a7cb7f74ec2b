"""The network's op: any network meets any state, and only the online one learns."""

import pytest

from rlsearch.compile.torch_source import arguments
from rlsearch.graph.text import parse
from rlsearch.op import Type
from rlsearch.registry import operations
from tests.support.evaluate import by_torch, random_batch


def test_it_is_computed_by_the_trainer():
    op = operations()["q"]
    assert op.external
    assert (op.forward, op.backward) == (None, None)
    assert op.result_type((Type.NETWORK, Type.STATE)) == Type.VECTOR


@pytest.mark.parametrize("network", ["online", "target"])
@pytest.mark.parametrize("state", ["s", "s_next"])
def test_each_view_is_an_argument_of_its_own(network, state):
    graph = parse(f"sum(q({network}, {state})) + q(online, s)[a]")
    assert f"q_{network}_{state}" in arguments(graph)
    grad = by_torch(graph, random_batch(3)).grad
    assert (grad[0] >= (2 if (network, state) == ("online", "s") else 1)).any()
    assert grad[1].any() == ((network, state) == ("online", "s_next"))
