"""Backward induction against a recursion that follows every outcome, on small boards."""

from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.envs.lpg.board import Board
from rlsearch.envs.lpg.planning import expected_return

CHANCES = st.sampled_from([0.0, 0.3, 1.0])
ITEMS = st.lists(st.tuples(st.sampled_from([1.0, -1.0, 0.5]), CHANCES, CHANCES), min_size=1, max_size=3)
PLANS = st.sampled_from([("...", "..."), ("....",), (".#.", "..."), ("..", "..")])


def plain(reach, items, start, steps, judge):
    """The expected return, by following every outcome of every step; `judge` is max or the mean over actions."""

    @cache
    def value(cell, there, left):
        if left == 0:
            return 0.0
        return judge([go(int(to), there, left) for to in reach[cell]])

    def go(cell, there, left):
        collected = [k for k in there if items[k][0] == cell]
        reward, goes_on = sum(items[k][1] for k in collected), 1 - sum(items[k][2] for k in collected)
        away = [k for k in range(len(items)) if k not in there]
        total = 0.0
        for back in product((False, True), repeat=len(away)):
            chance = np.prod([items[k][3] if comes else 1 - items[k][3] for k, comes in zip(away, back, strict=True)])
            if chance > 0:
                returned = {k for k, comes in zip(away, back, strict=True) if comes}
                total += chance * value(cell, frozenset(there - set(collected) | returned), left - 1)
        return reward + goes_on * total

    return value(start, frozenset(range(len(items))), steps)


@given(plan=PLANS, items=ITEMS, steps=st.integers(1, 5), moves=st.sampled_from([5, 9]), seed=st.integers(0, 99))
def test_every_outcome_counts(plan, items, steps, moves, seed):
    board = Board(plan, (), steps)
    free = np.random.default_rng(seed).permutation(np.flatnonzero(~board.walls)).tolist()
    start, lies_in = free[0], free[1 : 1 + len(items)]
    objects = [(cell, *item) for cell, item in zip(lies_in, items, strict=False)]
    reach = board.reach(moves)
    for best, judge in ((False, np.mean), (True, max)):
        value = expected_return(reach, np.array(objects, np.float64).reshape(-1, 4), start, steps, best)
        assert value == pytest.approx(plain(reach, objects, start, steps, judge), abs=1e-12)


def test_a_corridor_has_a_closed_form():
    """One coin two cells away, back for certain one step after it was collected: at steps 2, 4, 6, ... if one stays."""
    reach = Board(("...",), (), 1).reach(5)
    coin = np.array([[2.0, 1.0, 0.0, 1.0]])
    assert [expected_return(reach, coin, 0, steps, True) for steps in range(1, 9)] == [0, 1, 1, 2, 2, 3, 3, 4]
