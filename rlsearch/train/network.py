"""A multilayer perceptron of any depth and width: ReLU between linear layers, all parameters in one flat vector.

Per layer, in order: weight `[out, in]`, then bias `[out]`; so `theta` is what `torch.nn.utils.parameters_to_vector` gives
for a `torch.nn.Sequential` of the same layers. Samples are the last axis of hidden layers and outputs, so the output `[A, B]`
lies as the tape's register file has it.
"""

from itertools import pairwise

import numpy as np
from numba import types
from numpy.typing import NDArray

from rlsearch.train.kernel import ANY_ORDER, FLOAT_1, FLOAT_2, INT_1, kernel
from rlsearch.train.matmul import matmul, transpose


def initial_theta(widths: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float32]:
    """Parameters by torch.nn.Linear's initialisation: weights and biases uniform in +-1/sqrt(fan_in).

    `widths`: (observation size, hidden..., actions).
    """
    layers = [rng.uniform(-1.0, 1.0, (n_in + 1) * n_out) / np.sqrt(n_in) for n_in, n_out in pairwise(widths)]
    return np.concatenate(layers).astype(np.float32)


@kernel(types.void(FLOAT_1, INT_1, FLOAT_2, FLOAT_2, FLOAT_2), fastmath=ANY_ORDER)
def forward(theta, widths, inputs, hidden, outputs):  # type: ignore[no-untyped-def]
    """Write the outputs `[A, B]` for inputs `[observation, B]`; keep the hidden activations `[units, B]` for `backward`."""
    last = widths.size - 2
    start, unit = 0, 0
    below = inputs
    for layer in range(last + 1):
        n_in, n_out = widths[layer], widths[layer + 1]
        bias_start = start + n_in * n_out
        above = outputs if layer == last else hidden[unit : unit + n_out]
        matmul(theta[start:bias_start].reshape(n_out, n_in), below, above, False)
        floor = -np.float32(np.inf) if layer == last else np.float32(0)
        for i in range(n_out):
            bias = theta[bias_start + i]
            for b in range(above.shape[1]):
                above[i, b] = max(above[i, b] + bias, floor)
        start, unit, below = bias_start + n_out, unit + n_out, above


@kernel(
    types.void(FLOAT_1, INT_1, FLOAT_2, FLOAT_2, FLOAT_2, FLOAT_2, FLOAT_1, FLOAT_1),
    fastmath=ANY_ORDER,
)
def backward(theta, widths, inputs, hidden, output_gradient, delta, turned, gradient):  # type: ignore[no-untyped-def]
    """Write the gradient by theta, given that by the outputs `[A, B]` and the activations `forward` kept.

    Scratch: `delta` `[units, B]`, the gradient by each hidden unit before its ReLU; `turned` `[widest * B]`, a layer's
    input with samples first, because a product's right factor is read row by row.
    """
    start, unit = theta.size, hidden.shape[0]
    above = output_gradient
    batch = above.shape[1]
    for layer in range(widths.size - 2, -1, -1):
        n_in, n_out = widths[layer], widths[layer + 1]
        bias_start = start - n_out
        start = bias_start - n_in * n_out
        unit -= n_in
        activation = inputs if layer == 0 else hidden[unit : unit + n_in]
        samples_first = turned[: batch * n_in].reshape(batch, n_in)
        transpose(activation, samples_first)
        matmul(above, samples_first, gradient[start:bias_start].reshape(n_out, n_in), False)
        for i in range(n_out):
            total = np.float32(0)
            for b in range(batch):
                total += above[i, b]
            gradient[bias_start + i] = total
        if layer > 0:
            below = delta[unit : unit + n_in]
            matmul(theta[start:bias_start].reshape(n_out, n_in), above, below, True)
            for i in range(n_in):
                for b in range(batch):
                    below[i, b] = below[i, b] if activation[i, b] > np.float32(0) else np.float32(0)
            above = below


@kernel(types.void(FLOAT_1, INT_1, FLOAT_1, FLOAT_2, FLOAT_1), fastmath=ANY_ORDER)
def act_values(theta, widths, observation, scratch, outputs):  # type: ignore[no-untyped-def]
    """Write the outputs `[A]` for one observation: at batch 1 plain loops beat a matrix product. `scratch` `[2, widest]`."""
    last = widths.size - 2
    start = 0
    below = observation
    for layer in range(last + 1):
        n_in, n_out = widths[layer], widths[layer + 1]
        bias_start = start + n_in * n_out
        above = outputs if layer == last else scratch[layer % 2]
        for i in range(n_out):
            total, weight = theta[bias_start + i], theta[start + i * n_in : start + (i + 1) * n_in]
            for j in range(n_in):
                total += weight[j] * below[j]
            above[i] = total if layer == last else max(total, np.float32(0))
        start = bias_start + n_out
        below = above
