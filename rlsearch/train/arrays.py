"""Array types of the kernels: all contiguous, network numbers in float32."""

from numba import types

FLOAT_1 = types.float32[::1]
FLOAT_2 = types.float32[:, ::1]
FLOAT_3 = types.float32[:, :, ::1]
DOUBLE_1 = types.float64[::1]
INT_1 = types.int64[::1]
INT_2 = types.int64[:, ::1]
