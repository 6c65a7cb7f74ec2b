"""Products of small matrices by the BLAS that scipy brings: slower than tiles, but made of what numba documents alone."""

import numpy as np
from numba import types

from rlsearch.numba_support.jit import njit
from rlsearch.train.kernel import FLOAT_2, kernel

_COLUMNS_FIRST = types.float32[::1, :]  # how a transposed view lies


# Compiled by itself, with reference counts: in a kernel, which has none, numba does not type np.dot's third argument.
@njit([types.void(left, FLOAT_2, FLOAT_2) for left in (FLOAT_2, _COLUMNS_FIRST)])
def _product(left, right, out):  # type: ignore[no-untyped-def]
    np.dot(left, right, out)


@kernel(types.void(FLOAT_2, FLOAT_2, FLOAT_2, types.boolean))
def matmul(left, right, out, transposed):  # type: ignore[no-untyped-def]
    """Write `left` `[M, K]` @ `right` `[K, N]` into `out` `[M, N]`; if `transposed`, `left` is given as `[K, M]`."""
    if transposed:
        _product(left.T, right, out)
    else:
        _product(left, right, out)


@kernel(types.void(FLOAT_2, FLOAT_2))
def transpose(matrix, out):  # type: ignore[no-untyped-def]
    """Write `matrix` `[M, N]` transposed into `out` `[N, M]`."""
    for i in range(matrix.shape[0]):
        for j in range(matrix.shape[1]):
            out[j, i] = matrix[i, j]
