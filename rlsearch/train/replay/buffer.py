"""Uniform replay (Lin 1992): a ring of transitions, sampled with replacement, and what else a loss may read of them."""

from typing import Any, NamedTuple

import numpy as np
from numba import types

from rlsearch.compile.tape import Tape
from rlsearch.regimes.replay import REGIME
from rlsearch.train.kernel import FLOAT_1, FLOAT_2, FLOAT_3, kernel

# The regime's columns by number. Constants of the compiled loop.
A, R, DISCOUNT, R_N, DISCOUNT_N, RETURN_TO_GO, HAS_RETURN, PROGRESS, BEHAVIOUR_PROB, A_NEXT = range(len(REGIME.columns))


class Replay(NamedTuple):
    """Transitions: `observation`, `next_observation` `[N, observation]`; all others `[N]`; float32.

    `reward` is the training reward; `terminated` is 1 where the environment ended by itself, 0 where the horizon cut it off,
    because a state is worth just as much when the clock stops there (Pardo et al. 2018, https://arxiv.org/abs/1712.00378);
    `ended` is 1 in both cases. `return_to_go`, `has_return`, `behaviour_prob` and `next_action` are written for losses that
    read them; of the newest transition the next action is not known yet, unless its episode has ended.
    """

    observation: Any
    next_observation: Any
    action: Any
    reward: Any
    terminated: Any
    ended: Any
    return_to_go: Any
    has_return: Any
    behaviour_prob: Any
    next_action: Any


class Batch(NamedTuple):
    """`observations` `[states, observation, B]` and `samples` `[columns, B]` of one update; float32, filled where read."""

    observations: Any
    samples: Any


class Reads(NamedTuple):
    """The data that must be stored or computed, as the loss reads it; `steps_on` is the n of n-step returns, 0 if unread."""

    steps_on: int
    returns: bool
    behaviour: bool
    target_old: bool
    next_action: bool


OBSERVATIONS = 2  # fields of Replay that hold an observation for each transition; the others hold a number
REPLAY = types.NamedTuple((*(FLOAT_2,) * OBSERVATIONS, *(FLOAT_1,) * (len(Replay._fields) - OBSERVATIONS)), Replay)
BATCH = types.NamedTuple((FLOAT_3, FLOAT_2), Batch)
READS = types.NamedTuple((types.int64, *(types.boolean,) * (len(Reads._fields) - 1)), Reads)


def reads(tape: Tape, n_step: int) -> Reads:
    """The data that a loss reads besides plain transitions."""
    return Reads(
        n_step if tape.reads("r_n", "discount_n", "s_n") else 0,
        tape.reads("return_to_go", "has_return"),
        tape.reads("behaviour_prob"),
        tape.reads("target_old"),
        tape.reads("a_next"),
    )


def empty_replay(capacity: int, observation_size: int) -> Replay:
    """An empty replay. Memory is touched only as it fills, so a large capacity, or a column that is not read, costs nothing."""
    shapes = [(capacity, observation_size)] * OBSERVATIONS + [(capacity,)] * (len(Replay._fields) - OBSERVATIONS)
    return Replay(*(np.empty(shape, np.float32) for shape in shapes))


def empty_batch(size: int, observation_size: int) -> Batch:
    """Memory for one batch."""
    shape = len(REGIME.states), observation_size, size
    return Batch(np.empty(shape, np.float32), np.empty((len(REGIME.columns), size), np.float32))


@kernel(types.void(REPLAY, types.int64, types.int64, types.float64))
def write_returns(replay, newest, length, gamma):  # type: ignore[no-untyped-def]
    """Write the discounted returns of an episode of so many steps that terminated with the newest transition, backwards."""
    capacity = replay.reward.size
    decay, total = np.float32(gamma), np.float32(0)
    for k in range(min(length, capacity)):
        slot = (newest - k) % capacity
        total = replay.reward[slot] + decay * total
        replay.return_to_go[slot] = total
        replay.has_return[slot] = np.float32(1)


@kernel(types.void(REPLAY, BATCH, READS, types.int64, types.int64, types.float64, types.float64, types.npy_rng))
def sample(replay, batch, reads, stored, newest, progress, gamma, rng):  # type: ignore[no-untyped-def]
    """Fill the batch with transitions drawn from the first `stored`; discount = gamma * (1 - terminated).

    r_n = r + gamma r' + ..., over n steps or as many as there are: until the episode ended, or the newest transition. Where
    a_next is read, a newest transition whose next action is still to be chosen is not drawn, but the one before it instead.
    """
    observation, next_observation = replay.observation, replay.next_observation
    observations, samples = batch.observations, batch.samples
    decay = np.float32(gamma)
    for b in range(samples.shape[1]):
        i = int(rng.random() * stored)
        if reads.next_action:
            if i == newest and replay.ended[i] == 0 and stored > 1:
                i = (i - 1) % stored
            samples[A_NEXT, b] = replay.next_action[i]
        for j in range(observation.shape[1]):
            observations[0, j, b] = observation[i, j]
            observations[1, j, b] = next_observation[i, j]
        samples[A, b] = replay.action[i]
        samples[R, b] = replay.reward[i]
        samples[DISCOUNT, b] = decay * (np.float32(1) - replay.terminated[i])
        samples[PROGRESS, b] = progress
        if reads.returns:
            samples[RETURN_TO_GO, b] = replay.return_to_go[i]
            samples[HAS_RETURN, b] = replay.has_return[i]
        if reads.behaviour:
            samples[BEHAVIOUR_PROB, b] = replay.behaviour_prob[i]
        if reads.steps_on > 0:
            total, power = replay.reward[i], decay
            for _ in range(1, reads.steps_on):
                if replay.ended[i] != 0 or i == newest:
                    break
                i = (i + 1) % replay.reward.size
                total += power * replay.reward[i]
                power *= decay
            samples[R_N, b] = total
            samples[DISCOUNT_N, b] = power * (np.float32(1) - replay.terminated[i])
            for j in range(observation.shape[1]):
                observations[2, j, b] = next_observation[i, j]
