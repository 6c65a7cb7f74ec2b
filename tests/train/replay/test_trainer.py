"""Whole training runs against plain Python and PyTorch, and what a run promises."""

import os
import signal
import threading
import time
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest
import torch
import yaml

from rlsearch.envs import EnvSpec, make_task
from rlsearch.errors import SpaceError
from rlsearch.graph.text import parse
from rlsearch.registry import known_losses
from rlsearch.train.replay import trainer
from rlsearch.train.replay.agent import Agent
from rlsearch.train.replay.trainer import train
from tests.support import oracle
from tests.support.tasks import DOUBLE_DQN, DQN, OFF_POLICY, THREE_PASSES, agent_with, clockwork

CARTPOLE = make_task(EnvSpec("CartPole-v1"), 0)


@pytest.mark.parametrize(
    ("text", "loss", "changes"),
    [
        (DQN, oracle.dqn, {}),
        (DOUBLE_DQN, oracle.double_dqn, {"hidden": (16,), "update_every": 3, "batch": 8}),
        (DQN, oracle.dqn, {"replay_capacity": 70, "learning_starts": 50, "target_period": 7, "epsilon_end": 0.0}),
        (known_losses()["n_step_dqn"], oracle.n_step_dqn, {}),
        (known_losses()["n_step_dqn"], oracle.n_step_dqn, {"replay_capacity": 45, "n_step": 8}),  # longer than many an episode
        (known_losses()["n_step_dqn"], oracle.n_step_dqn, {"n_step": 1, "update_every": 2}),
        (THREE_PASSES, oracle.three_passes, {"n_step": 2}),
        (known_losses()["mc_mix"], oracle.mc_mix, {}),
        (known_losses()["mc_mix"], oracle.mc_mix, {"replay_capacity": 40, "target_period": 3}),
        (known_losses()["pessimistic_dqn"], oracle.pessimistic_dqn, {"target_period": 5}),
        (known_losses()["annealed_td"], oracle.annealed_td, {}),
        (known_losses()["dqn_centred"], oracle.dqn_centred, {"batch": 20}),
        (OFF_POLICY, oracle.off_policy, {"epsilon_end": 0.3}),
        (known_losses()["sarsa"], oracle.sarsa, {"epsilon_end": 0.4}),
        (known_losses()["sarsa"], oracle.sarsa, {"replay_capacity": 40, "update_every": 3}),
    ],
)
def test_the_whole_run_is_the_oracles(text: str, loss: oracle.TorchLoss, changes: dict[str, object]) -> None:
    agent = agent_with(**changes)
    # Short horizon: some episodes are cut off, some terminate.
    task = replace(CARTPOLE, horizon=15, reward_scale=0.5, reward_offset=-0.25)
    history = train(parse(text), task, agent, seed=5, steps=400)
    returns, lengths, ends, theta = oracle.train(loss, task, agent, seed=5, steps=400, reads_next_action=loss is oracle.sarsa)
    assert 15 in lengths
    assert min(lengths) < 15
    assert history.returns.tolist() == returns
    assert history.lengths.tolist() == lengths
    assert history.ends.tolist() == ends
    np.testing.assert_allclose(history.theta, theta, atol=1e-4)


@pytest.mark.parametrize(("length", "horizon", "value"), [(1.0, 10, 1.0), (np.inf, 1, 10.0)])
def test_truncated_is_not_terminated(length: float, horizon: int, value: float) -> None:
    """A reward of 1 per step is worth 1 where the episode terminates, 1 / (1 - 0.9) where the clock cuts it off."""
    agent = agent_with(learning_rate=3e-3, epsilon_end=1.0)
    history = train(parse(DQN), clockwork(length, horizon), agent, seed=0, steps=3000)
    assert set(history.lengths) == {1}
    net = oracle.network((1, *agent.hidden, 2), history.theta)
    np.testing.assert_allclose(net(torch.ones(1)).detach(), value, rtol=0.02)


@pytest.mark.parametrize("preset", ["fast", "fast64", "paper"])
def test_same_seed_same_run(preset: str) -> None:
    agent = load_preset(preset)
    runs = [train(parse(DQN), CARTPOLE, agent, seed=seed, steps=1500) for seed in (3, 3, 4)]
    np.testing.assert_array_equal(runs[0].theta, runs[1].theta)
    np.testing.assert_array_equal(runs[0].returns, runs[1].returns)
    assert (runs[0].theta != runs[2].theta).all()


def test_divergence_stops() -> None:
    growing = "loss = neg(square(q(online, s)[a]))"
    history = train(parse(growing), CARTPOLE, agent_with(learning_rate=1.0), seed=0, steps=2000)
    assert 32 <= history.diverged_at < 2000
    assert (history.ends <= history.diverged_at + 1).all()
    assert history.curve(CARTPOLE)[-1] == 0


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"epsilon_end": 1.0}, 32),  # the first update is at step 31, seen on the next batch
        ({"epsilon_start": 0.0, "epsilon_end": 0.0, "update_every": 40}, 40),  # the first is at step 39, seen on acting
    ],
)
def test_a_nan_reward_diverges(changes: dict[str, object], step: int) -> None:
    history = train(parse(DQN), clockwork(5, 10, np.nan), agent_with(**changes), seed=0, steps=500)
    assert history.diverged_at == step


def test_denormals_are_kept_again_afterwards() -> None:
    train(parse(DQN), CARTPOLE, agent_with(), seed=0, steps=10)
    assert np.float32(1e-38) * np.float32(0.1) != 0


def test_dqn_learns_cartpole() -> None:
    agent = load_preset("fast")
    curves = [train(parse(DQN), CARTPOLE, agent, seed=s, steps=10_000).curve(CARTPOLE) for s in range(5)]
    assert np.mean(curves, 0)[-4:].mean() > 0.3


@pytest.mark.parametrize("env", ["LayeredMDP", "Garnet"])
def test_dqn_learns_small_mdps(env: str) -> None:
    agent = load_preset("fast")
    last = []
    for seed in range(5):
        task = make_task(EnvSpec(env), seed)
        history = train(parse(DQN), task, agent, seed=seed, steps=5000)
        last.append(history.curve(task)[-5:].mean())
    assert np.mean(last) > 0.7


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(SpaceError, match="steps is 0"):
        train(parse(DQN), CARTPOLE, agent_with(), seed=0, steps=0)


def load_preset(name: str) -> Agent:
    """A preset as the space room will read it."""
    keys = yaml.safe_load((files("search_spaces") / "agents" / f"{name}.yaml").read_text())
    return Agent(**(keys | {"hidden": tuple(keys["hidden"])}))


@pytest.mark.parametrize("monitor", [None, lambda _: None])
def test_a_training_is_the_same_in_whatever_stretches(monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two of them Python hears signals."""
    whole = train(parse(DQN), CARTPOLE, agent_with(), seed=3, steps=500)
    monkeypatch.setattr(trainer, "UNHEARD_STEPS", 37)
    again = train(parse(DQN), CARTPOLE, agent_with(), seed=3, steps=500, monitor=monitor)
    np.testing.assert_array_equal(whole.theta, again.theta)
    np.testing.assert_array_equal(whole.ends, again.ends)


def test_a_long_training_can_be_interrupted() -> None:
    """In this process, as where there are no workers."""
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        train(parse(DQN), CARTPOLE, load_preset("fast"), seed=3, steps=5_000_000)  # half a minute
    assert time.monotonic() - started < 10
