"""The best policy known for random grid worlds: to the nearest good object, around the bad ones, else to the middle."""

import numpy as np
from numba import types
from numpy.typing import NDArray

from rlsearch.envs import Task
from rlsearch.envs.signature import RESET_FUNCTION, STEP_FUNCTION
from rlsearch.numba_support.jit import njit

Array = NDArray[np.float64]
Cells = NDArray[np.int64]

_FLOATS = types.float64[::1]
_INTS = types.int64[::1]


@njit(types.int64(types.int64[:, ::1], types.boolean[::1], types.boolean[::1], types.int64, _INTS, _INTS))
def _first_move(reach, goals, barred, start, queue, first):  # type: ignore[no-untyped-def]
    """Breadth first: the first move of a shortest way to a goal that enters no barred cell; to stay (0) if there is none."""
    for cell in range(len(first)):
        first[cell] = -1
    first[start] = 0
    if goals[start]:
        return 0
    queue[0], read, write = start, 0, 1
    while read < write:
        cell = queue[read]
        read += 1
        for move in range(1, reach.shape[1]):
            to = reach[cell, move]
            if first[to] < 0 and not barred[to]:
                first[to] = move if cell == start else first[cell]
                if goals[to]:
                    return first[to]
                queue[write] = to
                write += 1
    return 0


@njit(
    types.void(
        *(RESET_FUNCTION, STEP_FUNCTION, _FLOATS, _FLOATS, types.uint8[:, :, ::1], types.npy_rng),
        *(types.int64[:, ::1], _FLOATS, _FLOATS, types.int64, _FLOATS),
    )
)
def _episodes(reset, step, params, state, grid, rng, reach, rewards, remoteness, horizon, returns):  # type: ignore[no-untyped-def]
    cells = len(reach)
    goals, barred = np.zeros(cells, np.bool_), np.zeros(cells, np.bool_)
    queue, first = np.empty(cells, np.int64), np.empty(cells, np.int64)
    for episode in range(len(returns)):
        reset(params, state, grid, rng)
        returns[episode] = 0.0
        for _ in range(horizon):
            anything = False
            for cell in range(cells):
                goals[cell] = barred[cell] = False
            for item in range(len(rewards)):
                if state[1 + item] >= 0.0:
                    lies_in = int(state[1 + item])
                    if rewards[item] > 0.0:
                        goals[lies_in] = anything = True
                    else:
                        barred[lies_in] = True
            here = int(state[0])
            action = 0
            if anything:
                action = _first_move(reach, goals, barred, here, queue, first)
            else:
                for move in range(1, reach.shape[1]):
                    to = reach[here, move]
                    if not barred[to] and remoteness[to] < remoteness[reach[here, action]]:
                        action = move
            reward, terminated = step(params, state, grid, action, rng)
            returns[episode] += reward
            if terminated:
                break


def planner_returns(task: Task, reach: Cells, rewards: Array, episodes: int, seed: int = 0) -> Array:
    """Raw returns of the planner; while nothing good is there, it goes where the mean distance to all cells is least.

    Args:
        task: a RandomGridWorld.
        reach: `[cells, moves]`, where a move leads.
        rewards: `[K]`, what each object pays.
    """
    distance = distances(reach)
    remoteness = np.where(np.isfinite(distance), distance, 0.0).sum(axis=1)
    returns = np.empty(episodes)
    _episodes(
        *(task.reset, task.step, task.params, np.zeros(task.state_size), np.zeros(task.grid_shape, np.uint8)),
        *(np.random.default_rng(seed), reach, rewards, remoteness, task.horizon, returns),
    )
    return returns


def distances(reach: Cells) -> Array:
    """`[cells, cells]`: the least number of moves, infinite where there is no way."""
    cells = len(reach)
    distance = np.where(np.eye(cells, dtype=np.bool_), 0.0, np.inf)
    for _ in range(cells):
        nearer = np.minimum(distance, 1.0 + distance[reach].min(axis=1))
        if np.array_equal(nearer, distance):
            break
        distance = nearer
    return distance


def one_object_return(reach: Cells, steps: int) -> float:
    """Exact optimum where the only object is back, in any other cell, one step after it was collected (`very_dense`).

    While it lies somewhere, the best is to go there at once; while it is away, one may move to where it is best awaited.
    """
    cells, away = len(reach), distances(reach).astype(np.int64)
    collected = np.zeros((steps + 1, cells))  # by time left and cell: what is still to come, the object being away
    for left in range(steps + 1):
        pays = np.where(away <= left, 1.0 + collected[np.maximum(left - away, 0), np.arange(cells)], 0.0)
        awaited = (pays.sum(axis=1) - pays.diagonal()) / (cells - 1)
        if left < steps:
            collected[left + 1] = awaited[reach].max(axis=1)
    return float(awaited.mean())
