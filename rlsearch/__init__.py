"""Discovers reinforcement-learning loss functions as formulas.

`rlsearch.search("quickstart", minutes=2)` searches, `rlsearch.compare(["dqn", ...], ["CartPole-v1"])` compares,
`rlsearch.Loss("dqn")` is a loss, `rlsearch.use_primitives("my_ops.py")` adds ops. Importing this package loads nothing else.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rlsearch.api import Run, compare, search
    from rlsearch.loss import Loss
    from rlsearch.registry import use_primitives

__all__ = ["Loss", "Run", "compare", "search", "use_primitives"]

_HOMES = {
    "Loss": "rlsearch.loss",
    "Run": "rlsearch.api",
    "search": "rlsearch.api",
    "compare": "rlsearch.api",
    "use_primitives": "rlsearch.registry",
}


def __dir__() -> list[str]:
    """The names that users may ask for, loaded or not."""
    return sorted([*_HOMES, "__version__"])


def __getattr__(name: str) -> Any:
    """Load what is asked for (PEP 562)."""
    if name == "__version__":
        from importlib.metadata import version

        return version("rlsearch")
    if name not in _HOMES:
        raise AttributeError(f"module 'rlsearch' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)
