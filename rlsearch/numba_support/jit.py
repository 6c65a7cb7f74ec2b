"""The compiler of kernels: one decorator, and a cache that notices when any source that a kernel is made of changes.

Numba's own file cache looks only at the file that defines a function, not at what that file imports, so a changed helper
would leave stale machine code behind. We key the cache folder by a hash of the sources of the kernel's room and of the
rooms below it.
"""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

# A worker owns one core. NumPy's and scipy's BLAS and torch read these when they are first loaded.
for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

import numba  # noqa: E402
import numpy as np  # noqa: E402

from rlsearch.numba_support.cache import cache_root, source_digest  # noqa: E402


@cache
def cache_folder(sources: tuple[str, ...] = (), salt: str = "") -> Path:
    """The folder of compiled kernels: below the cache's root, named by a hash of their sources and of all else that decides."""
    return cache_root() / source_digest(("numba_support", *sources), f"{numba.__version__} {np.__version__} {salt}")


def compile_into(folder: Path, function: Callable[..., Any], *signatures: Any, **options: Any) -> Any:
    """Compile a function and keep its machine code in this folder.

    Numba knows one folder for the whole process and reads it when a function is decorated. It is given back as it was, so
    that neither what is imported next nor a user's own compiled functions are kept among ours.
    """
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder)
    try:
        return numba.njit(*signatures, cache=True, error_model="numpy", nogil=True, **options)(function)
    finally:
        numba.config.CACHE_DIR = before


def njit(
    *signatures: Any, fastmath: bool = False, inline: bool = False, part: bool = False
) -> Callable[[Callable[..., Any]], Any]:
    """Compile a kernel once and keep the machine code.

    With a signature the function is compiled (or loaded) at definition, so a module of kernels is ready when its import
    returns. `fastmath` is for network kernels only: environments must stay bit-equal to their oracles. A `part` is called by
    kernels alone and becomes part of their code, so that no references to arguments are counted (called from Python it would
    leak a generator).
    """
    options: dict[str, Any] = {"fastmath": fastmath}
    if inline:
        options["inline"] = "always"
    if part:  # numba's own switch for code that allocates nothing, and LLVM's
        options |= {"_nrt": False, "forceinline": True}

    def decorate(function: Callable[..., Any]) -> Any:
        # Ours are made of their whole room; a user's own environment and generated kernels of what they are written in.
        room = ("envs",) if function.__module__.startswith("rlsearch.envs.") else ()
        return compile_into(cache_folder(room) / "machine_code", function, *signatures, **options)

    return decorate
