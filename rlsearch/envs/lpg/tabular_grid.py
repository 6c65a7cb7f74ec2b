"""TabularGridWorld: objects that lie where they lay in every episode, and come back there.

State `[1 + K]`: cell, then for each object whether it is there. Params: cells, actions, K, first cell; then `[cells,
actions]` where an action leads; then `[K, 4]` for each object its cell, reward, probability that collecting it ends the
episode, and probability per step that it is back. One uniform number per object and step decides on either.
"""

from collections.abc import Mapping
from dataclasses import astuple

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.lpg.board import MOVE_COUNTS, TABULAR, drawn
from rlsearch.envs.lpg.planning import expected_return
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Floats, Grid, Observation
from rlsearch.numba_support.jit import njit

HEADER = 4
FIELDS = 4


@njit(RESET)
def reset(params: Floats, state: Floats, _grid: Grid, _rng: np.random.Generator) -> None:
    """Put the agent in its first cell, and every object there."""
    state[0] = params[3]
    for item in range(int(params[2])):
        state[1 + item] = 1.0


@njit(STEP)
def step(params: Floats, state: Floats, _grid: Grid, action: int, rng: np.random.Generator) -> tuple[float, bool]:
    """Move, collect what lies there, and let what was away before come back or not."""
    cells, actions, items = int(params[0]), int(params[1]), int(params[2])
    cell = params[HEADER + int(state[0]) * actions + action]
    state[0] = cell
    reward, over = 0.0, False
    row = HEADER + cells * actions
    for item in range(items):
        luck, there = rng.random(), state[1 + item] != 0.0
        lies_in, pays, terminates, respawns = params[row], params[row + 1], params[row + 2], params[row + 3]
        collected = there and lies_in == cell
        reward += pays if collected else 0.0
        over = over or (collected and luck < terminates)
        state[1 + item] = not collected and (there or luck < respawns)
        row += FIELDS
    return reward, over


@njit(OBSERVE)
def observe(params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """Write the one-hot of the cell, then a bit for each object: a factored form of the paper's index of cell and set."""
    cells, items = int(params[0]), int(params[2])
    for i in range(cells):
        out[i] = 0.0
    out[int(state[0])] = 1.0
    for item in range(items):
        out[cells + item] = state[1 + item]


def picture(params: Floats, state: Floats, _grid: Grid) -> str:
    """The board in characters, with what lies there."""
    cells, actions, items = int(params[0]), int(params[1]), int(params[2])
    end = HEADER + cells * actions
    rows = params[end:].reshape(items, FIELDS)
    lying = {int(row[0]): float(row[1]) for item, row in enumerate(rows) if state[1 + item]}
    return drawn(params[HEADER:end].reshape(cells, actions), int(state[0]), lying)


def draw(rng: np.random.Generator, options: Mapping[str, int], _gamma: float) -> World:
    """A world with the cells of agent and objects drawn for the seed, and its exact references."""
    board, moves = list(TABULAR.values())[options["variant"]], MOVE_COUNTS[options["moves"]]
    reach = board.reach(moves)
    start, *lies_in = rng.permutation(np.flatnonzero(~board.walls))[: 1 + len(board.items)]
    items = np.array([(cell, *astuple(item)) for cell, item in zip(lies_in, board.items, strict=True)], np.float64)
    return World(
        reset=reset,
        step=step,
        observe=observe,
        params=np.concatenate([[len(reach), moves, len(items), start], reach.ravel(), items.ravel()]).astype(np.float64),
        state_size=1 + len(items),
        observation_size=len(reach) + len(items),
        num_actions=moves,
        observation_low=0.0,
        observation_high=1.0,
        random_return=expected_return(reach, items, start, board.steps, False),
        optimal_return=expected_return(reach, items, start, board.steps, True),
    )
