"""Two rooms and a locked door: to be opened (`minigrid/envs/unlock.py`), or with a box behind it (`unlockpickup.py`)."""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.minigrid.layout import BOX, DOOR, KEY, LOCKED
from rlsearch.envs.minigrid.roomgrid import (
    PRIZE,
    ROOM_SIZE,
    add_door,
    add_object,
    draw_colour,
    draw_rooms,
    put_agent_in,
    step,
)
from rlsearch.envs.minigrid.world import make_world
from rlsearch.envs.signature import RESET, Floats, Grid
from rlsearch.numba_support.jit import njit

SIDE = 6


@njit(RESET, part=True)
def add_box(params: Floats, state: Floats, grid: Grid, rng: np.random.Generator) -> None:
    """Put a box in the second room, where one is to be picked up."""
    if params[PRIZE] == BOX:
        add_object(params, state, grid, rng, 1, 0, BOX, draw_colour(rng))


@njit(RESET)
def reset(params: Floats, state: Floats, grid: Grid, rng: np.random.Generator) -> None:
    """Put the box, if there is one, then door, key and agent."""
    draw_rooms(params, state, grid, rng)
    add_box(params, state, grid, rng)
    colour = draw_colour(rng)
    add_door(params, state, grid, 0, 0, 0, colour, LOCKED)
    add_object(params, state, grid, rng, 0, 0, KEY, colour)
    put_agent_in(params, state, grid, rng, 0, 0)


def draw(_rng: np.random.Generator, options: Mapping[str, float], _gamma: float) -> World:
    """A world of two rooms side by side."""
    prize = BOX if options["box"] else DOOR
    return make_world(
        options,
        reset,
        (2 * SIDE - 1, SIDE),
        step=step,
        own=(SIDE, 2, 1, prize),
        own_state=2 * ROOM_SIZE,
        kinds=(DOOR, KEY) if prize == DOOR else (DOOR, KEY, prize),
        colours=True,
        doors=True,
    )
