"""Shortest solutions, by breadth-first search over what a sensible agent would do, with rules of its own.

A sensible agent closes no door, breaks no box, keeps the key until its door is open and then never takes it again: none of
that can save a step. What is left of a state is where the agent is and looks, which doors are open, and where the key is.
"""

from collections import deque

import numpy as np

from rlsearch.envs.minigrid.layout import (
    BALL,
    BOX,
    DONE,
    DOOR,
    DROP,
    EMPTY,
    FORWARD,
    GOAL,
    KEY,
    LEFT,
    LOCKED,
    OPEN,
    PICKUP,
    RIGHT,
    TARGET_X,
    TARGET_Y,
    TOGGLE,
)

AHEAD = ((1, 0), (0, 1), (-1, 0), (0, -1))
WORD = 0  # no kind: what is to be had is reached by saying so
LYING, CARRIED = (-1, -1), (-2, -2)  # where the key is: where it was drawn, with the agent, or else in the cell of that name


def prize_of(card) -> int:
    """What wins: a GOAL walked onto, a BALL or BOX picked up, a DOOR unlocked, a WORD said beside the target."""
    module = card.module.split(".")[-1]
    unlocked = BOX if card.settings.get("box") else DOOR
    return {"keycorridor": BALL, "unlock": unlocked, "gotodoor": WORD}.get(module, GOAL)


def solve(grid, state, prize) -> list[int]:
    """Actions of a shortest solution from a grid `[W, H, 3]` and a state of ours."""
    kinds, doors = grid[:, :, 0].tolist(), [tuple(cell) for cell in np.argwhere(grid[:, :, 0] == DOOR).tolist()]
    shut = frozenset(cell for cell in doors if grid[cell][2] != OPEN)
    locked = frozenset(cell for cell in doors if grid[cell][2] == LOCKED)
    start = (int(state[0]), int(state[1]), int(state[2]), LYING, shut)
    came, queue = {start: None}, deque([start])
    while queue:
        now = queue.popleft()
        for action, after in _options(now, kinds, locked, prize, (int(state[TARGET_X]), int(state[TARGET_Y]))):
            if after is None:
                actions = [action]
                while came[now] is not None:
                    now, action = came[now]
                    actions.append(action)
                return actions[::-1]
            if after not in came:
                came[after] = (now, action)
                queue.append(after)
    raise AssertionError("a layout without a solution")


def _options(now, kinds, locked, prize, target):
    """Sensible actions and the states that they lead to, None where the episode ends well."""
    x, y, direction, key, shut = now
    front = x + AHEAD[direction][0], y + AHEAD[direction][1]
    kind = kinds[front[0]][front[1]]
    if kind == KEY and key != LYING:
        kind = EMPTY
    if front == key:
        kind = KEY
    yield LEFT, (x, y, (direction + 3) % 4, key, shut)
    yield RIGHT, (x, y, (direction + 1) % 4, key, shut)
    if kind in (EMPTY, GOAL) or (kind == DOOR and front not in shut):
        yield FORWARD, None if kind == GOAL and prize == GOAL else (*front, direction, key, shut)
    if kind == KEY and key == LYING:
        yield PICKUP, (x, y, direction, CARRIED, shut)
    if kind == prize and prize in (BALL, BOX) and key != CARRIED:
        yield PICKUP, None
    if kind == EMPTY and key == CARRIED and not locked & shut and prize in (BALL, BOX):
        yield DROP, (x, y, direction, front, shut)
    if front in shut and (front not in locked or key == CARRIED) and prize != WORD:
        yield TOGGLE, None if prize == DOOR else (x, y, direction, key, shut - {front})
    if prize == WORD and abs(x - target[0]) + abs(y - target[1]) == 1:
        yield DONE, None


def walk_around(grid, state) -> int:
    """An action that shortens the way to the goal of an empty room, or the best one that leaves what is ahead alone."""
    x, y, direction = (int(number) for number in state[:3])
    goal = grid.shape[0] - 2, grid.shape[1] - 2
    front = x + AHEAD[direction][0], y + AHEAD[direction][1]
    choices = [(_way(x, y, (direction + turn) % 4, goal), action) for action, turn in ((LEFT, 3), (RIGHT, 1))]
    if grid[front][0] in (EMPTY, GOAL):
        choices.append((_way(*front, direction, goal) - 0.5, FORWARD))
    return min(choices)[1]


def _way(x, y, direction, goal) -> int:
    """Steps to the goal, down and to the right, of an empty room without balls."""
    right, down = goal[0] - x, goal[1] - y
    if right and down:
        return right + down + (1 if direction in (0, 1) else 2)
    turns = 0 if not right + down else abs((direction - (0 if right else 1) + 2) % 4 - 2)
    return right + down + turns
