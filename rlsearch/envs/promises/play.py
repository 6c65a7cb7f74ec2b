"""Random play by hand, kernel by kernel, in arrays of the caller's making: what the checks of episodes look at."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from rlsearch.envs.signature import Floats, Grid, Observation
from rlsearch.envs.task import Task


class Arrays(NamedTuple):
    """What kernels read and write."""

    params: Floats
    state: Floats
    grid: Grid
    out: Observation


class Moment(NamedTuple):
    """The observation after a reset or a step, and what the step gave; ends of episodes are observed as well."""

    seen: Observation
    reward: float
    terminated: bool


def fresh_arrays(task: Task) -> Arrays:
    """Arrays of a task, of zeros."""
    state, grid = np.zeros(task.state_size), np.zeros(task.grid_shape, np.uint8)
    return Arrays(task.params, state, grid, np.zeros(task.observation_size, np.float32))


def play(task: Task, arrays: Arrays, seed: int, steps: int, dirt: float | None = None, kernels: Any = None) -> Iterator[Moment]:
    """Episodes of the uniform random policy, moment by moment, for so many steps.

    Args:
        task: played.
        arrays: used, and left as the last kernel leaves them.
        seed: of the stream from which actions and the environment draw.
        steps: in all.
        dirt: written into state and grid before every reset; None leaves what the last episode left.
        kernels: an object with other `reset`, `step` and `observe` than the task's.
    """
    kernels, rng = kernels or task, np.random.default_rng(seed)
    params, state, grid, _ = arrays
    left = steps
    while left > 0:
        if dirt is not None:
            state[:] = dirt
            grid[:] = int(dirt) % 256 if np.isfinite(dirt) else 255
        kernels.reset(params, state, grid, rng)
        yield Moment(_observed(kernels, arrays), 0.0, False)
        for _ in range(min(task.horizon, left)):
            left -= 1
            reward, terminated = kernels.step(params, state, grid, int(rng.random() * task.num_actions), rng)
            yield Moment(_observed(kernels, arrays), float(reward), bool(terminated))
            if terminated:
                break


def trace(moments: Iterator[Moment]) -> bytes:
    """All numbers of some moments, bit for bit, to be compared."""
    return b"".join(moment.seen.tobytes() + np.array([moment.reward, moment.terminated]).tobytes() for moment in moments)


def _observed(kernels: Any, arrays: Arrays) -> Observation:
    arrays.out[:] = np.nan
    kernels.observe(*arrays)
    return arrays.out.copy()
