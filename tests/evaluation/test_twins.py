"""Twins: what trains alike comes to the same weights but for rounding, what does not goes elsewhere."""

import pytest

from rlsearch.envs import EnvSpec
from rlsearch.evaluation.twins import APART, NOISES, Twin, TwinRequest, train_twins, twin_steps
from tests.support.tasks import agent_with
from tests.support.tiny_runs import DQN

DELTA = DQN.removeprefix("loss = half_square")
AGENT = agent_with()
ALIKE = {
    f"loss = 0.5 * {DELTA}**2": 1.0,
    f"loss = 3 * half_square({DELTA})": 3.0,
    f"loss = half_square({DELTA}) + log(abs(r))": 1.0,
    "loss = half_square(q(online, s)[a] - r - discount * max(q(target, s_next)))": 1.0,
    f"loss = 0.1 * (100 * half_square({DELTA}) - 99 * half_square({DELTA}))": 0.1,
}
UNLIKE = (
    f"loss = sign(r) * sign(r) * half_square({DELTA})",
    f"loss = abs({DELTA})",
    "loss = half_square(q(online, s)[a] - r)",
    f"loss = half_square({DELTA} + 0.1)",
    f"loss = -half_square({DELTA})",
)


@pytest.fixture(scope="module", params=["Catch", "CartPole-v1"])
def trained(request):
    """Every loss above, trained beside dqn."""
    members = [*ALIKE.items(), *((text, 1.0) for text in UNLIKE)]
    env, steps = EnvSpec(request.param), twin_steps(AGENT, 5000)
    numbered = tuple((number, text, factor) for number, (text, factor) in enumerate(members))
    asked = TwinRequest(7, DQN, numbered, env, AGENT, 3, steps)
    return asked, train_twins(asked)


def test_what_trains_alike_is_not_parted_by_rounding(trained):
    for twin in trained[1][: len(ALIKE)]:
        assert twin.apart <= max(APART, NOISES * twin.noise) / 5 and not twin.differs


def test_what_does_not_goes_elsewhere(trained):
    asked, twins = trained
    for (_, text, _), twin in list(zip(asked.members, twins, strict=True))[len(ALIKE) :]:
        always_paid = asked.env.env == "CartPole-v1" and "sign" in text  # there every reward is 1
        assert twin.differs != always_paid, text


def test_twins_say_whose_they_are_and_are_a_function_of_the_request(trained):
    asked, twins = trained
    assert [(twin.member, twin.class_index, twin.env) for twin in twins] == [
        (member, 7, asked.env.env) for member, *_ in asked.members
    ]
    assert train_twins(asked._replace(members=asked.members[:1])) == twins[:1]


def test_both_bounds_must_be_passed():
    assert Twin(1, 0, "Catch", 0.5, 1e-4).differs
    assert not Twin(1, 0, "Catch", 0.5, 1e-2).differs  # noise explains it
    assert not Twin(1, 0, "Catch", 0.01, 1e-9).differs  # it is small


def test_a_training_of_twins_is_short():
    assert twin_steps(AGENT, 10**6) == AGENT.learning_starts + 300 and twin_steps(AGENT, 200) == 200
