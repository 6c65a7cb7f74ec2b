"""Training one agent with one loss on one environment, at the speed of compiled code."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

from rlsearch.compile.kernels import Kernels, load_kernels
from rlsearch.compile.tape import Tape
from rlsearch.envs.signature import OBSERVE, RESET, STEP
from rlsearch.envs.task import Task
from rlsearch.errors import SpaceError
from rlsearch.numba_support.call_by_address import address
from rlsearch.train.divergence import culprit
from rlsearch.train.history import History
from rlsearch.train.network import initial_theta
from rlsearch.train.program import program
from rlsearch.train.replay.agent import Agent
from rlsearch.train.replay.buffer import empty_batch, empty_replay, reads
from rlsearch.train.replay.inner_loop import Environment, Episodes, Schedule, Scratch, run
from rlsearch.train.replay.learner import learner


@contextmanager
def _denormals_flushed() -> Iterator[None]:
    """Numbers below 1e-38 count as 0 in this thread, as they were before afterwards.

    Adam's moments of weights whose gradient has become 0 decay into them, and arithmetic on them is 4 times slower.
    """
    were_kept = float(np.float32(1e-38) * np.float32(0.1)) != 0.0
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(not were_kept)


def prepare() -> None:
    """Load or compile everything that `train` runs, in this process; the import of this module compiled the loop."""
    torch.set_num_threads(1)
    load_kernels()


def train(tape: Tape, kernels: Kernels, task: Task, agent: Agent, *, seed: int, steps: int) -> History:
    """Train a fresh agent. The same arguments give the same history, bit for bit, on the same CPU model.

    Args:
        tape: the loss, laid out for the task's number of actions.
        kernels: of the op families, as `load_kernels` gives them.
        task: the environment, drawn for a seed of its own.
        agent: network, optimizer, replay and exploration.
        seed: four independent streams are spawned from it: initial weights, exploration, environment, replay.
        steps: environment steps.
    """
    if tape.num_actions != task.num_actions:
        raise SpaceError(f"the tape is laid out for {tape.num_actions} actions, the task has {task.num_actions}")
    if steps < 1:
        raise SpaceError(f"steps is {steps}, allowed is a whole number from 1")
    weight_rng, explore_rng, environment_rng, replay_rng = map(np.random.default_rng, np.random.SeedSequence(seed).spawn(4))
    widths = (task.observation_size, *agent.hidden, task.num_actions)
    learns = learner(agent, widths, initial_theta(widths, weight_rng))
    ready = program(tape, kernels, agent.batch)
    episodes = Episodes(np.empty(steps), np.empty(steps, np.int64), np.empty(steps, np.int64))
    with _denormals_flushed():
        finished, diverged_at = run(
            learns,
            ready,
            empty_batch(agent.batch, task.observation_size),
            empty_replay(min(agent.replay_capacity, steps), task.observation_size),
            reads(tape, agent.n_step),
            _environment(task),
            Schedule(
                agent.learning_starts,
                agent.update_every,
                agent.target_period,
                float(agent.epsilon_start),
                float(agent.epsilon_end),
                agent.epsilon_steps,
            ),
            Scratch(
                np.empty(task.observation_size, np.float32),
                np.empty(task.observation_size, np.float32),
                np.empty(task.num_actions, np.float32),
                np.empty((2, max(agent.hidden)), np.float32),
            ),
            episodes,
            steps,
            explore_rng,
            environment_rng,
            replay_rng,
        )
        # Under the same treatment of denormals, so that the same numbers come out as in the loop.
        lost = culprit(tape, kernels, ready.registers, ready.gradients) if diverged_at >= 0 else ""
    returns, lengths, ends = (column[:finished].copy() for column in episodes)
    return History(returns, lengths, ends, diverged_at, steps, learns.theta, lost)


def _environment(task: Task) -> Environment:
    """The task as the loop takes it, with fresh state."""
    return Environment(
        address(task.reset, RESET),
        address(task.step, STEP),
        address(task.observe, OBSERVE),
        task.params,
        np.zeros(task.state_size),
        np.zeros(task.grid_shape, np.uint8),
        task.horizon,
        float(task.gamma),
        float(task.reward_scale),
        float(task.reward_offset),
    )
