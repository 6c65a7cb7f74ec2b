"""Parts, replacements and exchanged arguments."""

from rlsearch.graph.subgraph import rewritten, swapped
from rlsearch.graph.text import parse, print_graph

TEXT = "delta = r - q(online, s)[a]\nloss = delta * exp(delta)"


def test_a_part_and_a_part_replaced() -> None:
    graph = parse(TEXT)
    place = next(index for index, node in enumerate(graph.nodes) if node.op == "exp")
    assert rewritten(graph, place) == parse("exp(r - q(online, s)[a])")
    assert rewritten(graph, graph.root, {place: 2.0}) == parse("(r - q(online, s)[a]) * 2")


def test_arguments_are_exchanged_wherever_the_node_is_read() -> None:
    graph = parse(TEXT)
    place = next(index for index, node in enumerate(graph.nodes) if node.op == "sub")
    turned = swapped(graph, place)
    assert turned == parse(TEXT.replace("r - q(online, s)[a]", "q(online, s)[a] - r"))
    assert parse(print_graph(turned)) == turned
