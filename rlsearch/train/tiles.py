"""Products and transposes of small matrices by tiles of our own.

A BLAS is made for large ones: at 32 x 32 x 32 a call of OpenBLAS takes 2.3 us on a core with AVX2, of which the arithmetic
is 0.6, and thin products (a layer of 2 outputs) take ten times their arithmetic. Here a tile of the result stays in vector
registers while the depth runs (Goto and van de Geijn 2008, https://doi.org/10.1145/1356052.1356053); nothing is packed,
because the operands lie in the nearest cache. LLVM's vectorizer does not find this by itself, so the tiles are written in
its own language.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numba
from llvmlite import binding, ir
from numba import types
from numba.core.cgutils import alloca_once_value, for_range, unpack_tuple
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from rlsearch.train.kernel import FLOAT_2, kernel

# 4 rows of 2 vector registers: enough sums under way to hide the latency of a multiply-add, few enough to stay in registers.
WIDE = 32 if binding.get_host_cpu_features().get("avx512f", False) else 16
SQUARE = 8  # side of the blocks that are transposed

_FLOAT, _INT = ir.FloatType(), ir.IntType(64)


def _array(context: Any, builder: Any, kind: Any, value: Any) -> tuple[Any, Sequence[Any]]:
    """The pointer to a contiguous array's numbers, and its shape."""
    array = make_array(kind)(context, builder, value)
    return array.data, unpack_tuple(builder, array.shape)


def _at(builder: Any, data: Any, row: Any, width: Any, column: Any, kind: Any) -> Any:
    """The pointer to the number or vector at `[row, column]`."""
    place = builder.gep(data, [builder.add(builder.mul(row, width), column)])
    return builder.bitcast(place, kind.as_pointer())


def _product_tile(rows: int, columns: int) -> Any:
    """An intrinsic that computes one block of a product.

    out[row + i, column + j] = sum over k of left[(row + i) * row_stride + k * depth_stride] * right[k, column + j]
    """
    vector = ir.VectorType(_FLOAT, columns)
    nothing, zero = ir.Constant(vector, ir.Undefined), ir.Constant(vector, [0.0] * columns)
    everywhere = ir.Constant(ir.VectorType(ir.IntType(32), columns), [0] * columns)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        (left, _), (right, (depth, width)), (out, _) = (
            _array(context, builder, kind, value) for kind, value in zip(signature.args[:3], values[:3], strict=True)
        )
        first, column, row_stride, depth_stride = values[3:]
        places = [builder.add(first, _INT(i)) for i in range(rows)]
        sums = [alloca_once_value(builder, zero) for _ in places]
        with for_range(builder, depth) as loop:
            below = builder.load(_at(builder, right, loop.index, width, column, vector), align=4)
            along = builder.mul(loop.index, depth_stride)
            for row, total in zip(places, sums, strict=True):
                factor = builder.load(_at(builder, left, row, row_stride, along, _FLOAT), align=4)
                spread = builder.shuffle_vector(builder.insert_element(nothing, factor, _INT(0)), nothing, everywhere)
                product = builder.fmul(spread, below, flags=["contract"])
                builder.store(builder.fadd(product, builder.load(total), flags=["contract"]), total)
        for row, total in zip(places, sums, strict=True):
            builder.store(builder.load(total), _at(builder, out, row, width, column, vector), align=4)
        return context.get_dummy_value()

    def tile(  # numba reads the names of an intrinsic's arguments
        _: Any, left: Any, right: Any, out: Any, row: Any, column: Any, row_stride: Any, depth_stride: Any
    ) -> tuple[Any, Callable[..., Any]]:
        return types.void(FLOAT_2, FLOAT_2, FLOAT_2, *(types.int64,) * 4), generate

    return intrinsic(tile)


