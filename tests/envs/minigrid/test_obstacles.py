"""The best known return where balls move, against dynamic programming in the smallest room."""

from functools import cache

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from tests.envs.minigrid.planner import AHEAD

HORIZON = 100
GOAL = (3, 3)
CELLS = [(x, y) for x in (1, 2, 3) for y in (1, 2, 3)]


def _around(ball, taken):
    """Where a ball may go: the empty cells of the eight around it; where there is none, it stays."""
    near = [cell for cell in CELLS if abs(cell[0] - ball[0]) <= 1 and abs(cell[1] - ball[1]) <= 1]
    return [cell for cell in near if cell not in {*taken, ball, GOAL}] or [ball]


@cache
def _moves(agent, first, second):
    """Probabilities of where the two balls go, one after the other."""
    moves = {}
    for one in (ones := _around(first, (agent, second))):
        for two in (twos := _around(second, (agent, one))):
            moves[one, two] = moves.get((one, two), 0) + 1 / len(ones) / len(twos)
    return list(moves.items())


def optimal_returns():
    """By the cell and the direction where the agent starts, mean over the cells of the balls; backwards from the horizon."""
    states = [
        (agent, direction, one, two)
        for agent in CELLS
        for direction in range(4)
        for one in CELLS
        for two in CELLS
        if len({agent, one, two, GOAL}) == 4
    ]
    value = dict.fromkeys(states, 0.0)
    for step in range(HORIZON, 0, -1):
        later, value = value, {}
        for agent, direction, *balls in states:
            ahead = agent[0] + AHEAD[direction][0], agent[1] + AHEAD[direction][1]
            left = right = forward = 0.0
            for moved, chance in _moves(agent, *balls):
                left += chance * later[agent, (direction + 3) % 4, *moved]
                right += chance * later[agent, (direction + 1) % 4, *moved]
                if ahead == GOAL:
                    forward += chance * (1 - 0.9 * step / HORIZON)
                elif ahead in CELLS:
                    forward += chance * later[agent if ahead in moved else ahead, direction, *moved]
            clear = ahead in CELLS and ahead not in balls
            value[agent, direction, *balls] = max(left, right, forward if clear else -1.0)
    starts = {}
    for (agent, direction, *_), worth in value.items():
        starts.setdefault((agent, direction), []).append(worth)
    return {start: np.mean(worths) for start, worths in starts.items()}


@pytest.fixture(scope="module")
def optima():
    return optimal_returns()


def test_the_walk_is_optimal_from_the_corner(optima):
    task = make_task(EnvSpec("MiniGrid-Dynamic-Obstacles-5x5-v0"), 0)
    assert task.optimal_return == pytest.approx(optima[(1, 1), 0], abs=0.0007)


def test_and_from_anywhere(optima):
    task = make_task(EnvSpec("MiniGrid-Dynamic-Obstacles-Random-5x5-v0"), 0)
    assert task.optimal_return == pytest.approx(np.mean(list(optima.values())), abs=0.0007)
