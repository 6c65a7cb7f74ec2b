"""Agents and tasks for the trainer's tests."""

from typing import Any

import numpy as np

from rlsearch.compile.lower import lower
from rlsearch.compile.tape import Tape
from rlsearch.envs.signature import OBSERVE, RESET, STEP
from rlsearch.envs.task import Task
from rlsearch.graph.text import parse
from rlsearch.numba_support.jit import njit
from rlsearch.regimes.inputs import Sizes
from rlsearch.train.replay.agent import Agent

DQN = "loss = half_square(q(online, s)[a] - (r + discount * max(q(target, s_next))))"
DOUBLE_DQN = "loss = half_square(q(online, s)[a] - (r + discount * q(target, s_next)[argmax(q(online, s_next))]))"
RESIDUAL = "loss = half_square(q(online, s)[a] - (r + discount * max(q(online, s_next))))"
THREE_PASSES = """\
q_n = mean(q(online, s_n)) + mean(q(online, s_next))
loss = half_square(q(online, s)[a] - (r_n + 0.2 * q_n))"""
OFF_POLICY = """\
delta = q(online, s)[a] - (r + discount * max(q(target, s_next)))
loss = half_square(delta) * (1 - behaviour_prob)"""


def tape_of(text: str, num_actions: int = 2) -> Tape:
    """The tape of a loss given as text."""
    (tape,) = lower(parse(text), Sizes(num_actions))
    return tape


def agent_with(**changes: Any) -> Agent:
    """A small, quickly learning agent."""
    plain: dict[str, Any] = {
        "hidden": (16, 12),
        "learning_rate": 1e-3,
        "adam_beta1": 0.9,
        "adam_beta2": 0.999,
        "adam_epsilon": 1e-8,
        "batch": 32,
        "replay_capacity": 1000,
        "learning_starts": 32,
        "update_every": 1,
        "target_period": 10,
        "epsilon_start": 1.0,
        "epsilon_end": 0.1,
        "epsilon_steps": 100,
    }
    return Agent(**(plain | changes))


@njit(RESET)
def _reset(_params, state, _grid, _rng):  # type: ignore[no-untyped-def]
    state[0] = 0.0


@njit(STEP)
def _step(params, state, _grid, _action, _rng):  # type: ignore[no-untyped-def]
    state[0] += 1.0
    return params[1], state[0] >= params[0]


@njit(OBSERVE)
def _observe(_params, _state, _grid, out):  # type: ignore[no-untyped-def]
    out[0] = 1.0


def clockwork(length: float, horizon: int, reward: float = 1.0) -> Task:
    """Whatever one does, it terminates after `length` steps and pays `reward` for each; every state looks alike."""
    return Task(
        reset=_reset,
        step=_step,
        observe=_observe,
        params=np.array([length, reward]),
        state_size=1,
        observation_size=1,
        num_actions=2,
        random_return=0.0,
        optimal_return=10.0,
        env="clockwork",
        horizon=horizon,
        gamma=0.9,
        reward_scale=1.0,
        reward_offset=0.0,
    )
