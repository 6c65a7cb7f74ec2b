"""The networkx form: it is the same graph, says where the gradient flows, and its labels are for people."""

import io

import networkx as nx
import pytest
from hypothesis import given

from rlsearch.compile.networkx_graph import gradient_edges, op_label, to_networkx
from rlsearch.graph.graph import INPUT, Builder, Graph
from rlsearch.graph.text import parse
from rlsearch.loss import Loss
from rlsearch.registry import operations
from tests.support.strategies import losses

DQN = "loss = half_square(q(online, s)[a] - (r + discount * max(q(target, s_next))))"


def test_nodes_and_edges_are_those_of_the_graph() -> None:
    graph = parse(DQN)
    net = to_networkx(graph)
    assert nx.is_directed_acyclic_graph(net)
    assert [net.nodes[k]["op"] for k in range(len(graph.nodes))] == [node.op for node in graph.nodes]
    arguments = {(a, b, data["position"]) for a, b, data in net.edges(data=True)}
    assert arguments == {(arg, k, p) for k, node in enumerate(graph.nodes) for p, arg in enumerate(node.args, 1)}


def test_an_argument_used_twice_is_two_edges() -> None:
    net = to_networkx(parse("d = q(online, s)[a] - r\nloss = d * d"))
    root = max(net.nodes)
    assert [data["position"] for _, _, data in net.in_edges(root, data=True)] == [1, 2]


def test_gradient_stops_where_it_is_cut_and_only_there() -> None:
    # Inside stop(...) the online network is read, but no gradient comes back out.
    graph = parse("v = max(q(online, s_next))\nloss = half_square(q(online, s)[a] - stop(2 * v))")
    flowing = {graph.nodes[user].op for user, _ in gradient_edges(graph)}
    assert flowing == {"half_square", "sub", "select", "q"}
    assert all((user, 1) not in gradient_edges(graph) for user, node in enumerate(graph.nodes) if node.op == "sub")


def test_gradient_reaches_the_online_network_and_never_the_target() -> None:
    net = to_networkx(parse(DQN))
    leaves = {data["label"]: index for index, data in net.nodes(data=True)}
    assert all(data["gradient"] for _, _, data in net.out_edges(leaves["online"], data=True))
    assert not any(data["gradient"] for _, _, data in net.out_edges(leaves["target"], data=True))


def test_it_goes_through_graphml() -> None:
    net = to_networkx(parse(DQN))
    file = io.BytesIO()
    nx.write_graphml(net, file)
    file.seek(0)
    back = nx.read_graphml(file, node_type=int, force_multigraph=True)
    assert dict(back.nodes(data=True)) == dict(net.nodes(data=True))


@pytest.mark.parametrize(
    ("name", "inline", "label"),
    [
        ("sub", {}, "−"),
        ("mul", {}, "×"),
        ("square", {}, "x²"),
        ("half_square", {}, "½ x²"),
        ("max", {}, "max over a′"),
        ("maximum", {}, "max"),
        ("log_softmax", {}, "log softmax over a′"),
        ("abs", {}, "|x|"),
        ("relu", {}, "(x)₊"),
        ("sqrt", {}, "√x"),
        ("dot", {}, "⟨x, z⟩"),
        ("kl", {}, "KL"),
        ("greater", {}, ">"),
        ("neg", {}, "−x"),
        ("mean_batch", {}, "mean_B x"),
        ("where", {}, "③ if ① > ② else ④"),
        ("clip", {"low": "−1", "high": "1"}, "clip(x, −1, 1)"),
        ("select", {"a": "a"}, "x[a]"),
        ("select", {}, "①[②]"),
        ("q", {"network": "target", "state": "s′"}, "Q_target(s′, ·)"),
    ],
)
def test_labels(name: str, inline: dict[str, str], label: str) -> None:
    assert op_label(operations()[name], inline) == label


def test_no_label_shows_latex() -> None:
    for op in operations().values():
        assert not set("\\{}") & set(op_label(op, {})), op.name


def rebuilt(net: nx.MultiDiGraph) -> Graph:
    """The graph that a networkx graph's attributes describe."""
    builder, number = Builder(), dict[int, int]()
    for index in nx.topological_sort(net):
        node = net.nodes[index]
        if "leaf" in node:
            number[index] = (builder.input if node["op"] == INPUT else builder.constant)(node["leaf"])
        else:
            edges = sorted((edge["position"], source) for source, _, edge in net.in_edges(index, data=True))
            assert [position for position, _ in edges] == list(range(1, len(edges) + 1))
            number[index] = builder.apply(node["op"], *(number[source] for _, source in edges))
        assert builder.types[number[index]] == node["type"] and builder.carries[number[index]] == node["carries"]
    (sink,) = (index for index, out in net.out_degree() if out == 0)
    return builder.loss(number[sink])


@given(losses())
def test_a_networkx_graph_is_a_dag_with_one_sink_that_holds_the_whole_loss(graph):
    net = Loss(graph).to_networkx()
    assert nx.is_directed_acyclic_graph(net) and net.number_of_nodes() == len(graph.nodes)
    assert nx.utils.graphs_equal(net, to_networkx(graph))
    assert rebuilt(net) == graph


def test_a_literal_is_labelled_with_few_digits_and_kept_with_all() -> None:
    net = to_networkx(parse("0.33333333333 * q(online, s)[a] + 1e-7 * r"))
    found = {data["leaf"]: data["label"] for _, data in net.nodes(data=True) if isinstance(data.get("leaf"), float)}
    assert found == {0.33333333333: "≈ 0.333333", 1e-7: "10⁻⁷"}
