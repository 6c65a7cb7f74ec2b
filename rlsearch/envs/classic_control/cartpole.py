"""CartPole-v1, bit-equal to Gymnasium 1.4 (`gymnasium/envs/classic_control/cartpole.py`), in metres, seconds, radians.

State `[4]`: position, velocity, angle, angular velocity. The order of operations is Gymnasium's; never fastmath.
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
POLE_MASS = 0.1
TOTAL_MASS = POLE_MASS + 1.0
HALF_LENGTH = 0.5
POLE_MASS_LENGTH = POLE_MASS * HALF_LENGTH
FORCE = 10.0
SECONDS_PER_STEP = 0.02
POSITION_LIMIT = 2.4
ANGLE_LIMIT = 12 * 2 * math.pi / 360

# Of an observation, as Gymnasium has it: twice what ends an episode, and velocities without a bound.
GREATEST = np.array([2 * POSITION_LIMIT, np.inf, 2 * ANGLE_LIMIT, np.inf], np.float32)

# Mean of the uniform random policy over 20 million episodes of these kernels, by the loop of tests/envs/conftest.py
# (standard deviation of an episode 11.9, so standard error 0.003).
RANDOM_RETURN = 22.251


@njit(types.UniTuple(types.float64, 2)(*(types.float64,) * 3))
def accelerations(force: float, angle: float, spin: float) -> tuple[float, float]:
    """The accelerations of cart and pole, under a force in newtons (Barto, Sutton and Anderson 1983, without friction)."""
    cosine, sine = math.cos(angle), math.sin(angle)
    push = (force + POLE_MASS_LENGTH * (spin * spin) * sine) / TOTAL_MASS
    spin_rate = (GRAVITY * sine - cosine * push) / (HALF_LENGTH * (4.0 / 3.0 - POLE_MASS * (cosine * cosine) / TOTAL_MASS))
    return push - POLE_MASS_LENGTH * spin_rate * cosine / TOTAL_MASS, spin_rate


@njit(RESET)
def reset(_params: Floats, state: Floats, _grid: Grid, rng: np.random.Generator) -> None:
    """Draw every number from uniform(-0.05, 0.05)."""
    for i in range(4):
        state[i] = rng.uniform(-0.05, 0.05)


@njit(STEP)
def step(_params: Floats, state: Floats, _grid: Grid, action: int, _rng: np.random.Generator) -> tuple[float, bool]:
    """Take one explicit Euler step: positions move by the old velocities."""
    position, velocity, angle, spin = state[0], state[1], state[2], state[3]
    acceleration, spin_rate = accelerations(FORCE if action == 1 else -FORCE, angle, spin)
    position += SECONDS_PER_STEP * velocity
    velocity += SECONDS_PER_STEP * acceleration
    angle += SECONDS_PER_STEP * spin
    spin += SECONDS_PER_STEP * spin_rate
    state[0], state[1], state[2], state[3] = position, velocity, angle, spin
    # Local variables: were `state` read on one side of this branch, numba would count references to it at every call,
    # and the step would take 46 ns instead of 26.
    return 1.0, abs(position) > POSITION_LIMIT or abs(angle) > ANGLE_LIMIT


@njit(OBSERVE)
def observe(_params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """Write the state in float32."""
    for i in range(4):
        out[i] = state[i]


def scene(position: float, angle: float, limit: float, height: float) -> Image:
    """Cart, pole and track, as Gymnasium draws them; `limit` in metres is at the edge, the track `height` pixels from below."""
    image, scale = blank(400, 600), 600 / (2 * limit)
    cart = position * scale + 300
    paint(image, rectangle(cart - 25, cart + 25, height - 15, height + 15), BLACK)
    axle = cart, height + 7.5
    length = 2 * HALF_LENGTH * scale
    pole = rotated(((-5, -5), (-5, length - 5), (5, length - 5), (5, -5)), -angle, axle)
    paint(image, polygon(*pole), (202, 152, 101))
    paint(image, disc(*axle, 5), (129, 132, 203))
    paint(image, rectangle(0, 600, height, height + 1), BLACK)
    return np.ascontiguousarray(image[::-1])  # y upwards


def frame(_params: Floats, state: Floats, _grid: Grid) -> Image:
    """Cart, pole and track in pixels; the edges are the limits of the position."""
    return scene(state[0], state[2], POSITION_LIMIT, 100)


def draw(_rng: np.random.Generator, options: Mapping[str, float], _gamma: float) -> World:
    """The world, the same for every seed."""
    return World(
        reset=reset,
        step=step,
        observe=observe,
        params=np.empty(0),
        state_size=4,
        observation_size=4,
        num_actions=2,
        observation_low=-GREATEST,
        observation_high=GREATEST,
        random_return=RANDOM_RETURN,
        optimal_return=options["optimal_return"],
    )