def _product(columns: int) -> Any:
    """Write the whole product by tiles of so many columns, for a result that has at least as many."""
    tall, pair, flat = (_product_tile(rows, columns) for rows in (4, 2, 1))

    def product(left, right, out, row_stride, depth_stride):  # type: ignore[no-untyped-def]
        # Where tiles do not fit evenly the last one overlaps the one before it, and writes the same numbers there again.
        height, width = out.shape
        column = 0
        while column < width:
            column = min(column, width - columns)
            row = 0
            while row < height:
                if height >= 4:
                    row = min(row, height - 4)
                    tall(left, right, out, row, column, row_stride, depth_stride)
                    row += 4
                elif height >= 2:
                    row = min(row, height - 2)
                    pair(left, right, out, row, column, row_stride, depth_stride)
                    row += 2
                else:
                    flat(left, right, out, row, column, row_stride, depth_stride)
                    row += 1
            column += columns

    return numba.njit(product, _nrt=False, error_model="numpy")


_wide, _medium, _narrow, _single = (_product(columns) for columns in (WIDE, 8, 4, 1))


@kernel(types.void(FLOAT_2, FLOAT_2, FLOAT_2, types.boolean))
def matmul(left, right, out, transposed):  # type: ignore[no-untyped-def]
    """Write `left` `[M, K]` @ `right` `[K, N]` into `out` `[M, N]`; if `transposed`, `left` is given as `[K, M]`."""
    row_stride, depth_stride = (1, left.shape[1]) if transposed else (left.shape[1], 1)
    if out.shape[1] >= WIDE:
        _wide(left, right, out, row_stride, depth_stride)
    elif out.shape[1] >= 8:
        _medium(left, right, out, row_stride, depth_stride)
    elif out.shape[1] >= 4:
        _narrow(left, right, out, row_stride, depth_stride)
    else:
        _single(left, right, out, row_stride, depth_stride)


@intrinsic
def _transpose_square(_: Any, matrix: Any, out: Any, row: Any, column: Any) -> tuple[Any, Callable[..., Any]]:
    """An intrinsic: out[column + j, row + i] = matrix[row + i, column + j] for a block of SQUARE x SQUARE."""
    vector, indices = ir.VectorType(_FLOAT, SQUARE), ir.VectorType(ir.IntType(32), SQUARE)
    halves = [[k // 2 + start + (k % 2) * SQUARE for k in range(SQUARE)] for start in (0, SQUARE // 2)]

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        (data, (_, width)), (to, (_, height)) = (
            _array(context, builder, kind, value) for kind, value in zip(signature.args[:2], values[:2], strict=True)
        )
        first, column = values[2:]
        steps = [_INT(i) for i in range(SQUARE)]
        lines = [builder.load(_at(builder, data, builder.add(first, i), width, column, vector), align=4) for i in steps]
        # Interleaving the upper with the lower half of the lines moves one bit of a number's place from row to column.
        for _ in range(SQUARE.bit_length() - 1):
            lines = [
                builder.shuffle_vector(lines[i // 2], lines[i // 2 + SQUARE // 2], ir.Constant(indices, halves[i % 2]))
                for i in range(SQUARE)
            ]
        for j, line in zip(steps, lines, strict=True):
            builder.store(line, _at(builder, to, builder.add(column, j), height, first, vector), align=4)
        return context.get_dummy_value()

    return types.void(FLOAT_2, FLOAT_2, types.int64, types.int64), generate


@kernel(types.void(FLOAT_2, FLOAT_2))
def transpose(matrix, out):  # type: ignore[no-untyped-def]
    """Write `matrix` `[M, N]` transposed into `out` `[N, M]`."""
    height, width = matrix.shape
    if min(height, width) < SQUARE:
        for i in range(height):
            for j in range(width):
                out[j, i] = matrix[i, j]
        return
    row = 0
    while row < height:
        row = min(row, height - SQUARE)
        column = 0
        while column < width:
            column = min(column, width - SQUARE)
            _transpose_square(matrix, out, row, column)
            column += SQUARE
        row += SQUARE
