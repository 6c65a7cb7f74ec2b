"""Names of the field: where they are given, and that looking for them stays cheap."""

import time

from rlsearch.graph.naming import field_names
from rlsearch.graph.text import parse

TD = "q(online, s)[a] - (r + discount * max(q(target, s_next)))"


def named(text: str) -> set[str]:
    return set(field_names(parse(text)).values())


def test_names_of_td_learning():
    views = {"q_online_s", "q_target_s_next", "q_sa", "q_next"}
    assert named(f"({TD})**2") == views | {"td_target", "delta"}
    assert named("abs((max(q(target, s_next)) * discount + r) - q(online, s)[a])") == views | {"td_target", "delta"}


def test_double_dqn_target_is_a_td_target():
    text = "(q(online, s)[a] - (r + discount * q(target, s_next)[argmax(q(online, s_next))]))**2"
    assert {"td_target", "delta"} <= named(text)


def test_a_discount_deep_inside_is_no_target():
    assert "td_target" not in named("q(online, s)[a] - (r + 2 * tanh(discount * r))")
    assert "delta" not in named("q(online, s)[a] - r * discount")


def test_a_name_is_given_once():
    graph = parse(f"({TD})**2 + abs(q(online, s)[a] - (r + discount * min(q(target, s_next))))")
    names = list(field_names(graph).values())
    assert len(names) == len(set(names))


def test_shared_subexpressions_are_not_spelt_out():
    lines = [f"x{i + 1} = x{i} + x{i}" for i in range(150)]
    graph = parse("\n".join(["x0 = q(online, s)[a]", *lines, "loss = x150"]))
    begin = time.perf_counter()
    assert set(field_names(graph).values()) == {"q_online_s", "q_sa"}
    assert time.perf_counter() - begin < 1.0
