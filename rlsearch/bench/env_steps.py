"""Speed of environments: steps and resets here, over those in the packages whose numbers they give."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from numba import types

from rlsearch.bench.figure import Figure, cpu_seconds, interleaved
from rlsearch.bench.inner_loop import SEED
from rlsearch.envs import EnvSpec, Task, environments, make_task
from rlsearch.envs.signature import OBSERVE, RESET, STEP
from rlsearch.errors import RlsearchError
from rlsearch.numba_support.call_by_address import address, caller
from rlsearch.train.kernel import DOUBLE_1, FLOAT_1, kernel

CLASSIC = ("CartPole-v1", "MountainCar-v0", "Pendulum-v1")
TOY_TEXT = ("FrozenLake-v1", "FrozenLake8x8-v1", "CliffWalking-v1", "Taxi-v4")
MINIGRID = ("MiniGrid-Empty-8x8-v0", "MiniGrid-DoorKey-8x8-v0", "MiniGrid-KeyCorridorS3R1-v0", "MiniGrid-FourRooms-v0")
OURS = 50  # times as many steps on our side, so that both sides take about as long

_reset = caller(RESET)
_step = caller(STEP)
_observe = caller(OBSERVE)
_ARGUMENTS = (types.UniTuple(types.int64, 3), DOUBLE_1, DOUBLE_1, types.uint8[:, :, ::1], FLOAT_1)


@kernel(types.int64(*_ARGUMENTS, types.int64, types.int64, types.int64, types.npy_rng))
def random_walk(kernels, params, state, grid, observation, num_actions, horizon, steps, rng):  # type: ignore[no-untyped-def]
    """Take random actions for some steps, observing and resetting as a trainer does; returns the finished episodes."""
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


@kernel(types.void(*_ARGUMENTS, types.int64, types.npy_rng))
def begin_again(kernels, params, state, grid, observation, times, rng):  # type: ignore[no-untyped-def]
    """Reset some times, observing each new episode once."""
    for _ in range(times):
        _reset(kernels[0], params, state, grid, rng)
        _observe(kernels[2], params, state, grid, observation)


def _arguments(task: Task) -> tuple[Any, ...]:
    kernels = address(task.reset, RESET), address(task.step, STEP), address(task.observe, OBSERVE)
    state, grid = np.zeros(task.state_size), np.zeros(task.grid_shape, np.uint8)
    return kernels, task.params, state, grid, np.zeros(task.observation_size, np.float32)


def walk(task: Task, steps: int, seed: int) -> int:
    """Step a task at random; returns the number of finished episodes."""
    return int(random_walk(*_arguments(task), task.num_actions, task.horizon, steps, np.random.default_rng(seed)))


def steps_per_second(task: Task, steps: int = 100_000) -> float:
    """The number of random steps a second on one core, observed, resets included."""
    walk(task, 1000, SEED)
    return steps / cpu_seconds(lambda: walk(task, steps, SEED))


def oracle_of(env: str) -> Any:
    """The environment of another package that equals one of ours, without the wrappers of `gymnasium.make`.

    Raises:
        RlsearchError: that package is not installed.
    """
    name = environments()[env].oracle
    try:
        if name.startswith("MiniGrid"):
            import minigrid.wrappers  # 0.5 s, and an extra

            return minigrid.wrappers.FullyObsWrapper(gymnasium.make(name, disable_env_checker=True).unwrapped)
        return gymnasium.make(name, disable_env_checker=True).unwrapped
    except ImportError:
        raise RlsearchError(f"{name} is not installed here; type pip install 'rlsearch[peers]'") from None


def walk_oracle(oracle: Any, num_actions: int, horizon: int, steps: int, seed: int) -> int:
    """Step another package's environment at random, with actions drawn before; returns the number of finished episodes."""
    actions: list[Any] = np.random.default_rng(seed).integers(0, num_actions, steps).tolist()
    if isinstance(oracle.action_space, spaces.Box):  # our actions are evenly spaced along it
        marks = np.linspace(oracle.action_space.low, oracle.action_space.high, num_actions, dtype=np.float32)
        actions = [marks[action] for action in actions]
    episodes, length = 0, 0
    oracle.reset(seed=seed)
    for action in actions:
        _, _, terminated, _, _ = oracle.step(action)
        length += 1
        if terminated or length >= horizon:
            episodes += 1
            length = 0
            oracle.reset()
    return episodes


def _our_ns(task: Task, count: int, resets: bool) -> float:
    """Nanoseconds of one step or reset of ours."""
    rng = np.random.default_rng(SEED)
    many = OURS * count
    work = (lambda: begin_again(*_arguments(task), many, rng)) if resets else (lambda: walk(task, many, SEED))
    return 1e9 / many * cpu_seconds(work)


def _oracle_ns(oracle: Any, task: Task, count: int, resets: bool) -> float:
    """Nanoseconds of one step or reset of the other package's."""

    def work() -> None:
        if resets:
            for _ in range(count):
                oracle.reset()
        else:
            walk_oracle(oracle, task.num_actions, task.horizon, count, SEED)

    return 1e9 / count * cpu_seconds(work)


def _figure(name: str, envs: Sequence[str], count: int, repetitions: int, resets: bool = False) -> Figure:
    measured: dict[str, Callable[[], float]] = {}
    for env in envs:
        task, oracle = make_task(EnvSpec(env), 0), oracle_of(env)
        measured[env] = partial(_our_ns, task, count, resets)
        measured[f"{env} there"] = partial(_oracle_ns, oracle, task, count, resets)
        measured[env]()
        oracle.reset(seed=SEED)
    sides = interleaved(measured, f"ns per {'reset' if resets else 'step'}", repetitions)
    ratios = {env: sides[f"{env} there"].minimum / sides[env].minimum for env in envs}
    return Figure(
        name=name,
        value=min(ratios.values()),
        unit="times",
        better="more",
        meaning="'there' over ours, the minimum of each, in the environment where that is least",
        sides=sides,
        settings={
            "resets" if resets else "steps": count,
            "ratios": ratios,
            "per_second": {env: 1e9 / sides[env].minimum for env in envs},
        },
    )


def env_steps(steps: int = 20_000, repetitions: int = 3) -> Figure:
    """The speed of CartPole, MountainCar and Pendulum over Gymnasium's: random actions, resets included, one core."""
    return _figure("env_steps", CLASSIC, steps, repetitions)


def acrobot_steps(steps: int = 10_000, repetitions: int = 3) -> Figure:
    """The speed of Acrobot over Gymnasium's."""
    return _figure("acrobot_steps", ("Acrobot-v1",), steps, repetitions)


def toy_text_steps(steps: int = 20_000, repetitions: int = 3) -> Figure:
    """The speed of toy text over Gymnasium's."""
    return _figure("toy_text_steps", TOY_TEXT, steps, repetitions)


def minigrid_steps(steps: int = 2000, repetitions: int = 3) -> Figure:
    """The speed of grids over MiniGrid's, both seen whole."""
    return _figure("minigrid_steps", MINIGRID, steps, repetitions)


def minigrid_resets(resets: int = 300, repetitions: int = 3) -> Figure:
    """The speed of the same grids' resets."""
    return _figure("minigrid_resets", MINIGRID, resets, repetitions, resets=True)
