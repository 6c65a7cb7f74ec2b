"""Pendulum-v1 with a few torques, bit-equal to Gymnasium 1.4 (`gymnasium/envs/classic_control/pendulum.py`).

State `[2]`: angle in radians (0 is upright, never wrapped), angular velocity in radians per second. Params `[T, 2]`: the
push and the cost of each torque. The order of operations is Gymnasium's; never fastmath.
"""

import math
from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.shapes import BLACK, Image, blank, disc, paint, stroke
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Floats, Grid, Observation
from rlsearch.numba_support.jit import njit

GRAVITY = 10.0
MOST_TORQUE = 2.0
SPEED_LIMIT = 8.0
SECONDS_PER_STEP = 0.05
GREATEST = np.array([1, 1, SPEED_LIMIT], np.float32)  # of an observation

# With 5 torques: mean of the uniform random policy over 500,000 episodes (standard error 0.4), and of the policy that looks one
# step ahead at the values of a grid of 401 x 401 states, found by dynamic programming, from 5000 starts spread evenly. With
# other numbers of torques they were -1228.0 to -1223.6 and -137.7 to -137.3.
RANDOM_RETURN = -1226.0
BEST_RETURN = -137.4


def pack(torques: int) -> Floats:
    """The torques, evenly from -2 to 2 N m, as the kernels read them; Gymnasium's arithmetic on actions is in float32."""
    torque = np.linspace(-MOST_TORQUE, MOST_TORQUE, torques).astype(np.float32)
    return np.stack([np.float32(3.0) * torque, np.float32(0.001) * torque**2], axis=1).astype(np.float64).ravel()


@njit(RESET)
def reset(_params: Floats, state: Floats, _grid: Grid, rng: np.random.Generator) -> None:
    """Draw any angle, and the angular velocity from uniform(-1, 1)."""
    state[0] = rng.uniform(-math.pi, math.pi)
    state[1] = rng.uniform(-1.0, 1.0)


@njit(STEP)
def step(params: Floats, state: Floats, _grid: Grid, action: int, _rng: np.random.Generator) -> tuple[float, bool]:
    """Take one semi-implicit Euler step; its cost is judged before it."""
    angle, speed = state[0], state[1]
    from_upright = (angle + math.pi) % (2 * math.pi) - math.pi
    cost = from_upright * from_upright + 0.1 * (speed * speed) + params[2 * action + 1]
    speed += (3 * GRAVITY / 2 * math.sin(angle) + params[2 * action]) * SECONDS_PER_STEP
    speed = min(max(speed, -SPEED_LIMIT), SPEED_LIMIT)
    state[0], state[1] = angle + speed * SECONDS_PER_STEP, speed
    return -cost, False


@njit(OBSERVE)
def observe(_params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """Write cosine and sine of the angle, and the angular velocity."""
    out[0] = math.cos(state[0])
    out[1] = math.sin(state[0])
    out[2] = state[1]


def frame(_params: Floats, state: Floats, _grid: Grid) -> Image:
    """Rod and axle in pixels, as Gymnasium draws them, without the arrow for the torque."""
    image, scale = blank(500, 500), 500 / 4.4
    end = 250 - scale * math.sin(state[0]), 250 + scale * math.cos(state[0])
    paint(image, stroke((250, 250), end, 0.1 * scale), (204, 77, 77))
    paint(image, disc(250, 250, 0.05 * scale), BLACK)
    return np.ascontiguousarray(image[::-1])  # y upwards


def draw(_rng: np.random.Generator, options: Mapping[str, int], _gamma: float) -> World:
    """The world, the same for every seed."""
    torques = options["torques"]
    return World(
        reset=reset,
        step=step,
        observe=observe,
        params=pack(torques),
        state_size=2,
        observation_size=3,
        num_actions=torques,
        observation_low=-GREATEST,
        observation_high=GREATEST,
        random_return=RANDOM_RETURN,
        optimal_return=BEST_RETURN,
    )
