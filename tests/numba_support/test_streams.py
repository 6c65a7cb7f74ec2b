"""Many random streams in one compiled loop, beside NumPy's own."""

import numpy as np
import pytest
from numba import types

from rlsearch.numba_support.jit import njit
from rlsearch.numba_support.streams import state_addresses, stream_at


@njit(types.void(types.npy_rng, types.int64[::1], types.float64[:, ::1]))
def draw(rng, streams, out):
    """Fill each row from a stream of its own, with what environments draw."""
    for i in range(streams.size):
        stream = stream_at(rng, streams[i])
        for k in range(0, out.shape[1], 4):
            out[i, k] = stream.random()
            out[i, k + 1] = stream.normal()
            out[i, k + 2] = stream.uniform(-2.0, 3.0)
            out[i, k + 3] = stream.integers(0, 1000)


def by_hand(generator, size):
    made = []
    for _ in range(0, size, 4):
        made += [generator.random(), generator.normal(), generator.uniform(-2.0, 3.0), generator.integers(0, 1000)]
    return made


def test_each_row_is_its_own_generators_and_all_go_on():
    ours, theirs = ([np.random.default_rng(seed) for seed in (3, 1, 4)] for _ in range(2))
    for size in (40, 8):
        out = np.empty((3, size))
        draw(ours[0], state_addresses(ours), out)
        np.testing.assert_array_equal(out, [by_hand(generator, size) for generator in theirs])
    assert [a.bit_generator.state for a in ours] == [b.bit_generator.state for b in theirs]


def test_generators_of_several_kinds_are_refused():
    kinds = [np.random.default_rng(0), np.random.Generator(np.random.MT19937(0))]
    with pytest.raises(TypeError, match="of several kinds: MT19937, PCG64; wanted: one"):
        state_addresses(kinds)
