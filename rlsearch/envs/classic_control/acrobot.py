"""Acrobot-v1, within 1e-9 of Gymnasium 1.4 (`gymnasium/envs/classic_control/acrobot.py`): two links, torque at their joint.

State `[4]`: angle of the first link from hanging down and of the second from the first, in radians; their velocities in
radians per second. Lengths, masses and moments of inertia are 1, centres of mass are in the middle; "book" equations.
The order of operations is Gymnasium's; never fastmath.
"""

import math
from collections.abc import Mapping

import numpy as np
from numba import types

from rlsearch.envs.card import World
from rlsearch.envs.shapes import BLACK, Image, blank, disc, paint, polygon, rectangle, rotated
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Floats, Grid, Observation
from rlsearch.numba_support.jit import njit

GRAVITY = 9.8
INERTIA = 1.0
CENTRE = 0.5
SPEED_LIMITS = (4 * math.pi, 9 * math.pi)
SECONDS_PER_STEP = 0.2
GREATEST = np.array([1, 1, 1, 1, *SPEED_LIMITS], np.float32)  # of an observation

# Mean of the uniform random policy over 300,000 episodes (standard error 0.02).
RANDOM_RETURN = -498.91
# Mean over 20 starts (standard error 0.09) of the shortest plans that breadth-first search finds when it keeps one state in
# each cell of a grid of 150 x 150 x 160 x 240; coarser cells, of 100 x 100 x 120 x 160, give -60.1.
BEST_RETURN = -59.05


@njit(types.UniTuple(types.float64, 2)(*(types.float64,) * 5))
def accelerations(angle1: float, angle2: float, speed1: float, speed2: float, torque: float) -> tuple[float, float]:
    """The angular accelerations of both links (Sutton and Barto 2018, section 11.3 of the first edition)."""
    cosine, sine = math.cos(angle2), math.sin(angle2)
    d1 = CENTRE * CENTRE + (1.0 + CENTRE * CENTRE + 2 * CENTRE * cosine) + INERTIA + INERTIA
    d2 = (CENTRE * CENTRE + CENTRE * cosine) + INERTIA
    phi2 = CENTRE * GRAVITY * math.cos(angle1 + angle2 - math.pi / 2)
    phi1 = (
        -CENTRE * (speed2 * speed2) * sine
        - 2 * CENTRE * speed2 * speed1 * sine
        + (CENTRE + 1.0) * GRAVITY * math.cos(angle1 - math.pi / 2)
        + phi2
    )
    below = CENTRE * CENTRE + INERTIA - d2 * d2 / d1
    second = (torque + d2 / d1 * phi1 - CENTRE * (speed1 * speed1) * sine - phi2) / below
    return -(d2 * second + phi1) / d1, second


@njit(types.float64(types.float64))
def wrapped(angle: float) -> float:
    """The angle in [-pi, pi]."""
    while angle > math.pi:
        angle -= 2 * math.pi
    while angle < -math.pi:
        angle += 2 * math.pi
    return angle


@njit(RESET)
def reset(_params: Floats, state: Floats, _grid: Grid, rng: np.random.Generator) -> None:
    """Draw every number from uniform(-0.1, 0.1), rounded to float32 as Gymnasium does."""
    for i in range(4):
        state[i] = np.float32(rng.uniform(-0.1, 0.1))


@njit(STEP)
def step(_params: Floats, state: Floats, _grid: Grid, action: int, _rng: np.random.Generator) -> tuple[float, bool]:
    """Take one step of fourth-order Runge-Kutta under a torque of -1, 0 or 1 N m."""
    torque = action - 1.0
    angle1, angle2, speed1, speed2 = state[0], state[1], state[2], state[3]
    half = SECONDS_PER_STEP / 2
    a1, a2 = accelerations(angle1, angle2, speed1, speed2, torque)
    v1, v2 = speed1 + half * a1, speed2 + half * a2
    b1, b2 = accelerations(angle1 + half * speed1, angle2 + half * speed2, v1, v2, torque)
    w1, w2 = speed1 + half * b1, speed2 + half * b2
    c1, c2 = accelerations(angle1 + half * v1, angle2 + half * v2, w1, w2, torque)
    x1, x2 = speed1 + SECONDS_PER_STEP * c1, speed2 + SECONDS_PER_STEP * c2
    d1, d2 = accelerations(angle1 + SECONDS_PER_STEP * w1, angle2 + SECONDS_PER_STEP * w2, x1, x2, torque)
    sixth = SECONDS_PER_STEP / 6.0
    angle1 = wrapped(angle1 + sixth * (speed1 + 2 * v1 + 2 * w1 + x1))
    angle2 = wrapped(angle2 + sixth * (speed2 + 2 * v2 + 2 * w2 + x2))
    speed1 = min(max(speed1 + sixth * (a1 + 2 * b1 + 2 * c1 + d1), -SPEED_LIMITS[0]), SPEED_LIMITS[0])
    speed2 = min(max(speed2 + sixth * (a2 + 2 * b2 + 2 * c2 + d2), -SPEED_LIMITS[1]), SPEED_LIMITS[1])
    state[0], state[1], state[2], state[3] = angle1, angle2, speed1, speed2
    risen = -math.cos(angle1) - math.cos(angle2 + angle1) > 1.0
    return 0.0 if risen else -1.0, risen


@njit(OBSERVE)
def observe(_params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """Write cosine and sine of both angles, and both velocities."""
    out[0] = math.cos(state[0])
    out[1] = math.sin(state[0])
    out[2] = math.cos(state[1])
    out[3] = math.sin(state[1])
    out[4] = state[2]
    out[5] = state[3]


def frame(_params: Floats, state: Floats, _grid: Grid) -> Image:
    """Both links, their joints and the line in pixels, as Gymnasium draws them."""
    image, scale, middle = blank(500, 500), 500 / 4.4, 250.0
    angle1, angle2 = state[0], state[0] + state[1]
    joint = middle + scale * math.sin(angle1), middle - scale * math.cos(angle1)
    paint(image, rectangle(0, 500, middle + scale, middle + scale + 1), BLACK)
    half = 0.1 * scale
    link = (0, -half), (0, half), (scale, half), (scale, -half)
    for place, angle in (((middle, middle), angle1), (joint, angle2)):
        paint(image, polygon(*rotated(link, angle - math.pi / 2, place)), (0, 204, 204))
        paint(image, disc(*place, half), (204, 204, 0))
    return np.ascontiguousarray(image[::-1])  # y upwards


def draw(_rng: np.random.Generator, _options: Mapping[str, int], _gamma: float) -> World:
    """The world, the same for every seed."""
    return World(
        reset=reset,
        step=step,
        observe=observe,
        params=np.empty(0),
        state_size=4,
        observation_size=6,
        num_actions=3,
        observation_low=-GREATEST,
        observation_high=GREATEST,
        random_return=RANDOM_RETURN,
        optimal_return=BEST_RETURN,
    )
