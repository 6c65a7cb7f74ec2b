"""Products and transposes against NumPy's, at every way in which tiles can overlap."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.train.matmul import matmul, transpose

SIDE = st.integers(1, 70)


@given(rows=SIDE, depth=st.integers(0, 70), columns=SIDE, seed=st.integers(0, 9))
def test_product_equals_numpys(rows, depth, columns, seed):
    rng = np.random.default_rng(seed)
    left, right = rng.normal(size=(rows, depth)).astype(np.float32), rng.normal(size=(depth, columns)).astype(np.float32)
    wanted = left.astype(np.float64) @ right
    # A number is off by at most one rounding for each of the sum's terms.
    allowed = (depth + 1) * 2.0**-24 * (np.abs(left).astype(np.float64) @ np.abs(right)) + 1e-30
    out = np.full((rows, columns), np.nan, np.float32)
    matmul(left, right, out, False)
    assert (np.abs(out - wanted) <= allowed).all()
    out[:] = np.nan
    matmul(np.ascontiguousarray(left.T), right, out, True)
    assert (np.abs(out - wanted) <= allowed).all()


@given(rows=SIDE, columns=SIDE)
def test_transpose_equals_numpys(rows, columns):
    matrix = np.arange(rows * columns, dtype=np.float32).reshape(rows, columns)
    out = np.full((columns, rows), np.nan, np.float32)
    transpose(matrix, out)
    np.testing.assert_array_equal(out, matrix.T)


def test_nothing_is_written_beyond_the_result():
    room = np.full((9, 40), 7.0, np.float32)
    ones = np.ones((5, 3), np.float32)
    matmul(ones, np.ones((3, 40), np.float32), room[:5], False)
    assert (room[:5] == 3.0).all()
    assert (room[5:] == 7.0).all()


def test_a_nan_stays_a_nan():
    left, right = np.zeros((2, 2), np.float32), np.full((2, 20), np.nan, np.float32)
    out = np.zeros((2, 20), np.float32)
    matmul(left, right, out, False)
    assert np.isnan(out).all()
