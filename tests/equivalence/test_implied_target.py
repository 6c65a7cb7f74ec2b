"""The implied target: coefficients that were put in come out, and no target is seen where there is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.equivalence.implied_target import implied
from rlsearch.graph.text import parse
from rlsearch.registry import known_losses

VARIES = (
    "gradient: a positive weight that varies, times (Q(s, a) − T), T = r + γ max Q⁻(s′): "
    "as DQN in each transition, but with another fixed point where outcomes vary"
)
WORDS = {
    "dqn": "gradient: 1 × (Q(s, a) − T), T = r + γ max Q⁻(s′): DQN",
    "scratch_td": "gradient: 2 × (Q(s, a) − T), T = r + γ max Q⁻(s′): DQN",
    "double_dqn": "gradient: 1 × (Q(s, a) − T), T = r + γ Q⁻(s′, argmax Q(s′)): double DQN",
    "dqn_reg": "gradient: 1 × (Q(s, a) − T), T = r + γ max Q⁻(s′) − 0.1: DQN with every reward lowered by 0.1",
    "dqn_reg_printed": "gradient: 2 × (Q(s, a) − T), T = r + γ max Q⁻(s′) − 0.05: DQN with every reward lowered by 0.05",
    "scratch_reg": "gradient: 1 × (Q(s, a) − T), T = r + γ max Q⁻(s′) − 1: DQN with every reward lowered by 1",
    "dqn_reward_shift": "gradient: 1 × (Q(s, a) − T), T = r + γ max Q⁻(s′) − 0.2: DQN with every reward lowered by 0.2",
    "shrunken_td": "gradient: 1 × (Q(s, a) − T), T = 0.9 r + 0.9 γ max Q⁻(s′): "
    "DQN with its discount times 0.9 and its rewards times 0.9",
    "advantage_learning": "gradient: 1 × (Q(s, a) − T), T = r + γ max Q⁻(s′) + 0.9 Q⁻(s, a) − 0.9 max Q⁻(s)",
    "n_step_dqn": "gradient: 1 × (Q(s, a) − T), T = rₙ + γₙ max Q⁻(sₙ): DQN with n-step targets",
    "expectile_td": VARIES,
    # Each of its cases pushes the way of the temporal-difference error, as the formula shows on a second look.
    "dqn_clipped": VARIES,
    "dqn_huber": VARIES,
}


@pytest.mark.parametrize("name", known_losses())
def test_known_losses_in_words(name):
    found = implied(parse(known_losses()[name]))
    assert (found and found.words) == WORDS.get(name)


COEFFICIENT = st.sampled_from([-2.0, -0.5, 0.1, 0.25, 1.0, 3.0])


@given(st.sampled_from([0.1, 0.5, 1.0, 4.0]), COEFFICIENT, COEFFICIENT, COEFFICIENT, COEFFICIENT)
def test_coefficients_come_out_as_they_went_in(weight, reward, bootstrap, shift, goes_on):
    target = f"({reward} * r + {bootstrap} * discount * max(q(target, s_next)) + {shift} + {goes_on} * discount)"
    found = implied(parse(f"loss = {weight / 2} * (q(online, s)[a] - {target})**2"))
    assert found is not None
    assert found.weight == pytest.approx(weight)
    assert list(found.target) == ["r", "γ max Q⁻(s′)", "1", "γ"]
    assert list(found.target.values()) == pytest.approx([reward, bootstrap, shift, goes_on])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("half_square(q(online, s)[a] - r)", "T = r: a bandit loss, which looks no further than the next reward"),
        ("half_square(q(online, s)[a] - (r + max(q(target, s_next))))",
         "T = r + max Q⁻(s′): no discount; bootstraps past the end of an episode"),
        ("half_square(q(online, s)[a] - (r + 0.9 * max(q(target, s_next))))",
         "T = r + 0.9 max Q⁻(s′): a fixed discount; bootstraps past the end of an episode"),
        ("abs(q(online, s)[a] - (r + max(q(target, s_next))))",
         "gradient: a positive weight that varies, times (Q(s, a) − T), T = r + max Q⁻(s′): no discount; bootstraps past"),
        ("-half_square(q(online, s)[a] - r)",
         "gradient: −1 × (Q(s, a) − T), T = r: pushes Q(s, a) away from T"),
        ("-0.2 * (q(online, s)[a] - (r + discount * max(q(target, s_next))))**2",
         "gradient: −0.4 × (Q(s, a) − T), T = r + γ max Q⁻(s′): pushes Q(s, a) away from T"),
        ("-abs(q(online, s)[a] - r)",
         "gradient: a negative weight that varies, times (Q(s, a) − T), T = r: pushes Q(s, a) away from T"),
        ("q(online, s)[a] * (q(online, s)[a] - r)", "gradient: 2 × (Q(s, a) − T), T = 0.5 r"),
        ("half_square(q(online, s)[a] - (r + 0.9999999 * max(q(target, s_next))))",
         "T = r + 0.9999999 max Q⁻(s′): a fixed discount; bootstraps past the end of an episode"),
        ("0.16666666666 * (q(online, s)[a] - (r + 0.333333333 * discount * max(q(target, s_next))))**2",
         "gradient: ≈ 0.333333 × (Q(s, a) − T), T ≈ r + 0.333333 γ max Q⁻(s′): DQN with its discount times ≈ 0.333333"),
        ("half_square(q(online, s)[a] - (r + discount * max(q(target, s_next)) + 0.5 * discount))",
         "DQN with rewards raised by 0.5 times γ where the episode goes on"),
    ],
)  # fmt: skip
def test_other_targets(text, words):
    assert words in implied(parse(f"loss = {text}")).words


@pytest.mark.parametrize(
    "text",
    [
        "q(online, s)[a]",  # a push, not a target
        "half_square(max(q(online, s)) - r)",  # of another action as well
        "half_square(q(online, s)[a] - q(online, s_next)[a])",  # the next state's values move as well
        "half_square(q(online, s)[a]**2 - r)",
        "abs(q(online, s)[a] - (r + 0.999 * discount * max(q(target, s_next))))",  # nearly DQN's sign
    ],
)
def test_no_target(text):
    assert implied(parse(f"loss = {text}")) is None
