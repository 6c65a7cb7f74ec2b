"""Boards: the paper's table, restated; and moves against a plain rule."""

import numpy as np
import pytest

from rlsearch.envs.lpg.board import RANDOM, TABULAR, Board
from tests.envs.lpg.planner import distances

# Rows, columns, steps, number of walls, then (reward, terminates, respawns) of each object.
TABLE = {
    "tabular": {
        "dense": (11, 11, 500, 0, [(1, 0, 0.05)] * 2 + [(-1, 0.5, 0.1), (-1, 0, 0.5)]),
        "sparse": (13, 13, 50, 0, [(1, 1, 0), (-1, 1, 0)]),
        "long": (11, 11, 1000, 0, [(1, 0, 0.01)] * 2 + [(-1, 0.5, 1)] * 2),
        "longer": (7, 9, 2000, 5, [(1, 0.1, 0.01)] * 2 + [(-1, 0.8, 1)] * 5),
        "long_dense": (11, 11, 2000, 17, [(1, 0, 0.005)] * 4),
    },
    "random": {
        "small": (5, 7, 500, 2, [(1, 0, 0.05)] * 2 + [(-1, 0.5, 0.1)] * 2),
        "small_sparse": (5, 7, 50, 0, [(1, 1, 1)] + [(-1, 1, 1)] * 2),
        "dense": (11, 11, 500, 0, [(1, 0, 0.05)] * 2 + [(-1, 0.5, 0.1), (-1, 0, 0.5)]),
        "long": (11, 11, 1000, 0, [(1, 0, 0.01)] * 2 + [(-1, 0.5, 1)] * 2),
        "very_dense": (11, 11, 2000, 0, [(1, 0, 1)]),
    },
}
BOARDS = [(kind, name) for kind in TABLE for name in TABLE[kind]]


def board_of(kind, name):
    return (TABULAR if kind == "tabular" else RANDOM)[name]


@pytest.mark.parametrize(("kind", "name"), BOARDS)
def test_boards_are_those_of_the_paper(kind, name):
    rows, columns, steps, walls, items = TABLE[kind][name]
    board = board_of(kind, name)
    assert [len(line) for line in board.plan] == [columns] * rows
    assert (board.steps, board.walls.sum()) == (steps, walls)
    assert [(item.reward, item.terminates, item.respawns) for item in board.items] == items


@pytest.mark.parametrize("moves", [5, 9])
@pytest.mark.parametrize(("kind", "name"), BOARDS)
def test_every_free_cell_can_be_reached(kind, name, moves):
    board = board_of(kind, name)
    free = ~board.walls
    assert np.isfinite(distances(board.reach(moves))[free][:, free]).all()


def test_moves_go_one_cell_and_stop_at_edges_and_walls():
    board = Board(("..#", "...", "#.."), (), 1)
    reach = board.reach(9)
    #   stay up down left right, then up-left up-right down-left down-right
    assert reach[4].tolist() == [4, 1, 7, 3, 5, 0, 4, 4, 8]  # the centre: a wall up-right and down-left
    assert reach[0].tolist() == [0, 0, 3, 0, 1, 0, 0, 0, 4]
    assert reach[1].tolist() == [1, 1, 4, 0, 1, 1, 1, 3, 5]
    np.testing.assert_array_equal(board.reach(5), reach[:, :5])
