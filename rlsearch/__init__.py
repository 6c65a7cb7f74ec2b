"""Discovers reinforcement-learning loss functions as formulas.

`rlsearch.search("quickstart", minutes=2)` searches, `rlsearch.compare(["dqn", ...], ["CartPole-v1"])` compares,
`rlsearch.Loss("dqn")` is a loss, `rlsearch.use_primitives("my_ops.py")` adds ops. Importing this package loads nothing else.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rlsearch.api import Run, compare, search
    from rlsearch.loss import Loss
    from rlsearch.registry import use_primitives

__all__ = ["Loss", "Run", "compare", "search", "use_primitives"]

_HOMES = {
    "Loss": "rlsearch.loss",
    "Run": "rlsearch.api",
    "search": "rlsearch.search",
    "compare": "rlsearch.compare",
    "use_primitives": "rlsearch.registry",
}
_VERBS = ("search", "compare")  # rooms of the house that do what they are called


class _Verb(ModuleType):
    """A room that can be called: `rlsearch.search(...)` works, and so does `from rlsearch.search import Budget`."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Do as the function of the same name in `rlsearch.api`, whose documentation holds."""
        return getattr(import_module("rlsearch.api"), self.__name__.rpartition(".")[2])(*args, **kwargs)


class _Package(ModuleType):
    """The import system sets a room as an attribute of its package; that is where a verb learns to be called."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _VERBS and isinstance(value, ModuleType):
            value.__class__ = _Verb
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __dir__() -> list[str]:
    """What users may ask for, loaded or not."""
    return sorted([*_HOMES, "__version__"])


def __getattr__(name: str) -> Any:
    """Load what is asked for (PEP 562)."""
    if name == "__version__":
        from importlib.metadata import version

        return version("rlsearch")
    if name not in _HOMES:
        raise AttributeError(f"module 'rlsearch' has no attribute '{name}'")
    room = import_module(_HOMES[name])
    return room if name in _VERBS else getattr(room, name)
