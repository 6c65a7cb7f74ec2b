"""Random streams by address, so that one compiled loop draws from as many NumPy generators as it likes.

Numba takes generators as arguments, one by one, and no arrays of them. What differs between generators of one kind is where
their state lies: the functions that draw are the same.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numba import types
from numba.core import cgutils
from numba.core.imputils import impl_ret_borrowed
from numba.core.typing import Signature
from numba.extending import intrinsic
from numpy.typing import NDArray


def state_addresses(generators: Sequence[np.random.Generator]) -> NDArray[np.int64]:
    """The addresses of the generators' states `[N]`, valid while the generators live; all must be of one kind.

    Raises:
        TypeError: they are of several kinds.
    """
    kinds = {type(generator.bit_generator).__name__ for generator in generators}
    if len(kinds) > 1:
        raise TypeError(f"the generators are of several kinds: {', '.join(sorted(kinds))}; wanted: one")
    return np.array([generator.bit_generator.ctypes.state_address for generator in generators], np.int64)


@intrinsic
def stream_at(_: Any, rng: Any, address: Any) -> tuple[Signature, Callable[..., Any]]:
    """A generator like `rng` that draws from the state at this address."""

    def generate(context: Any, builder: Any, signature: Signature, values: Any) -> Any:
        kind = types.NumPyRandomBitGeneratorType("bit_generator")
        stream = cgutils.create_struct_proxy(types.npy_rng)(context, builder, value=values[0])
        bits = cgutils.create_struct_proxy(kind)(context, builder, value=stream.bit_generator)
        bits.state = bits.state_address = values[1]
        stream.bit_generator = bits._getvalue()
        return impl_ret_borrowed(context, builder, signature.return_type, stream._getvalue())

    return types.npy_rng(types.npy_rng, types.int64), generate
