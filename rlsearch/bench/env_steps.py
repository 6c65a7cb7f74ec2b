"""How many times faster CartPole steps here than in Gymnasium, whose numbers it gives bit for bit."""

from typing import Any

import numpy as np
from gymnasium.envs.classic_control.cartpole import CartPoleEnv
from numba import types

from rlsearch.bench.figure import Figure, cpu_seconds, interleaved
from rlsearch.bench.inner_loop import SEED, task
from rlsearch.calls import address, caller
from rlsearch.envs.signature import OBSERVE, RESET, STEP
from rlsearch.envs.task import Task
from rlsearch.train.kernel import DOUBLE_1, FLOAT_1, kernel

_reset = caller(RESET)
_step = caller(STEP)
_observe = caller(OBSERVE)


@kernel(
    types.int64(
        types.UniTuple(types.int64, 3),
        DOUBLE_1,
        DOUBLE_1,
        types.uint8[:, :, ::1],
        FLOAT_1,
        types.int64,
        types.int64,
        types.int64,
        types.npy_rng,
    )
)
def random_walk(kernels, params, state, grid, observation, num_actions, horizon, steps, rng):  # type: ignore[no-untyped-def]
    """Random actions for some steps, observing and starting over as a trainer does; returns the finished episodes."""
    episodes, length = 0, 0
    _reset(kernels[0], params, state, grid, rng)
    for _ in range(steps):
        _, terminated = _step(kernels[1], params, state, grid, int(rng.random() * num_actions), rng)
        _observe(kernels[2], params, state, grid, observation)
        length += 1
        if terminated or length >= horizon:
            episodes += 1
            length = 0
            _reset(kernels[0], params, state, grid, rng)
            _observe(kernels[2], params, state, grid, observation)
    return episodes


def walk(task: Task, steps: int, seed: int) -> int:
    """Step a task at random; returns the finished episodes."""
    kernels = address(task.reset, RESET), address(task.step, STEP), address(task.observe, OBSERVE)
    state, grid = np.zeros(task.state_size), np.zeros(task.grid_shape, np.uint8)
    observation = np.zeros(task.observation_size, np.float32)
    sizes = task.num_actions, task.horizon, steps
    return int(random_walk(kernels, task.params, state, grid, observation, *sizes, np.random.default_rng(seed)))


def walk_gymnasium(steps: int, seed: int, horizon: int) -> int:
    """Step Gymnasium's CartPole, without wrappers, with actions drawn before; returns the finished episodes."""
    env: Any = CartPoleEnv()  # its reset and step have no types
    episodes, length = 0, 0
    env.reset(seed=seed)
    for action in np.random.default_rng(seed).integers(0, 2, steps).tolist():
        _, _, terminated, _, _ = env.step(action)
        length += 1
        if terminated or length >= horizon:
            episodes += 1
            length = 0
            env.reset()
    return episodes


def env_steps(steps: int = 20_000, repetitions: int = 5) -> Figure:
    """Steps per second of our CartPole over Gymnasium's: random actions, resets included, one core."""
    cartpole, ours = task(), 100 * steps
    walk(cartpole, ours, SEED)
    measured = {
        "rlsearch": lambda: 1e9 / ours * cpu_seconds(lambda: walk(cartpole, ours, SEED)),
        "gymnasium": lambda: 1e9 / steps * cpu_seconds(lambda: walk_gymnasium(steps, SEED, cartpole.horizon)),
    }
    sides = interleaved(measured, "ns per step", repetitions)
    return Figure(
        name="env_steps",
        value=sides["gymnasium"].minimum / sides["rlsearch"].minimum,
        unit="times",
        meaning="'gymnasium' over 'rlsearch'; the minimum of each",
        sides=sides,
        settings={"env": cartpole.env, "steps": steps, "steps_per_second": 1e9 / sides["rlsearch"].minimum},
    )
