"""NumPy's own stream of whole numbers, in a form that compiles in a moment.

`Generator.integers` inside a kernel takes more than a second to compile and 60 ns a draw; the 32-bit words that it is made
of take 3 ns. Both functions leave the generator as NumPy's would.
"""

import numpy as np
from numba import types
from numba.np.random.generator_core import next_uint32

from rlsearch.envs.minigrid.layout import FLOATS, INT, RNG
from rlsearch.envs.signature import Floats
from rlsearch.numba_support.jit import njit


@njit(INT(RNG), part=True)
def word(rng: np.random.Generator) -> int:
    """The next 32 random bits."""
    bits: int = next_uint32(rng.bit_generator)
    return bits


@njit(INT(RNG, INT, INT), part=True)
def between(rng: np.random.Generator, low: int, high: int) -> int:
    """`rng.integers(low, high)` of at most 2^31 numbers, by Lemire's multiplication; of one number nothing is drawn."""
    count = high - low
    if count == 1:
        return low
    product = word(rng) * count
    if product & 0xFFFFFFFF < count:
        threshold = (0x100000000 - count) % count
        while product & 0xFFFFFFFF < threshold:
            product = word(rng) * count
    drawn: int = low + (product >> 32)
    return drawn


@njit(types.void(RNG, FLOATS, INT, INT), part=True)
def shuffle(rng: np.random.Generator, numbers: Floats, start: int, count: int) -> None:
    """Shuffle `numbers[start : start + count]` in place as `rng.shuffle` does a list, which masks words and rejects."""
    for last in range(count - 1, 0, -1):
        mask = 1
        while mask < last:
            mask = 2 * mask + 1
        other = word(rng) & mask
        while other > last:
            other = word(rng) & mask
        kept = numbers[start + last]
        numbers[start + last] = numbers[start + other]
        numbers[start + other] = kept
