"""Random numbers in kernels against NumPy's own: the numbers, and what is left in the generator."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numba import types

from rlsearch.envs.minigrid.draws import between, shuffle
from rlsearch.envs.minigrid.layout import FLOATS, INT, RNG
from rlsearch.numba_support.jit import njit


@njit(INT(RNG, INT, INT))
def draw(rng, low, high):
    return between(rng, low, high)


@njit(types.void(RNG, FLOATS, INT, INT))
def mix(rng, numbers, start, count):
    shuffle(rng, numbers, start, count)


BOUNDS = st.tuples(st.integers(-1000, 1000), st.integers(1, 8) | st.integers(1, 2**31))


@given(st.integers(0, 2**32), st.lists(BOUNDS, max_size=20))
def test_numbers_between_two_bounds_are_those_of_integers(seed, bounds):
    ours, numpys = np.random.default_rng(seed), np.random.default_rng(seed)
    for low, count in bounds:
        assert draw(ours, low, low + count) == numpys.integers(low, low + count)
        assert ours.bit_generator.state == numpys.bit_generator.state


def test_also_where_every_second_word_is_rejected():
    ours, numpys = np.random.default_rng(1), np.random.default_rng(1)
    count = 2**31 - 1
    assert [draw(ours, 0, count) for _ in range(1000)] == numpys.integers(0, count, size=1000).tolist()


@given(st.integers(0, 2**32), st.integers(0, 3), st.integers(0, 9))
def test_a_list_is_shuffled_as_by_shuffle(seed, start, count):
    ours, numpys = np.random.default_rng(seed), np.random.default_rng(seed)
    numbers = np.arange(15.0)
    listed = numbers[start : start + count].tolist()
    mix(ours, numbers, start, count)
    numpys.shuffle(listed)
    assert numbers[start : start + count].tolist() == listed
    assert sorted(numbers) == list(range(15)) and numbers[:start].tolist() == list(range(start))
    assert ours.bit_generator.state == numpys.bit_generator.state
