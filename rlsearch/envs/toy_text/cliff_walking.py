"""CliffWalking-v1 by the rules of Gymnasium 1.4 (`gymnasium/envs/toy_text/cliffwalking.py`)."""

from collections.abc import Mapping
from functools import cache

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.signature import Floats, Grid
from rlsearch.envs.tabular.mdp import TabularMDP
from rlsearch.envs.tabular.world import world_of
from rlsearch.envs.toy_text import CLIFF_WALKING
from rlsearch.envs.toy_text.lake import with_agent

ROWS, COLUMNS = 4, 12
START, GOAL = 36, 47

# Up, right, down, left, as (row, column).
MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1))


@cache
def cliff() -> TabularMDP:
    """The MDP, its states squares, row by row; the cliff is the bottom row between start and goal. One outcome an action."""
    here = np.array(np.unravel_index(np.arange(ROWS * COLUMNS), (ROWS, COLUMNS))).T
    reached = np.clip(here[:, None] + np.array(MOVES), 0, (ROWS - 1, COLUMNS - 1)) @ (COLUMNS, 1)
    falls = (reached > START) & (reached < GOAL)
    start = np.zeros(ROWS * COLUMNS)
    start[START] = 1.0
    return TabularMDP(
        start=start,
        probability=np.ones((*reached.shape, 1)),
        successor=np.where(falls, START, reached)[..., None],
        reward=np.where(falls, -100.0, -1.0)[..., None],
        terminal=(reached == GOAL)[..., None],
    )


def picture(_params: Floats, state: Floats, _grid: Grid) -> str:
    """The map in characters: start S, goal G, the cliff C between them, and where one stands."""
    return with_agent(("." * COLUMNS,) * (ROWS - 1) + ("S" + "C" * (COLUMNS - 2) + "G",), int(state[0]))


def draw(_rng: np.random.Generator, options: Mapping[str, int], gamma: float) -> World:
    """The world, the same for every seed."""
    return world_of(cliff(), gamma, CLIFF_WALKING.horizon_with(options))
