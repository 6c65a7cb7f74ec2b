"""Import of a user's environment that still says `from rlsearch.jit import njit`, as the example to copy once did."""

import sys
import warnings
from importlib import import_module
from multiprocessing import current_process
from traceback import extract_tb
from types import ModuleType

OLD = "rlsearch.jit"
NOTICE = f"'{OLD}' is no more, and is still found for now; type: from rlsearch.envs import njit"


def import_own(name: str) -> ModuleType:
    """Import a user's module. One that asks for OLD gets it for the time of its import, and the user is told once.

    Raises:
        Exception: whatever the module does.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != OLD:
            raise
        asks = extract_tb(error.__traceback__)[-1]
    sys.modules[OLD] = import_module("rlsearch.numba_support.jit")
    try:
        module = import_module(name)
    finally:
        del sys.modules[OLD]
    if not current_process().daemon:  # workers import it as well, after the process that has told
        warnings.warn_explicit(NOTICE, FutureWarning, asks.filename, asks.lineno or 0)
    return module
