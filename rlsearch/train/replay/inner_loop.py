"""The inner loop: environment step, replay, update, in one compiled function that serves every loss and environment."""

from typing import Any, NamedTuple

import numpy as np
from numba import types

from rlsearch.envs.signature import OBSERVE, RESET, STEP
from rlsearch.numba_support.call_by_address import caller
from rlsearch.train.kernel import DOUBLE_1, FLOAT_1, FLOAT_2, INT_1, kernel
from rlsearch.train.network import act_values
from rlsearch.train.program import PROGRAM
from rlsearch.train.replay.buffer import BATCH, READS, REPLAY, sample, write_returns
from rlsearch.train.replay.learner import LEARNER, copy_target, update, within_limit

_reset = caller(RESET)
_step = caller(STEP)
_observe = caller(OBSERVE)


class Environment(NamedTuple):
    """A task for the loop; `reset`, `step`, `observe` are addresses of functions of `rlsearch.envs.signature`.

    `horizon`: steps after which an episode is truncated; training reward = reward_scale * r + reward_offset.
    """

    reset: int
    step: int
    observe: int
    params: Any
    state: Any
    grid: Any
    horizon: int
    gamma: float
    reward_scale: float
    reward_offset: float


class Schedule(NamedTuple):
    """The steps at which to act at random, learn and copy; see Agent."""

    learning_starts: int
    update_every: int
    target_period: int
    epsilon_start: float
    epsilon_end: float
    epsilon_steps: int


class Scratch(NamedTuple):
    """The current and the next observation, outputs `[A]` and activations `[2, widest]` for acting."""

    observation: Any
    next_observation: Any
    q: Any
    hidden: Any


class Episodes(NamedTuple):
    """Per finished episode: `returns` float64, `lengths` int64, `ends` int64; and where the training stands.

    `counts` int64 `[FINISHED, UPDATES, LENGTH]`: finished episodes, updates, steps of the episode that goes on; `unfinished`
    float64 `[1]`: its return so far.
    """

    returns: Any
    lengths: Any
    ends: Any
    counts: Any
    unfinished: Any


FINISHED, UPDATES, LENGTH = range(3)


ENVIRONMENT = types.NamedTuple(
    (types.int64,) * 3 + (DOUBLE_1, DOUBLE_1, types.uint8[:, :, ::1], types.int64) + (types.float64,) * 3, Environment
)
SCHEDULE = types.NamedTuple((types.int64,) * 3 + (types.float64, types.float64, types.int64), Schedule)
SCRATCH = types.NamedTuple((FLOAT_1, FLOAT_1, FLOAT_1, FLOAT_2), Scratch)
EPISODES = types.NamedTuple((DOUBLE_1, INT_1, INT_1, INT_1, DOUBLE_1), Episodes)


@kernel(types.float64(SCHEDULE, types.int64))
def epsilon_at(schedule, step):  # type: ignore[no-untyped-def]
    """The probability of a random action: linear from epsilon_start to epsilon_end, then constant."""
    share = min(1.0, step / schedule.epsilon_steps)
    return schedule.epsilon_start + share * (schedule.epsilon_end - schedule.epsilon_start)


@kernel(types.int64(FLOAT_1))
def greedy_action(q):  # type: ignore[no-untyped-def]
    """The first action of the largest value."""
    greedy = 0
    for i in range(1, q.size):
        if q[i] > q[greedy]:
            greedy = i
    return greedy


@kernel(
    types.int64(
        *(LEARNER, PROGRAM, BATCH, REPLAY, READS, ENVIRONMENT, SCHEDULE, SCRATCH, EPISODES),
        *(*(types.int64,) * 3, *(types.npy_rng,) * 3),
    )
)
def run(  # type: ignore[no-untyped-def]
    learner,
    program,
    batch,
    replay,
    reads,
    environment,
    schedule,
    scratch,
    episodes,
    first,
    last,
    steps,
    explore_rng,
    environment_rng,
    replay_rng,
):
    """Train from step `first` up to step `last` of `steps`; returns the step of divergence, or -1.

    A training may be run in stretches: all that it needs to go on is in its arguments.
    """
    observation, next_observation, q = scratch.observation, scratch.next_observation, scratch.q
    params, state, grid = environment.params, environment.state, environment.grid
    capacity = replay.action.size
    counts = episodes.counts
    finished, updates, length = counts[FINISHED], counts[UPDATES], counts[LENGTH]
    episode_return = episodes.unfinished[0]
    if first == 0:
        _reset(environment.reset, params, state, grid, environment_rng)
        _observe(environment.observe, params, state, grid, observation)
    diverged_at = -1
    for step in range(first, last):
        epsilon = epsilon_at(schedule, step)
        action, greedy = -1, 0
        if explore_rng.random() < epsilon:
            action = int(explore_rng.random() * q.size)
        if action < 0 or reads.behaviour:
            act_values(learner.theta, learner.widths, observation, scratch.hidden, q)
            if not within_limit(q):
                diverged_at = step
                break
            greedy = greedy_action(q)
        if action < 0:
            action = greedy
        reward, terminated = _step(environment.step, params, state, grid, action, environment_rng)
        _observe(environment.observe, params, state, grid, next_observation)
        episode_return += reward
        length += 1
        slot = step % capacity
        replay.action[slot] = action
        if reads.next_action:
            replay.next_action[slot] = action  # until the next one is chosen; that of an episode which terminated stays
            if length > 1:
                replay.next_action[(step - 1) % capacity] = action
        replay.reward[slot] = environment.reward_scale * reward + environment.reward_offset
        replay.terminated[slot] = terminated
        replay.ended[slot] = terminated or length >= environment.horizon
        if reads.behaviour:
            replay.behaviour_prob[slot] = epsilon / q.size + (1.0 - epsilon) * (action == greedy)
        if reads.returns:
            replay.return_to_go[slot], replay.has_return[slot] = np.float32(0), np.float32(0)
            if terminated:
                write_returns(replay, slot, length, environment.gamma)
        for i in range(observation.size):
            replay.observation[slot, i] = observation[i]
            replay.next_observation[slot, i] = next_observation[i]
            observation[i] = next_observation[i]
        if terminated or length >= environment.horizon:
            episodes.returns[finished] = episode_return
            episodes.lengths[finished] = length
            episodes.ends[finished] = step + 1
            finished += 1
            episode_return, length = 0.0, 0
            _reset(environment.reset, params, state, grid, environment_rng)
            _observe(environment.observe, params, state, grid, observation)
            if reads.next_action and not terminated:  # what the agent would have done had the clock not stopped
                if explore_rng.random() < epsilon_at(schedule, step + 1):
                    replay.next_action[slot] = int(explore_rng.random() * q.size)
                else:
                    act_values(learner.theta, learner.widths, next_observation, scratch.hidden, q)
                    if not within_limit(q):
                        diverged_at = step
                        break
                    replay.next_action[slot] = greedy_action(q)
        stored = min(step + 1, capacity)
        if stored >= schedule.learning_starts and (step + 1) % schedule.update_every == 0:
            sample(replay, batch, reads, stored, slot, (step + 1) / steps, environment.gamma, replay_rng)
            updates += 1
            if not update(learner, program, batch, updates):
                diverged_at = step
                break
            if updates % schedule.target_period == 0:
                copy_target(learner, reads.target_old)
    counts[FINISHED], counts[UPDATES], counts[LENGTH] = finished, updates, length
    episodes.unfinished[0] = episode_return
    return diverged_at
