"""Exact references of a tabular grid world, by backward induction over (cell, which objects are there).

Values are `[cells, sets]`; bit k of a set says whether object k is there. Objects `[K, 4]`: cell, reward, probability that
collecting it ends the episode, probability per step that it is back.
"""

import numpy as np
from numba import types
from numpy.typing import NDArray

from rlsearch.envs.signature import Floats
from rlsearch.numba_support.jit import njit

Cells = NDArray[np.int64]

_VALUES = types.float64[:, ::1]
_CELLS = types.int64[:, ::1]


@njit(types.void(_VALUES, _VALUES, types.int64[::1]))
def _arrive(values: Floats, items: Floats, item_in: Cells) -> None:
    """Turn values of what is left after a step, known for every set, into values of going to a cell.

    Objects that are away may come back in the step; the one collected in it may not yet.
    """
    cells, sets = values.shape
    for cell in range(cells):
        mine, value = item_in[cell], values[cell]
        for item in range(len(items)):
            bit, back = 1 << item, items[item, 3]
            if item != mine:
                for first in range(0, sets, 2 * bit):
                    for away in range(first, first + bit):
                        value[away] += back * (value[away + bit] - value[away])
        if mine >= 0:
            bit, reward, goes_on, back = 1 << mine, items[mine, 1], 1.0 - items[mine, 2], items[mine, 3]
            for first in range(0, sets, 2 * bit):
                for away in range(first, first + bit):
                    without = value[away]
                    value[away] += back * (value[away + bit] - without)
                    value[away + bit] = reward + goes_on * without


@njit(types.float64(_CELLS, _VALUES, types.int64, types.int64, types.boolean))
def expected_return(reach: Cells, items: Floats, start: int, steps: int, best: bool) -> float:
    """The expected return of an episode that starts with all objects there.

    Args:
        reach: `[cells, actions]`, where an action leads.
        items: `[K, 4]`, the objects.
        start: the first cell.
        steps: length of an episode that does not end by itself.
        best: of the best policy, which knows the time left; else of the uniform one.
    """
    cells, actions = reach.shape
    sets = 1 << len(items)
    item_in = np.empty(cells, np.int64)
    for cell in range(cells):
        item_in[cell] = -1
    for item in range(len(items)):
        item_in[int(items[item, 0])] = item
    values, ahead = np.zeros((cells, sets)), np.zeros((cells, sets))
    share = 1.0 / actions
    for _ in range(steps):
        values, ahead = ahead, values
        _arrive(ahead, items, item_in)
        for cell in range(cells):
            # The inner loops are as plain as they are so that the compiler takes eight sets at a time.
            value, first = values[cell], ahead[reach[cell, 0]]
            for there in range(sets):
                value[there] = first[there] if best else share * first[there]
            for action in range(1, actions):
                other = ahead[reach[cell, action]]
                if best:
                    for there in range(sets):
                        value[there] = max(value[there], other[there])
                else:
                    for there in range(sets):
                        value[there] += share * other[there]
    expected: float = values[start, sets - 1]
    return expected
