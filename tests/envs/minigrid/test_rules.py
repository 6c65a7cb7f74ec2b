"""One step from any state against MiniGrid: grids full of things that no generator puts together."""

import numpy as np
import pytest
from minigrid.core import constants
from minigrid.core.actions import Actions
from minigrid.core.grid import Grid
from minigrid.core.world_object import WorldObj

from rlsearch.envs.minigrid import layout
from rlsearch.envs.minigrid.layout import (
    AGENT,
    BALL,
    BOX,
    CARRIED,
    CARRIED_COLOUR,
    DIRECTION,
    DOOR,
    EMPTY,
    GOAL,
    KEY,
    LAVA,
    OPEN,
    OWN_STATE,
    STEPS,
    WALL,
    X,
    Y,
)
from tests.envs.minigrid.beside import Beside

KINDS = (EMPTY, EMPTY, EMPTY, WALL, DOOR, DOOR, KEY, BALL, BOX, GOAL, LAVA)
COLOURS = {WALL: 5, GOAL: 1, LAVA: 0, EMPTY: 0}


def scatter(beside, rng):
    """Anything anywhere inside the walls; the agent in a cell where it can be, with empty hands or not."""
    grid, state, oracle = beside.grid, beside.state, beside.oracle
    for x in range(1, grid.shape[0] - 1):
        for y in range(1, grid.shape[1] - 1):
            kind = int(rng.choice(KINDS))
            grid[x, y] = kind, COLOURS.get(kind, rng.integers(2)), rng.integers(3) if kind == DOOR else 0
    state[[X, Y]] = rng.integers(1, grid.shape[0] - 1, 2)
    grid[int(state[X]), int(state[Y])] = [(EMPTY, 0, 0), (DOOR, 2, OPEN)][int(rng.integers(2))]
    state[DIRECTION] = rng.integers(4)
    state[[CARRIED, CARRIED_COLOUR]] = [(0, 0), (KEY, 0), (KEY, 1), (BALL, 3), (BOX, 4)][int(rng.integers(5))]
    state[STEPS] = rng.integers(oracle.max_steps - 1)
    oracle.grid, _ = Grid.decode(grid)
    oracle.agent_pos, oracle.agent_dir = (int(state[X]), int(state[Y])), int(state[DIRECTION])
    oracle.carrying = WorldObj.decode(int(state[CARRIED]), int(state[CARRIED_COLOUR]), 0) if state[CARRIED] else None
    oracle.step_count = int(state[STEPS])
    beside.compare(oracle.gen_obs())


@pytest.mark.parametrize("env", ["MiniGrid-DoorKey-8x8-v0", "MiniGrid-Empty-6x6-v0", "MiniGrid-LavaGapS5-v0"])
def test_one_step_from_any_state(env, equality):
    """With walls that hide what is behind, and without."""
    beside, rng = Beside(env, equality(env, "minigrid 3.2, any state")), np.random.default_rng(0)
    beside.reset(0)
    ends = 0
    for _ in range(600):
        scatter(beside, rng)
        for action in rng.choice(7, 2, p=[0.05, 0.05, 0.3, 0.2, 0.15, 0.2, 0.05]):
            if beside.step(int(action)):
                ends += 1
                break
    assert ends > 30


def test_the_last_step_is_the_horizon(equality):
    beside = Beside("MiniGrid-Empty-5x5-v0", equality("MiniGrid-Empty-5x5-v0", "minigrid 3.2"))
    beside.reset(0)
    assert [beside.step(0) for _ in range(100)] == [False] * 99 + [True]


def test_success_late_is_worth_little(equality):
    beside = Beside("MiniGrid-Empty-5x5-v0", equality("MiniGrid-Empty-5x5-v0", "minigrid 3.2"))
    beside.reset(0)
    for action in [*[0] * 92, 2, 2, 1, 2, 2]:
        over = beside.step(action)
    assert over and beside.reward == 1 - 0.9 * (97 / 100)


def test_codes_are_minigrids():
    for words in (constants.OBJECT_TO_IDX, constants.STATE_TO_IDX, {action.name: action.value for action in Actions}):
        for word, number in words.items():
            assert getattr(layout, word.upper(), number) == number
    assert AGENT == len(constants.OBJECT_TO_IDX) - 1 == max(constants.OBJECT_TO_IDX.values())
    assert [constants.IDX_TO_COLOR[colour] for colour in layout.ALPHABETICAL] == constants.COLOR_NAMES


def test_a_ball_with_nowhere_to_go_stays(equality):
    """After as many draws as the oracle's: it stands in the corner, the agent and two other balls around it."""
    env = "MiniGrid-Dynamic-Obstacles-6x6-v0"
    beside = Beside(env, equality(env, "minigrid 3.2"))
    beside.reset(0)
    oracle, state, grid = beside.oracle, beside.state, beside.grid
    cells = ((1, 1), (1, 2), (2, 1))
    grid[1:5, 1:5] = EMPTY, 0, 0
    for i, (cell, ball) in enumerate(zip(cells, oracle.obstacles, strict=True)):
        grid[cell] = BALL, 2, 0
        state[[OWN_STATE + 2 * i, OWN_STATE + 2 * i + 1]] = ball.cur_pos = cell
    oracle.grid, _ = Grid.decode(grid)
    for cell, ball in zip(cells, oracle.obstacles, strict=True):
        oracle.grid.set(*cell, ball)
    oracle.agent_pos = state[X], state[Y] = 2, 2
    beside.step(0)
    assert grid[1, 1, 0] == BALL and tuple(state[[OWN_STATE, OWN_STATE + 1]]) == (1, 1)
    assert (state[[OWN_STATE + 2, OWN_STATE + 3]] != cells[1]).any()
