"""A room with four doors, one of which is named by its colour (`minigrid/envs/gotodoor.py`)."""

from collections.abc import Mapping

import numpy as np
from numba import types

from rlsearch.envs.card import World
from rlsearch.envs.minigrid.build import clear, enclose, put, put_agent
from rlsearch.envs.minigrid.draws import between
from rlsearch.envs.minigrid.layout import (
    ALPHABETICAL,
    CELLS,
    CLOSED,
    DONE,
    DOOR,
    FLOATS,
    INT,
    MISSION,
    NUM_COLOURS,
    OWN_STATE,
    RNG,
    TARGET_X,
    TARGET_Y,
    TOGGLE,
    X,
    Y,
)
from rlsearch.envs.minigrid.rules import act, success
from rlsearch.envs.minigrid.world import make_world
from rlsearch.envs.signature import RESET, STEP, Floats, Grid
from rlsearch.numba_support.jit import njit

DOORS = 4
SMALLEST = 5


@njit(types.void(CELLS, FLOATS, RNG, INT, INT), part=True)
def put_doors(grid: Grid, state: Floats, rng: np.random.Generator, width: int, height: int) -> None:
    """Put a door in each wall of a room in the grid's corner, no colour twice.

    The state's own numbers are each door's cell and its colour.
    """
    for door in range(DOORS):
        at = OWN_STATE + 3 * door
        state[at] = between(rng, 2, width - 2) if door < 2 else (width - 1) * (door - 2)
        state[at + 1] = between(rng, 2, height - 2) if door >= 2 else (height - 1) * door
    taken = 0
    for door in range(DOORS):
        colour = between(rng, 0, NUM_COLOURS)
        while taken & (1 << colour):
            colour = between(rng, 0, NUM_COLOURS)
        taken |= 1 << colour
        at = OWN_STATE + 3 * door
        state[at + 2] = ALPHABETICAL[colour]
        put(grid, int(state[at]), int(state[at + 1]), DOOR, ALPHABETICAL[colour], CLOSED)


@njit(RESET)
def reset(_params: Floats, state: Floats, grid: Grid, rng: np.random.Generator) -> None:
    """Build a room of random sides, the agent anywhere in it, one of the doors to go to."""
    clear(grid, state)
    width = between(rng, SMALLEST, grid.shape[0] + 1)
    height = between(rng, SMALLEST, grid.shape[1] + 1)
    enclose(grid, 0, 0, width, height)
    put_doors(grid, state, rng, width, height)
    put_agent(grid, state, rng, 0, 0, width, height)
    at = OWN_STATE + 3 * between(rng, 0, DOORS)
    state[TARGET_X], state[TARGET_Y], state[MISSION] = state[at], state[at + 1], state[at + 2]


@njit(STEP)
def step(params: Floats, state: Floats, grid: Grid, action: int, _rng: np.random.Generator) -> tuple[float, bool]:
    """Act; the episode ends when the agent says that it is done, or tries to open something; it succeeds beside the door."""
    reward, terminated = act(params, state, grid, action)
    away = abs(state[X] - state[TARGET_X]) + abs(state[Y] - state[TARGET_Y])
    worth = success(params, state)
    if action == DONE and away == 1:
        reward = worth
    return reward, terminated or action in (DONE, TOGGLE)


def draw(_rng: np.random.Generator, options: Mapping[str, float], _gamma: float) -> World:
    """A world on a square grid."""
    size = int(options["size"])
    return make_world(
        options,
        reset,
        (size, size),
        step=step,
        own_state=3 * DOORS,
        kinds=(DOOR,),
        colours=True,
        sees_through=True,
        tells_mission=True,
    )
