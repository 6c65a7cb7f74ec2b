"""Good policies from the kernels alone: dynamic programming on a grid of states, then one step of looking ahead."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rlsearch.envs import Task
from rlsearch.envs.tabular.mdp import TabularMDP, backup

Policy = Callable[[NDArray[np.float64]], int]


@dataclass(frozen=True)
class Axis:
    """Points evenly from low to high; where it wraps, high is low again and no point."""

    low: float
    high: float
    points: int
    wraps: bool = False

    def values(self):
        return np.linspace(self.low, self.high, self.points, endpoint=not self.wraps)

    def beside(self, value):
        """Both neighbouring points, and the weight of the second."""
        width = (self.high - self.low) / (self.points if self.wraps else self.points - 1)
        place = (value - self.low) / width
        if self.wraps:
            lower = np.floor(place).astype(int)
            return lower % self.points, (lower + 1) % self.points, place - lower
        place = np.clip(place, 0, self.points - 1)
        lower = np.minimum(place.astype(int), self.points - 2)
        return lower, lower + 1, place - lower


def corners(axes, states):
    """The grid points around states `[..., 2]`, as indices `[..., 4]`, and their weights."""
    (a0, a1, u), (b0, b1, v) = (axis.beside(states[..., i]) for i, axis in enumerate(axes))
    width = axes[1].points
    indices = np.stack([a0 * width + b0, a0 * width + b1, a1 * width + b0, a1 * width + b1], axis=-1)
    return indices, np.stack([(1 - u) * (1 - v), (1 - u) * v, u * (1 - v), u * v], axis=-1)


def steps(task, states):
    """Where every action leads from every state `[N, 2]`, and rewards and ends, by our own kernel."""
    rng, grid = np.random.default_rng(0), np.zeros(task.grid_shape, np.uint8)
    reached = np.repeat(states[:, None], task.num_actions, axis=1)
    outcome = [[task.step(task.params, state, grid, action, rng) for action, state in enumerate(row)] for row in reached]
    return reached, np.array(outcome)[..., 0], np.array(outcome)[..., 1].astype(bool)


def plan(task: Task, axes: tuple[Axis, Axis], sweeps: int) -> Policy:
    """Values of the grid's points, as many steps before the end as sweeps; between them the four around are mixed."""
    points = np.stack(np.meshgrid(*(axis.values() for axis in axes), indexing="ij"), axis=-1).reshape(-1, 2)
    reached, reward, ends = steps(task, points)
    indices, weights = corners(axes, reached)
    rewards, terminal = (np.broadcast_to(x[..., None], indices.shape) for x in (reward, ends))
    mdp = TabularMDP(np.zeros(len(points)), weights, indices, rewards, terminal)
    value = np.zeros(len(points))
    for _ in range(sweeps):
        value = backup(mdp, value, 1.0).max(axis=1)

    def act(state: NDArray[np.float64]) -> int:
        after, paid, over = steps(task, state[None])
        around, share = corners(axes, after)
        return int((paid + np.where(over, 0.0, (share * value[around]).sum(axis=-1))).argmax())

    return act


def returns_of(task: Task, policy: Policy, episodes: int, seed: int = 0) -> NDArray[np.float64]:
    """Undiscounted raw returns of a policy that sees the state."""
    rng, state, grid = np.random.default_rng(seed), np.zeros(task.state_size), np.zeros(task.grid_shape, np.uint8)
    returns = np.zeros(episodes)
    for episode in range(episodes):
        task.reset(task.params, state, grid, rng)
        for _ in range(task.horizon):
            reward, terminated = task.step(task.params, state, grid, policy(state), rng)
            returns[episode] += reward
            if terminated:
                break
    return returns
