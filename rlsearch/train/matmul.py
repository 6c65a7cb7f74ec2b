"""Products and transposes of the small matrices of a small network, the way that RLSEARCH_MATMUL says: `tiles` or `blas`.

Tiles are what is measured and what runs unless something else is asked for. They are written in LLVM's language with parts of
numba that may move from one version to the next; where they have, the BLAS takes their place.
"""

import warnings

from rlsearch.numba_support.matmul_way import TILES, VARIABLE, choose_blas, matmul_way

__all__ = ["matmul", "transpose"]

if matmul_way() == TILES:
    try:
        from rlsearch.train.tiles import matmul, transpose
    except (ImportError, AttributeError) as error:
        warnings.warn(
            f"tiles cannot be built with this numba ({error}), so products are {VARIABLE}=blas, which is slower; "
            "install the versions of constraints.txt",
            RuntimeWarning,
            stacklevel=2,
        )
        # Before any kernel that contains a product is compiled: their machine code is kept apart by it.
        choose_blas()
if matmul_way() != TILES:
    from rlsearch.train.blas import matmul, transpose
