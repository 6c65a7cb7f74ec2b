"""A core's peak of multiply-adds: sums in vector registers, nothing read or written meanwhile."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numba
from llvmlite import ir
from numba import types
from numba.core.cgutils import alloca_once_value, for_range
from numba.core.typing import Signature
from numba.extending import intrinsic

from rlsearch.bench.figure import cpu_seconds

SUMS = 12  # under way at once: more than two units' latency of 4 to 5, and few enough to stay in 16 registers
WIDTHS = (4, 8, 16)  # floats in a vector; the widest that a processor has need not be its fastest
_FLOAT, _INT = ir.FloatType(), ir.IntType(64)


@cache
def _burst(width: int) -> Callable[[int, float], float]:
    """A compiled function of a number of rounds and a factor: in each round every sum is multiplied and added to."""
    vector = ir.VectorType(_FLOAT, width)

    def generate(_: Any, builder: Any, __: Signature, values: Any) -> Any:
        rounds, factor = values
        nothing, everywhere = ir.Constant(vector, ir.Undefined), ir.Constant(ir.VectorType(ir.IntType(32), width), [0] * width)
        spread = builder.shuffle_vector(builder.insert_element(nothing, factor, _INT(0)), nothing, everywhere)
        sums = [alloca_once_value(builder, ir.Constant(vector, [float(k + 1)] * width)) for k in range(SUMS)]
        with for_range(builder, rounds):
            for place in sums:
                product = builder.fmul(builder.load(place), spread, flags=["contract"])
                builder.store(builder.fadd(product, spread, flags=["contract"]), place)
        total = builder.load(sums[0])
        for place in sums[1:]:
            total = builder.fadd(total, builder.load(place))
        return builder.extract_element(total, _INT(0))

    @intrinsic
    def burst(_: Any, rounds: Any, factor: Any) -> tuple[Signature, Callable[..., Any]]:
        return types.float32(types.int64, types.float32), generate

    def run(rounds, factor):  # type: ignore[no-untyped-def]
        return burst(rounds, factor)

    return numba.njit("float32(int64, float32)")(run)  # type: ignore[no-any-return]


def peak_flops(rounds: int = 2_000_000) -> float:
    """Floating-point operations a second, a multiply-add counted as two: the best of all widths of vectors."""
    rates = []
    for width in WIDTHS:
        burst = _burst(width)
        burst(1, 0.5)
        seconds = cpu_seconds(lambda burst=burst: burst(rounds, 0.5))  # type: ignore[misc]
        rates.append(2.0 * SUMS * width * rounds / seconds)
    return max(rates)
