"""CartPoleSwingUp by the rules of bsuite (`bsuite/experiments/cartpole_swingup`), in metres, seconds, radians.

State `[5]`: position, velocity, angle in [0, 2 pi) (0 is upright), angular velocity, time. The cart and pole are CartPole's.
bsuite ends an episode when its clock, a sum of hundredths, is beyond ten: after 1001 steps. Here the horizon does.
"""

import math
from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.classic_control.cartpole import FORCE, accelerations, scene
from rlsearch.envs.shapes import Image
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Floats, Grid, Observation
from rlsearch.numba_support.jit import njit

SECONDS_PER_STEP = 0.01
SECONDS = 10.0
POSITION_LIMIT = 3.0
LEAST_HEIGHT = 0.5
REWARDED_POSITION = 1.0
REWARDED_SPIN = 1.0
MOVE_COST = 0.1

# Mean of the uniform random policy over a million episodes (standard error 0.017).
RANDOM_RETURN = -36.124
# Mean over 5000 episodes (standard error 0.2) of a controller that feeds the pole energy, then balances it; tuned by an
# evolution strategy. It stands in tests/envs/classic_control/test_cartpole_swingup.py.
BEST_RETURN = 854.0


@njit(RESET)
def reset(_params: Floats, state: Floats, _grid: Grid, rng: np.random.Generator) -> None:
    """Start hanging down at rest; every number but the time shifted by uniform(-0.05, 0.05)."""
    for i in range(4):
        state[i] = rng.uniform(-0.05, 0.05)
    state[2] += math.pi
    state[4] = 0.0


@njit(STEP)
def step(_params: Floats, state: Floats, _grid: Grid, action: int, _rng: np.random.Generator) -> tuple[float, bool]:
    """Take one explicit Euler step: positions move by the old velocities."""
    position, velocity, angle, spin = state[0], state[1], state[2], state[3]
    acceleration, spin_rate = accelerations((action - 1) * FORCE, angle, spin)
    position += SECONDS_PER_STEP * velocity
    velocity += SECONDS_PER_STEP * acceleration
    angle = (angle + SECONDS_PER_STEP * spin) % (2 * math.pi)
    spin += SECONDS_PER_STEP * spin_rate
    state[0], state[1], state[2], state[3] = position, velocity, angle, spin
    state[4] += SECONDS_PER_STEP
    upright = math.cos(angle) > LEAST_HEIGHT and abs(spin) < REWARDED_SPIN and abs(position) < REWARDED_POSITION
    reward = -1.0 * abs(action - 1) * MOVE_COST
    return reward + 1.0 if upright else reward, abs(position) > POSITION_LIMIT


@njit(OBSERVE)
def observe(_params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """Write the state, roughly normalised, with the time and whether position and spin are good enough for a reward."""
    position, spin = state[0], state[3]
    out[0] = position / POSITION_LIMIT
    out[1] = state[1] / POSITION_LIMIT
    out[2] = math.sin(state[2])
    out[3] = math.cos(state[2])
    out[4] = spin
    out[5] = state[4] / SECONDS
    out[6] = 1.0 if abs(position) < REWARDED_POSITION else -1.0
    out[7] = 1.0 if abs(spin) < REWARDED_SPIN else -1.0


def frame(_params: Floats, state: Floats, _grid: Grid) -> Image:
    """Cart, pole and track in pixels; the edges are the limits of the position."""
    return scene(state[0], state[2], POSITION_LIMIT, 200)


def draw(_rng: np.random.Generator, _options: Mapping[str, int], _gamma: float) -> World:
    """The world, the same for every seed."""
    return World(
        reset=reset,
        step=step,
        observe=observe,
        params=np.empty(0),
        state_size=5,
        observation_size=8,
        num_actions=3,
        observation_low=np.array([-2, -np.inf, -1, -1, -np.inf, 0, -1, -1], np.float32),
        observation_high=np.array([2, np.inf, 1, 1, np.inf, 1.01, 1, 1], np.float32),
        random_return=RANDOM_RETURN,
        optimal_return=BEST_RETURN,
    )
