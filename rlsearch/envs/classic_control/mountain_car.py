"""MountainCar-v0, bit-equal to Gymnasium 1.4 (`gymnasium/envs/classic_control/mountain_car.py`).

State `[2]`: position, velocity per step. The order of operations is Gymnasium's; never fastmath.
"""

import math
from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.classic_control import MOUNTAIN_CAR
from rlsearch.envs.shapes import BLACK, Image, blank, disc, paint, polygon, rectangle, rotated, stroke
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Floats, Grid, Observation
from rlsearch.numba_support.jit import njit

POSITION_LIMITS = (-1.2, 0.6)
SPEED_LIMIT = 0.07
GOAL = 0.5
FORCE = 0.001
GRAVITY = 0.0025

# Mean over 10,000 episodes (standard error 0.07) of the policy that looks one step ahead at the values of a grid of 1200 x 1201
# states, found by dynamic programming. Of 10 million random episodes none reached the goal.
BEST_RETURN = -97.9


@njit(RESET)
def reset(_params: Floats, state: Floats, _grid: Grid, rng: np.random.Generator) -> None:
    """Start at rest near the bottom of the valley: position from uniform(-0.6, -0.4)."""
    state[0] = rng.uniform(-0.6, -0.4)
    state[1] = 0.0


@njit(STEP)
def step(_params: Floats, state: Floats, _grid: Grid, action: int, _rng: np.random.Generator) -> tuple[float, bool]:
    """Take one step; the wall on the left takes all speed."""
    position, velocity = state[0], state[1]
    velocity += (action - 1) * FORCE + math.cos(3 * position) * -GRAVITY
    velocity = min(max(velocity, -SPEED_LIMIT), SPEED_LIMIT)
    position = min(max(position + velocity, POSITION_LIMITS[0]), POSITION_LIMITS[1])
    if position == POSITION_LIMITS[0] and velocity < 0.0:
        velocity = 0.0
    state[0], state[1] = position, velocity
    return -1.0, position >= GOAL and velocity >= 0.0


@njit(OBSERVE)
def observe(_params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """Write the state in float32."""
    out[0] = state[0]
    out[1] = state[1]


def _height(position: float) -> float:
    """The height of the road."""
    return math.sin(3 * position) * 0.45 + 0.55


def frame(_params: Floats, state: Floats, _grid: Grid) -> Image:
    """Road, car and flag in pixels, as Gymnasium draws them."""
    left, right = POSITION_LIMITS
    image, scale = blank(400, 600), 600 / (right - left)

    def place(position: float) -> tuple[float, float]:
        return (position - left) * scale, _height(position) * scale

    road = [place(position) for position in np.linspace(left, right, 100).tolist()]
    for start, end in pairwise(road):
        paint(image, stroke(start, end, 0.6), BLACK)
    x, y = place(state[0])
    slope, car = math.cos(3 * state[0]), (x, y + 10)
    paint(image, polygon(*rotated(((-20, 0), (-20, 20), (20, 20), (20, 0)), slope, car)), BLACK)
    for wheel in rotated(((10, 0), (-10, 0)), slope, car):
        paint(image, disc(*wheel, 8), (128, 128, 128))
    x, y = place(GOAL)
    paint(image, rectangle(x, x + 1, y, y + 50), BLACK)
    paint(image, polygon((x, y + 50), (x, y + 40), (x + 25, y + 45)), (204, 204, 0))
    return np.ascontiguousarray(image[::-1])  # y upwards


def draw(_rng: np.random.Generator, _options: Mapping[str, int], _gamma: float) -> World:
    """The world, the same for every seed."""
    return World(
        reset=reset,
        step=step,
        observe=observe,
        params=np.empty(0),
        state_size=2,
        observation_size=2,
        num_actions=3,
        observation_low=np.array([POSITION_LIMITS[0], -SPEED_LIMIT], np.float32),
        observation_high=np.array([POSITION_LIMITS[1], SPEED_LIMIT], np.float32),
        random_return=-MOUNTAIN_CAR.horizon_with({}),
        optimal_return=BEST_RETURN,
    )
