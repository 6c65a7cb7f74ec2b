"""Adam (Kingma and Ba 2015, https://arxiv.org/abs/1412.6980), as torch.optim.Adam computes it, over one flat vector."""

import numpy as np
from numba import types

from rlsearch.train.kernel import FLOAT_1, kernel


@kernel(
    types.void(FLOAT_1, FLOAT_1, FLOAT_1, FLOAT_1, types.float64, types.float64, types.float64, types.float64, types.int64),
    fastmath=True,
)
def adam(theta, gradient, moment1, moment2, learning_rate, beta1, beta2, epsilon, count):  # type: ignore[no-untyped-def]
    """Take one step in place; `count` is 1 at the first.

    theta -= learning_rate / (1 - beta1^count) * m / (sqrt(v / (1 - beta2^count)) + epsilon)
    """
    step = np.float32(learning_rate / (1.0 - beta1**count))
    unbias = np.float32(1.0 / np.sqrt(1.0 - beta2**count))
    keep1, take1 = np.float32(beta1), np.float32(1.0 - beta1)
    keep2, take2 = np.float32(beta2), np.float32(1.0 - beta2)
    guard = np.float32(epsilon)
    for i in range(theta.size):
        g = gradient[i]
        m = keep1 * moment1[i] + take1 * g
        v = keep2 * moment2[i] + take2 * g * g
        moment1[i], moment2[i] = m, v
        theta[i] -= step * m / (np.sqrt(v) * unbias + guard)
