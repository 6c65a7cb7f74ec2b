"""A loss in known terms."""

import pytest

from rlsearch.equivalence.known_losses import relation, relations
from rlsearch.graph.text import parse
from rlsearch.registry import known_losses

DELTA = "q(online, s)[a] - (r + discount * max(q(target, s_next)))"
KNOWN = {
    known_losses()["dqn"]: "same gradient as dqn; same direction as scratch_td",
    known_losses()["scratch_td"]: "same gradient as scratch_td; same direction as dqn",
    known_losses()["double_dqn"]: "same gradient as double_dqn",
    known_losses()["dqn_reg"]: "same gradient as dqn_reg",
    f"loss = 7 * half_square({DELTA})": "same direction as dqn, scratch_td",
    f"loss = half_square({DELTA}) + r": "same gradient as dqn; same direction as scratch_td",
    f"loss = half_square({DELTA}) + 0.1 * q(online, s)[a]": "same gradient as dqn_reg",
    f"loss = half_square({DELTA}) + 0.2 * q(online, s)[a]": "same gradient as dqn_reward_shift",
    f"loss = half_square({DELTA}) + 0.3 * q(online, s)[a]": "",
    f"loss = -half_square({DELTA})": "",  # the other way
    f"loss = abs({DELTA})": "",
    "loss = half_square(q(online, s)[a] - r)": "",
    "loss = q(online, s)[a]": "",  # trains nothing
    "loss = log(q(online, s)[a] - q(online, s)[a])": "",
}


@pytest.mark.parametrize("text", KNOWN, ids=lambda text: text.splitlines()[-1][-40:])
def test_relations_in_words(text):
    assert relation(parse(text)) == KNOWN[text]


def test_relations_as_data():
    assert relations(parse(known_losses()["dqn"])) == {"gradient": ["dqn"], "direction": ["scratch_td"]}
    assert relations(parse("loss = abs(q(online, s)[a])")) == {"gradient": [], "direction": []}
