"""An operation as one frozen record with every facet, and the types of what it takes and gives."""

from rlsearch.op.op import NUMPY_ARRAYS, NUMPY_SCALARS, SYMPY_FUNCTIONS, SYMPY_HELPERS, Op
from rlsearch.op.spelling import Spelling
from rlsearch.op.types import ACCEPTS, NUMBERS, Axis, Type
from rlsearch.op.variant import Variant

__all__ = [
    "ACCEPTS",
    "NUMBERS",
    "NUMPY_ARRAYS",
    "NUMPY_SCALARS",
    "SYMPY_FUNCTIONS",
    "SYMPY_HELPERS",
    "Axis",
    "Op",
    "Spelling",
    "Type",
    "Variant",
]
