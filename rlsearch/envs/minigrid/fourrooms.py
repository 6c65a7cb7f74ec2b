"""Four rooms joined by gaps, the agent and the goal anywhere (`minigrid/envs/fourrooms.py`)."""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.minigrid.build import FOREVER, clear, enclose, fill, find, put, put_agent
from rlsearch.envs.minigrid.draws import between
from rlsearch.envs.minigrid.layout import EMPTY, GOAL, GREEN, GREY, WALL
from rlsearch.envs.minigrid.world import make_world
from rlsearch.envs.signature import RESET, Floats, Grid
from rlsearch.numba_support.jit import njit


@njit(RESET)
def reset(_params: Floats, state: Floats, grid: Grid, rng: np.random.Generator) -> None:
    """Build a cross of walls with a gap in each of its arms."""
    width, height = grid.shape[0], grid.shape[1]
    middle_x, middle_y = width // 2, height // 2
    clear(grid, state)
    enclose(grid, 0, 0, width, height)
    fill(grid, middle_x, 1, 1, height - 2, WALL, GREY)
    fill(grid, 1, middle_y, width - 2, 1, WALL, GREY)
    put(grid, middle_x, between(rng, 1, middle_y), EMPTY, 0, 0)
    put(grid, between(rng, 1, middle_x), middle_y, EMPTY, 0, 0)
    put(grid, between(rng, middle_x + 1, 2 * middle_x), middle_y, EMPTY, 0, 0)
    put(grid, middle_x, between(rng, middle_y + 1, 2 * middle_y), EMPTY, 0, 0)
    put_agent(grid, state, rng, 0, 0, width, height)
    x, y = find(grid, state, rng, 0, 0, width, height, 1, FOREVER)
    put(grid, x, y, GOAL, GREEN, 0)


def draw(_rng: np.random.Generator, options: Mapping[str, float], _gamma: float) -> World:
    """A world on a square grid of an odd size."""
    size = int(options["size"])
    return make_world(options, reset, (size, size))
