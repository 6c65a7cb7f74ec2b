"""The compiler of the trainer's kernels, and the types of their arguments."""

from collections.abc import Callable
from typing import Any

from numba import types

from rlsearch.numba_support.jit import cache_folder, compile_into
from rlsearch.numba_support.matmul_way import matmul_way

FLOAT_1 = types.float32[::1]
FLOAT_2 = types.float32[:, ::1]
FLOAT_3 = types.float32[:, :, ::1]
DOUBLE_1 = types.float64[::1]
INT_1 = types.int64[::1]
INT_2 = types.int64[:, ::1]

# What these kernels are made of; one more environment does not make them compile again.
_SOURCES = ("regimes", "compile/tape.py", "envs/signature.py", "train")

# Sums in any order and fused multiply-adds, but a NaN stays a NaN: a network that diverges must show it.
ANY_ORDER = {"reassoc", "contract", "nsz"}


def kernel(signature: Any, *, fastmath: bool | set[str] = False) -> Callable[[Callable[..., Any]], Any]:
    """Compile a kernel without reference counts, and keep the machine code.

    Views of arrays are made hundreds of times per update, and each count up and down is an atomic instruction: together
    3 us of a step, a third of it at width 32. Arrays are kept alive by the Python caller; a kernel cannot allocate.
    """
    folder = cache_folder(_SOURCES, matmul_way()) / "machine_code"
    return lambda function: compile_into(folder, function, signature, fastmath=fastmath, _nrt=False)
