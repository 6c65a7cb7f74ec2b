"""Recorded batches are what the agent has stored, as its networks see it."""

from dataclasses import replace

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from rlsearch.graph.text import parse
from rlsearch.regimes.heads import View
from rlsearch.registry import known_losses
from rlsearch.train.recording import Record
from rlsearch.train.replay.trainer import train
from tests.support.tasks import agent_with, clockwork

Q, TARGET = View("q", "online", "s"), View("q", "target", "s")
CATCH = make_task(EnvSpec("Catch"), 0)


def recordings(task, agent, steps=600, loss="dqn", at=(200, 400, 600), size=64):
    return train(parse(known_losses()[loss]), task, agent, seed=3, steps=steps, record=Record(at, size)).recordings


@pytest.mark.parametrize("loss", ["dqn", "mc_mix", "pessimistic_dqn"])
def test_columns_are_those_of_the_environment(loss):
    agent = agent_with(epsilon_end=0.5, epsilon_steps=1)
    for step, batch in recordings(CATCH, agent, loss=loss):
        columns = {name: set(values.tolist()) for name, values in batch.inputs.items()}
        assert columns["r"] <= {-1.0, 0.0, 1.0}
        assert 0.0 in columns["r"]
        assert columns["a"] == {0.0, 1.0, 2.0}
        gamma = float(np.float32(CATCH.gamma))
        assert columns["discount"] == {0.0, gamma}
        assert columns["has_return"] <= {0.0, 1.0}
        assert columns["progress"] == {float(np.float32(step / 600))}
        np.testing.assert_allclose(sorted(columns["behaviour_prob"]), [0.5 / 3, 0.5 + 0.5 / 3], rtol=1e-6)
        ended = batch.inputs["discount"] == 0
        np.testing.assert_array_equal(batch.inputs["return_to_go"][ended], batch.inputs["r"][ended])
        np.testing.assert_array_equal(batch.inputs["r_n"][ended], batch.inputs["r"][ended])
        np.testing.assert_array_equal(batch.inputs["discount_n"][ended], 0.0)


def test_a_batch_just_after_a_copy_has_equal_networks():
    agent = agent_with(target_period=10, update_every=1, learning_starts=1)
    _, copied, later = (batch for _, batch in recordings(CATCH, agent, at=(100, 200, 205)))
    np.testing.assert_array_equal(copied.views[Q], copied.views[TARGET])
    assert (later.views[Q] != later.views[TARGET]).any()


def test_what_the_network_sees_is_what_its_layers_give():
    """In an environment of one observation, which is 1, all samples have the outputs of the final network."""
    task = clockwork(4.0, 6)
    history = train(parse(known_losses()["dqn"]), task, agent_with(), seed=0, steps=300, record=Record((300,), 8))
    (recording,) = history.recordings
    shown = np.ones(task.observation_size)
    for layer in history.layers()[:-1]:
        shown = np.maximum(layer.weight @ shown + layer.bias, 0)
    last = history.layers()[-1]
    wanted = last.weight @ shown + last.bias
    for sample in recording.batch.views[Q].T:
        np.testing.assert_allclose(sample, wanted, rtol=1e-4, atol=1e-6)


def test_nothing_is_recorded_before_learning_starts_or_after_a_divergence():
    agent = agent_with(learning_starts=150)
    assert [step for step, _ in recordings(CATCH, agent, at=(100, 149, 150, 601))] == [150]
    away = replace(CATCH, reward_scale=1e7)
    loss = parse("loss = neg(square(q(online, s)[a]))")
    history = train(loss, away, agent_with(learning_rate=0.1), seed=0, steps=4000, record=Record((60, 4000), 8))
    assert history.diverged_at > 60
    assert [step for step, _ in history.recordings] == [60]
