"""RandomGridWorld: objects that lie elsewhere in every episode, and come back elsewhere.

State `[1 + K]`: cell, then for each object its cell, or -1 while it is away. Params: cells, actions, K, types, free cells F;
then `[cells, actions]` where an action leads; `[F]` the free cells; `[K, 4]` for each object its type, reward, probability
that collecting it ends the episode, and probability per step that it is back; if there are walls, `[cells]` where.
"""

from collections.abc import Mapping
from dataclasses import astuple

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.lpg.board import MOVE_COUNTS, RANDOM, drawn
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Floats, Grid, Observation
from rlsearch.numba_support.jit import njit

HEADER = 5
FIELDS = 4
AWAY = -1.0


@njit(inline=True)
def _vacant(params: Floats, state: Floats, rng: np.random.Generator) -> float:
    """A free cell, uniform among those in which neither the agent nor an object is."""
    first_free, free = HEADER + int(params[0]) * int(params[1]), int(params[4])
    while True:
        cell: float = params[first_free + int(rng.random() * free)]
        taken = False
        for other in range(1 + int(params[2])):
            taken = taken or state[other] == cell
        if not taken:
            return cell


@njit(RESET)
def reset(params: Floats, state: Floats, _grid: Grid, rng: np.random.Generator) -> None:
    """Put the agent, then each object, in cells of their own."""
    things = 1 + int(params[2])
    for thing in range(things):
        state[thing] = AWAY
    for thing in range(things):
        state[thing] = _vacant(params, state, rng)


@njit(STEP)
def step(params: Floats, state: Floats, _grid: Grid, action: int, rng: np.random.Generator) -> tuple[float, bool]:
    """Move, collect what lies there, and let what was away before come back somewhere or not."""
    actions, items = int(params[1]), int(params[2])
    cell = params[HEADER + int(state[0]) * actions + action]
    state[0] = cell
    reward, over = 0.0, False
    row = HEADER + int(params[0]) * actions + int(params[4])
    for item in range(1, 1 + items):
        luck, lies_in = rng.random(), state[item]
        pays, terminates, respawns = params[row + 1], params[row + 2], params[row + 3]
        collected = lies_in == cell
        reward += pays if collected else 0.0
        over = over or (collected and luck < terminates)
        if collected:
            state[item] = AWAY
        elif lies_in == AWAY and luck < respawns:
            state[item] = _vacant(params, state, rng)
        row += FIELDS
    return reward, over


@njit(OBSERVE)
def observe(params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """Write channels over the board: the agent, each type of object, and the walls if there are any."""
    cells, items, types = int(params[0]), int(params[2]), int(params[3])
    row = HEADER + cells * int(params[1]) + int(params[4])
    walls = row + items * FIELDS
    for i in range((1 + types) * cells):
        out[i] = 0.0
    for i in range(len(params) - walls):
        out[(1 + types) * cells + i] = params[walls + i]
    out[int(state[0])] = 1.0
    for item in range(items):
        lies_in, channel = int(state[1 + item]), 1 + int(params[row + item * FIELDS])
        if lies_in >= 0:
            out[channel * cells + lies_in] = 1.0


# By variant, then by moves (nine, five): the return of the uniform policy and the best known. Boards are the same for every
# seed, but states (cells of the agent and of each object) are too many for dynamic programming.
# Uniform: mean of at least 1,000,000 episodes (very_dense 500,000); standard errors are at most 0.002 (0.004).
# Best: the mean of 100,000 or more episodes of the planner in tests/envs/lpg/planner.py, standard errors 0.012 to 0.016; in
# very_dense, by dynamic programming over the cells of collection. In small_sparse the good object is reached unless, with
# five moves, both bad ones shut the agent or it in a corner: 16 of 35 * 34 * 33 equally likely starts.
RETURNS = {
    "small": ((-0.1672, 45.944), (-0.1338, 42.968)),
    "small_sparse": ((-0.2859, 1.0), (-0.2660, 1.0 - 16 / (35 * 34 * 33))),
    "dense": ((-0.1006, 42.022), (-0.0570, 37.889)),
    "long": ((-0.3496, 21.083), (-0.2682, 20.633)),
    "very_dense": ((6.5588, 361.643), (4.8748, 257.429)),
}


def picture(params: Floats, state: Floats, _grid: Grid) -> str:
    """The board in characters, with what lies there."""
    cells, actions, items, free = int(params[0]), int(params[1]), int(params[2]), int(params[4])
    end = HEADER + cells * actions
    rows = params[end + free : end + free + items * FIELDS].reshape(items, FIELDS)
    lying = {int(state[1 + item]): float(row[1]) for item, row in enumerate(rows) if state[1 + item] != AWAY}
    return drawn(params[HEADER:end].reshape(cells, actions), int(state[0]), lying)


def draw(_rng: np.random.Generator, options: Mapping[str, int], _gamma: float) -> World:
    """The world, the same for every seed: what is random in it is drawn in every episode."""
    name, board = list(RANDOM.items())[options["variant"]]
    moves = MOVE_COUNTS[options["moves"]]
    random_return, optimal_return = RETURNS[name][options["moves"]]
    reach, walls, free = board.reach(moves), board.walls, np.flatnonzero(~board.walls)
    types = list(dict.fromkeys(board.items))
    items = np.array([(types.index(item), *astuple(item)) for item in board.items], np.float64)
    seen_walls = walls[: len(walls) * walls.any()]
    sizes = [len(reach), moves, len(items), len(types), len(free)]
    return World(
        reset=reset,
        step=step,
        observe=observe,
        params=np.concatenate([sizes, reach.ravel(), free, items.ravel(), seen_walls]).astype(np.float64),
        state_size=1 + len(items),
        observation_size=(1 + len(types)) * len(reach) + len(seen_walls),
        num_actions=moves,
        observation_low=0.0,
        observation_high=1.0,
        random_return=random_return,
        optimal_return=optimal_return,
    )
