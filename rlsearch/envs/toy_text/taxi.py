"""Taxi-v4 by the rules of Gymnasium 1.4 (`gymnasium/envs/toy_text/taxi.py`), never rainy, passengers never fickle.

A state is ((row * 5 + column) * 5 + passenger) * 4 + destination; the passenger is at one of four stands or in the taxi.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.signature import OBSERVE, Floats, Grid, Observation
from rlsearch.envs.tabular.mdp import TabularMDP
from rlsearch.envs.tabular.world import world_of
from rlsearch.envs.toy_text import TAXI
from rlsearch.numba_support.jit import njit

SIZE = 5
STANDS = ((0, 0), (0, 4), (4, 0), (4, 3))
ABOARD = len(STANDS)
FACTORS = (SIZE, SIZE, ABOARD + 1, len(STANDS))

# Squares with a wall on their eastern side.
WALLS = ((0, 1), (1, 1), (3, 0), (4, 0), (3, 2), (4, 2))

SOUTH, NORTH, EAST, WEST, PICK_UP, SET_DOWN = range(6)


def outcome(state: tuple[int, ...], action: int) -> tuple[tuple[int, ...], float, bool]:
    """The effect of an action: the next state's factors, the reward, and True if the episode ends."""
    row, column, passenger, destination = state
    reward, ends = -1.0, False
    if action == SOUTH:
        row = min(row + 1, SIZE - 1)
    elif action == NORTH:
        row = max(row - 1, 0)
    elif action == EAST and (row, column) not in WALLS:
        column = min(column + 1, SIZE - 1)
    elif action == WEST and (row, column - 1) not in WALLS:
        column = max(column - 1, 0)
    elif action == PICK_UP and passenger != ABOARD and STANDS[passenger] == (row, column):
        passenger = ABOARD
    elif action == SET_DOWN and passenger == ABOARD and (row, column) in STANDS:
        passenger = STANDS.index((row, column))
        ends = passenger == destination
        reward = 20.0 if ends else reward
    elif action in (PICK_UP, SET_DOWN):
        reward = -10.0
    return (row, column, passenger, destination), reward, ends


@cache
def taxi() -> TabularMDP:
    """The MDP of all 500 states, one outcome an action. Episodes start anywhere, passengers at a stand but the destination."""
    states = list(product(*map(range, FACTORS)))
    outcomes = [[outcome(state, action) for action in range(6)] for state in states]
    successor = [[np.ravel_multi_index(reached, FACTORS) for reached, _, _ in row] for row in outcomes]
    start = np.array([passenger not in (ABOARD, destination) for _, _, passenger, destination in states], np.float64)
    return TabularMDP(
        start=start / start.sum(),
        probability=np.ones((len(states), 6, 1)),
        successor=np.array(successor)[..., None],
        reward=np.array([[[reward] for _, reward, _ in row] for row in outcomes]),
        terminal=np.array([[[ends] for _, _, ends in row] for row in outcomes]),
    )


@njit(OBSERVE)
def observe(_params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """Write the one-hot of each factor: row, column, passenger, destination."""
    for i in range(19):
        out[i] = 0.0
    index = int(state[0])
    out[index // 100] = 1.0
    out[5 + index // 20 % 5] = 1.0
    out[10 + index // 4 % 5] = 1.0
    out[15 + index % 4] = 1.0


def picture(_params: Floats, state: Floats, _grid: Grid) -> str:
    """The town in characters: walls |, stands s, the passenger p, the destination d, the taxi x, or X with its passenger."""
    row, column, passenger, destination = (int(factor) for factor in np.unravel_index(int(state[0]), FACTORS))
    marks = dict.fromkeys(STANDS, "s") | {STANDS[destination]: "d"}
    if passenger != ABOARD:
        marks[STANDS[passenger]] = "p"
    marks[row, column] = "X" if passenger == ABOARD else "x"
    lines = ["".join(marks.get((y, x), ".") + ("|" if (y, x) in WALLS else " ") for x in range(SIZE)) for y in range(SIZE)]
    return "\n".join(line[:-1] for line in lines)


def draw(_rng: np.random.Generator, options: Mapping[str, int], gamma: float) -> World:
    """The world, the same for every seed."""
    world = world_of(taxi(), gamma, TAXI.horizon_with(options))
    return world if options["seen"] else replace(world, observe=observe, observation_size=sum(FACTORS))
