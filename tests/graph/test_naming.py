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


def test_names_of_other_targets():
    soft = "0.1 * logsumexp(q(target, s_next) / 0.1)"
    text = f"(q(online, s)[a] - (r + 0.9 * log_softmax(q(target, s))[a] + discount * ({soft})))**2"
    assert {"log_probs", "log_prob", "soft_value", "td_target", "delta"} <= named(text)
    assert {"best_next", "q_next"} <= named("q(online, s)[a] * q(target, s_next)[argmax(q(online, s_next))]")
    assert "soft_value" not in named("q(online, s)[a] * (0.2 * logsumexp(q(target, s_next) / 0.1))")
    assert {"probs", "expected_q"} <= named("q(online, s)[a] * dot(softmax(q(target, s)), q(target, s))")
    assert {"v_target", "q_target_sa", "action_gap"} <= named("q(online, s)[a] * (max(q(target, s)) - q(target, s)[a])")
    assert "advantage" in named("q(online, s)[a] * (q(target, s)[a] - max(q(target, s)))")
    assert "error" in named("(q(online, s)[a] - r)**2") and "error" not in named("q(online, s)[a] - q(online, s_next)[a]")


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
    sums = "\n".join(["x0 = r + discount * r", *(f"x{i + 1} = x{i} + x{i} + discount * r" for i in range(40))])
    field_names(parse(f"{sums}\nloss = q(online, s)[a] * x40"))
    assert set(field_names(graph).values()) == {"q_online_s", "q_sa"}
    assert time.perf_counter() - begin < 1.0
