"""The replay trainer: one agent with one loss in one environment, at the speed of compiled code."""

from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rlsearch.compile.kernels import load_kernels
from rlsearch.compile.lower import lower
from rlsearch.compile.tape import Tape
from rlsearch.envs.signature import OBSERVE, RESET, STEP
from rlsearch.envs.task import Task
from rlsearch.errors import SpaceError
from rlsearch.graph.graph import Graph
from rlsearch.numba_support.call_by_address import address
from rlsearch.numba_support.denormals import denormals_flushed
from rlsearch.regimes.inputs import Sizes
from rlsearch.regimes.replay import REGIME
from rlsearch.registry import derived
from rlsearch.train.divergence import first_nonfinite, named_cause
from rlsearch.train.history import History
from rlsearch.train.network import initial_theta
from rlsearch.train.program import program
from rlsearch.train.recording import Record, Recording
from rlsearch.train.replay.agent import Agent
from rlsearch.train.replay.buffer import Replay, empty_batch, empty_replay, reads
from rlsearch.train.replay.inner_loop import FINISHED, Environment, Episodes, Schedule, Scratch, run
from rlsearch.train.replay.learner import learner
from rlsearch.train.replay.recorder import When, record_batch
from rlsearch.train.trainer import Monitor

STRETCHES = 20  # of a training that is monitored
UNHEARD_STEPS = 10_000  # at most in one call of compiled code, in which Python hears no signal: 0.1 s, where a call is 0.3 ms


def prepare() -> None:
    """Load, or compile, everything that `train` runs in this process; the loop itself came with this module's import."""
    load_kernels()


@derived
@lru_cache(maxsize=64)
def _tape(loss: Graph, num_actions: int) -> Tape:
    (tape,) = lower(loss, Sizes(num_actions))
    return tape


def train(
    loss: Graph,
    task: Task,
    agent: Agent,
    *,
    seed: int,
    steps: int,
    monitor: Monitor | None = None,
    record: Record | None = None,
) -> History:
    """Train a fresh agent; see `rlsearch.train.trainer.Trainer`.

    Args:
        loss: of the replay regime.
        task: the environment, drawn for a seed of its own.
        agent: network, optimizer, replay and exploration.
        seed: four independent streams are spawned from it: initial weights, exploration, environment, replay.
        steps: environment steps.
        monitor: told of the history so far after each twentieth of the steps.
        record: when to draw a batch of all that losses of the regime may read.

    Raises:
        SpaceError: a loss of another regime, or no steps.
    """
    if loss.regime is not REGIME:
        raise SpaceError(f"the loss is of the regime '{loss.regime.name}', this trainer trains those of '{REGIME.name}'")
    if steps < 1:
        raise SpaceError(f"steps is {steps}, allowed is a whole number from 1")
    tape, kernels = _tape(loss, task.num_actions), load_kernels()
    weight_rng, *streams = map(np.random.default_rng, np.random.SeedSequence(seed).spawn(4))
    widths = (task.observation_size, *agent.hidden, task.num_actions)
    learns = learner(agent, widths, initial_theta(widths, weight_rng))
    ready = program(tape, kernels, agent.batch)
    episodes = Episodes(
        np.empty(steps), np.empty(steps, np.int64), np.empty(steps, np.int64), np.zeros(3, np.int64), np.zeros(1)
    )
    replay, scratch = empty_replay(min(agent.replay_capacity, steps), task.observation_size), _scratch(task, agent)
    schedule, reading = _schedule(agent), reads(tape, agent.n_step)
    if record is not None:
        reading = reading._replace(returns=True, target_old=True)
    memory = (
        learns,
        ready,
        empty_batch(agent.batch, task.observation_size),
        replay,
        reading,
        _environment(task),
        schedule,
        scratch,
        episodes,
    )

    recorded: list[Recording] = []

    def history(taken: int, diverged_at: int, lost: str) -> History:
        finished = episodes.counts[FINISHED]
        returns, lengths, ends = (column[:finished].copy() for column in episodes[:3])
        theta = learns.theta.copy()
        return History(returns, lengths, ends, diverged_at, steps, taken, widths, theta, lost, tuple(recorded))

    told = {steps * k // STRETCHES for k in range(1, STRETCHES)} if monitor else set[int]()
    drawn = {step for step in record.steps if agent.learning_starts <= step <= steps} if record else set[int]()
    stretches = sorted({*told, *drawn, *range(0, steps, UNHEARD_STEPS), steps})
    diverged_at, lost = -1, ""
    with denormals_flushed():
        for first, last in pairwise(stretches):
            diverged_at = run(*memory, first, last, steps, *streams)
            if diverged_at >= 0:
                # Under the same treatment of denormals, so that the same numbers come out as in the loop.
                found = first_nonfinite(tape, kernels, ready.registers, ready.gradients)
                lost = named_cause(found, REGIME.columns, _given(replay, scratch, diverged_at))
                break
            if record is not None and last in drawn:
                when = When(last, steps, float(task.gamma), agent.n_step, seed)
                recorded.append(record_batch(learns, replay, schedule, record.size, when))
            if monitor is not None and last in told:
                monitor(history(last, -1, ""))
    return history(diverged_at + 1 if diverged_at >= 0 else steps, diverged_at, lost)


def _given(replay: Replay, scratch: Scratch, step: int) -> dict[str, list[NDArray[np.float32]]]:
    """The numbers from the environment that are in memory at this step, of which the newest may not be in the replay yet."""
    stored = slice(min(step, len(replay.reward)))
    seen = [replay.observation[stored], replay.next_observation[stored], scratch.observation, scratch.next_observation]
    return {"observation": seen, "reward": [replay.reward[stored]]}


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


def _schedule(agent: Agent) -> Schedule:
    """The steps at which to act at random, learn and copy."""
    return Schedule(
        agent.learning_starts,
        agent.update_every,
        agent.target_period,
        float(agent.epsilon_start),
        float(agent.epsilon_end),
        agent.epsilon_steps,
    )


def _scratch(task: Task, agent: Agent) -> Scratch:
    """Memory for acting."""
    return Scratch(
        np.zeros(task.observation_size, np.float32),  # 0 until something is seen, as divergence looks at both
        np.zeros(task.observation_size, np.float32),
        np.empty(task.num_actions, np.float32),
        np.empty((2, max(agent.hidden)), np.float32),
    )
