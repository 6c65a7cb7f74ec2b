"""The fused trainer keeps the promises of trainers, and a trainer that breaks one is found out."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from rlsearch.graph.text import parse
from rlsearch.registry import known_losses
from rlsearch.space.presets import resolve_agent
from rlsearch.train.contract import Case, TrainerContract, problems
from rlsearch.train.history import History
from rlsearch.train.replay import trainer
from rlsearch.train.trainer import TRAINERS, trainer_of
from tests.support.contracts import players

CASE = Case(
    trainer=trainer,
    task=make_task(EnvSpec("Catch"), 0),
    agent=resolve_agent("fast"),
    learns=parse(known_losses()["dqn"]),
    diverges=parse("loss = neg(square(q(online, s)[a]))"),
    steps=6000,
)


class TestFused(TrainerContract):
    case = CASE


@pytest.mark.parametrize("regime", TRAINERS)
def test_every_trainer_is_played_against_its_promises(regime):
    played = [cls.case.trainer for cls in players(TrainerContract, "train")]
    wanted = f"write one in tests/train/{regime}/test_contract.py, like TestFused here"
    assert trainer_of(regime) in played, f"no TrainerContract plays the trainer of the regime '{regime}'; {wanted}"


def restless(loss, task, agent, *, seed, steps, monitor=None, record=None):
    """Draws from NumPy's global state."""
    np.random.random()  # noqa: NPY002
    return trainer.train(loss, task, agent, seed=seed, steps=steps, monitor=monitor, record=record)


def forgetful(loss, task, agent, *, seed, steps, monitor=None, record=None):
    """Takes no notice of the seed."""
    return trainer.train(loss, task, agent, seed=0, steps=steps, monitor=monitor, record=record)


def wavering(loss, task, agent, *, seed, steps, monitor=None, record=None):
    """Another seed each time."""
    return trainer.train(
        loss, task, agent, seed=np.random.default_rng().integers(10**9), steps=steps, monitor=monitor, record=record
    )


def deaf(loss, task, agent, *, seed, steps, monitor=None, record=None):
    """Tells no monitor."""
    return trainer.train(loss, task, agent, seed=seed, steps=steps)


def swayed(loss, task, agent, *, seed, steps, monitor=None, record=None):
    """Trains otherwise when it is watched."""
    return trainer.train(loss, task, agent, seed=seed + (monitor is not None), steps=steps, monitor=monitor, record=record)


def lenient(loss, task, agent, *, seed, steps, monitor=None, record=None):
    """Trains for no steps at all."""
    return trainer.train(loss, task, agent, seed=seed, steps=max(steps, 1), monitor=monitor, record=record)


def noticed(loss, task, agent, *, seed, steps, monitor=None, record=None):
    """Draws its recordings from the training's streams."""
    return trainer.train(loss, task, agent, seed=seed + (record is not None), steps=steps, monitor=monitor, record=record)


def blind(loss, task, agent, *, seed, steps, monitor=None, record=None):
    """Records nothing."""
    return trainer.train(loss, task, agent, seed=seed, steps=steps, monitor=monitor)


def meagre(loss, task, agent, *, seed, steps, monitor=None, record=None):
    """Records only what the loss reads."""
    found = trainer.train(loss, task, agent, seed=seed, steps=steps, monitor=monitor, record=record)
    less = [
        one._replace(batch=replace(one.batch, views={view: one.batch.views[view] for view in loss.views}))
        for one in found.recordings
    ]
    return replace(found, recordings=tuple(less))


def silent(loss, task, agent, *, seed, steps, monitor=None, record=None):
    """Says of no divergence what it was."""
    return replace(trainer.train(loss, task, agent, seed=seed, steps=steps, monitor=monitor, record=record), culprit="")


def boastful(loss, task, agent, *, seed, steps, monitor=None, record=None):
    """Counts episodes twice."""
    found = trainer.train(loss, task, agent, seed=seed, steps=steps, monitor=monitor, record=record)
    return replace(found, lengths=2 * found.lengths)


def idle(loss, task, agent, *, seed, steps, monitor=None, record=None):
    """Never learns: what it learns from comes after the end."""
    return trainer.train(
        loss, task, replace_agent(agent, learning_rate=1e-12), seed=seed, steps=steps, monitor=monitor, record=record
    )


def replace_agent(agent, **changes):
    """An agent with some keys changed."""
    return type(agent)(**({name: getattr(agent, name) for name in agent_keys(agent)} | changes))


def agent_keys(agent):
    """Names of an agent's keys."""
    return tuple(getattr(agent, "__dataclass_fields__", None) or type(agent).model_fields)


@pytest.mark.parametrize(
    ("train", "said"),
    [
        (restless, "NumPy's global random state is used"),
        (forgetful, "two seeds give one history"),
        (wavering, "one seed gives two histories"),
        (deaf, "the monitor is told after [] of 400 steps"),
        (swayed, "a monitored training gives another history"),
        (noticed, "a recorded training gives another history"),
        (blind, "batches are recorded after () steps"),
        (meagre, "does not hold every view"),
        (lenient, "0 steps of a loss of the regime 'replay' are not refused"),
        (silent, "first to leave: ''"),
        (boastful, "allowed is 1 to"),
        (idle, "nothing is learnt"),
    ],
)
def test_a_broken_promise_is_found(train, said):
    wrong = replace(CASE, trainer=SimpleNamespace(prepare=trainer.prepare, train=train))
    assert any(said in problem for problem in problems(wrong))


def test_the_weights_are_a_policy():
    """What `layers` gives is the network that acted: greedy, it plays better than at random."""
    history: History = CASE.train(seed=2, steps=CASE.steps)
    task, rng, returns = CASE.task, np.random.default_rng(5), []
    state, grid, out = (
        np.zeros(task.state_size),
        np.zeros(task.grid_shape, np.uint8),
        np.zeros(task.observation_size, np.float32),
    )
    for _ in range(50):
        task.reset(task.params, state, grid, rng)
        total = 0.0
        for _ in range(task.horizon):
            task.observe(task.params, state, grid, out)
            values = out
            for index, layer in enumerate(history.layers()):
                values = layer.weight @ values + layer.bias
                values = np.maximum(values, 0) if index < len(history.layers()) - 1 else values
            reward, terminated = task.step(task.params, state, grid, int(values.argmax()), rng)
            total += reward
            if terminated:
                break
        returns.append(total)
    assert task.normalise(np.mean(returns)) > 0.5
