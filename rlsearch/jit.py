"""How this project compiles: one decorator, and a cache that notices when any source that a kernel is made of changes.

Numba's own file cache looks only at the file that defines a function, not at what that file imports, so a changed helper
would leave stale machine code behind. We key the cache folder by a hash of the sources of the kernel's room and of the
rooms below it.
"""

import hashlib
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
import platformdirs  # noqa: E402

# What a kernel of a room is made of. Generated kernels carry the hash of their source in their name.
_SOURCES = {"rlsearch.envs": ("calls.py", "envs"), "rlsearch.train": ("calls.py", "compile/tape.py", "envs", "train")}


@cache
def cache_folder(sources: tuple[str, ...] = ()) -> Path:
    """Where compiled kernels are kept: RLSEARCH_CACHE or the user's cache directory, then a hash of the sources."""
    digest = hashlib.blake2b(f"{numba.__version__} {np.__version__}".encode(), digest_size=8)
    room = Path(__file__).parent
    for name in ("jit.py", *sources):
        path = room / name
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.read_bytes())
    root = os.environ.get("RLSEARCH_CACHE") or platformdirs.user_cache_dir("rlsearch")
    return Path(root) / digest.hexdigest()


def njit(
    *signatures: Any, fastmath: bool = False, inline: bool = False, part: bool = False
) -> Callable[[Callable[..., Any]], Any]:
    """Compile a kernel once and keep the machine code.

    With a signature the function is compiled (or loaded) at definition, so a module of kernels is ready when its import
    returns. `fastmath` is for network kernels only: environments must stay bit-equal to their oracles. A `part` is called by
    kernels alone and becomes part of their code, so that no references to arguments are counted (called from Python it would
    leak a generator).
    """
    options: dict[str, Any] = {"cache": True, "error_model": "numpy", "nogil": True, "fastmath": fastmath}
    if inline:
        options["inline"] = "always"
    if part:  # numba's own switch for code that allocates nothing, and LLVM's
        options |= {"_nrt": False, "forceinline": True}

    def decorate(function: Callable[..., Any]) -> Any:
        room = ".".join(function.__module__.split(".")[:2])
        numba.config.CACHE_DIR = str(cache_folder(_SOURCES.get(room, ())) / "machine_code")
        return numba.njit(*signatures, **options)(function)

    return decorate
