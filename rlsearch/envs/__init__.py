"""Environments as numba kernels behind one signature, each declared by a card and drawn anew for every seed."""

from typing import TYPE_CHECKING, Any

from rlsearch.envs.card import Card, Option, World
from rlsearch.envs.catalogue import environments
from rlsearch.envs.spec import EnvSpec
from rlsearch.envs.task import Task, instance, make_task

if TYPE_CHECKING:
    from rlsearch.numba_support.jit import njit

__all__ = ["Card", "EnvSpec", "Option", "Task", "World", "environments", "instance", "make_task", "njit"]


def __getattr__(name: str) -> Any:
    """Load what kernels are compiled with once it is asked for (PEP 562): listing environments must not load numba."""
    if name != "njit":
        raise AttributeError(f"module 'rlsearch.envs' has no attribute '{name}'")
    from rlsearch.numba_support.jit import njit

    return njit
