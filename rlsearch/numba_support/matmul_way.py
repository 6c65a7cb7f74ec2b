"""The choice of matrix multiplication in compiled code, made by the variable RLSEARCH_MATMUL. Loads no numba."""

import os

from rlsearch.errors import RlsearchError, did_you_mean, quoted

VARIABLE = "RLSEARCH_MATMUL"
TILES, BLAS = "tiles", "blas"  # tiles of our own in vector registers; the library that scipy brings


def matmul_way() -> str:
    """The chosen way: TILES, unless the variable says BLAS. The two differ in the last digits, so it is part of what is hashed.

    Raises:
        RlsearchError: it says something else.
    """
    way = os.environ.get(VARIABLE) or TILES
    if way not in (TILES, BLAS):
        raise RlsearchError(f"{VARIABLE} is {quoted(way)}{did_you_mean(way, (TILES, BLAS))}")
    return way


def choose_blas() -> None:
    """Choose BLAS for the rest of this process, and for those that it starts."""
    os.environ[VARIABLE] = BLAS
