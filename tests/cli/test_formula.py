"""The shorthand of a loss: what its letters stand for is said, and nothing else is shortened."""

import pytest

from rlsearch.cli.formula import document, shorthand, tree
from rlsearch.graph.text import parse
from rlsearch.registry import known_losses
from rlsearch.simplify.canonical import canonical

TARGET = "r + γ max over a′ Q⁻(s′, a′)"
DELTA = f"δ = Q(s, a) − ({TARGET})"


@pytest.mark.parametrize(
    ("name", "text", "legend"),
    [
        ("dqn", "½ δ²", [DELTA]),
        ("dqn_huber", "huber(δ)", [DELTA]),
        ("dqn_reg_abs", "0.1 |Q(s, a)| + ½ δ²", [DELTA]),
        ("annealed_td", "½ δ² − 0.1 (τ − 1) Q(s, a)", [DELTA]),
        ("dqn_centred", "½ (mean_B r + Q(s, a) − y)²", [f"y = {TARGET}"]),
        ("mc_mix", "½ (Q(s, a) − (½ G + (1 − ½ h) y))²", [f"y = {TARGET}"]),
        ("dqn_clipped", "max(γ (max over a′ Q⁻(s′, a′))², δ) + max(Q(s, a), y + δ²)", [DELTA, f"y = {TARGET}"]),
        ("expectile_td", "δ² (0.3, if Q(s, a) > y, else 0.7)", [DELTA, f"y = {TARGET}"]),
        (
            "advantage_learning",
            "½ (0.9 max over a′ Q⁻(s, a′) + Q(s, a) − y)²",
            ["y = r + 0.9 Q⁻(s, a) + γ max over a′ Q⁻(s′, a′)"],
        ),
        ("n_step_dqn", "½ (Q(s, a) − (r_n + γ_n max over a′ Q⁻(s_n, a′)))²", []),
        (
            "mellowmax_dqn",
            "½ (Q(s, a) + 0.1 γ (log||A|| − logsumexp over a′ (10 Q⁻(s′, a′))) − r)²",
            [],
        ),
    ],
)
def test_known_losses(name, text, legend):
    assert shorthand(canonical(parse(known_losses()[name]))) == (text, legend)


def test_the_loss_itself_gets_no_letter():
    text, legend = shorthand(parse("q(online, s)[a] - (r + discount * max(q(target, s_next)))"))
    assert (text, legend) == ("Q(s, a) − y", [f"y = {TARGET}"])


def test_large_parts_get_letters_beside_those_of_the_field():
    big = "tanh(q(online, s_next)[a] * r - discount) - tanh(q(target, s)[a] * progress)"
    text, legend = shorthand(
        parse(f"u = {big}\nd = q(online, s)[a] - (r + discount * max(q(target, s_next)))\nloss = u*u + tanh(u) * d")
    )
    assert (text, legend) == ("u u + tanh(u) δ", [DELTA, "u = tanh(Q(s′, a) r − γ) − tanh(Q⁻(s, a) τ)"])


def test_the_shorthand_of_a_tower_ends():
    lines = "".join(f"x{k + 1} = tanh(x{k}) * x{k} + discount * tanh(x{k})\n" for k in range(30))
    text, legend = shorthand(canonical(parse(f"x0 = q(online, s)[a] - r\n{lines}loss = x30")))
    assert len(text) + sum(map(len, legend)) < 3000


def test_programs_get_all_digits_and_people_few():
    graph = parse("0.33333333333 * (q(online, s)[a] - r)**2")
    assert shorthand(graph)[0] == "≈ 0.333333 (Q(s, a) − r)²"
    assert document("", graph)["formula"] == "0.33333333333 (Q(s, a) − r)²"
    assert document("", graph)["latex"].startswith("0.33333333333 ")
    assert "0.33333333333" in tree(graph)
