"""Pictures of states, in characters: as the environment's own module or its family's draws it, else as it is observed.

That is a function `picture(params, state, grid) -> str` in the module that a card names, or in a module `picture` beside it.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from rlsearch.envs.catalogue import card_named
from rlsearch.envs.signature import Floats, Grid
from rlsearch.envs.task import Task

SHOWN = 12  # numbers of an observation that are printed


def picture(task: Task, state: Floats, grid: Grid) -> str:
    """A picture of a state in one or several lines."""
    own = drawing_of(task, "picture")
    return own(task.params, state, grid) if own else _observation_text(task, state, grid)


def drawing_of(task: Task, kind: str) -> Callable[[Floats, Floats, Grid], Any] | None:
    """The function `kind(params, state, grid)` that draws states: the environment's own or its family's, None without one."""
    module = card_named(task.env).module
    own: Callable[..., Any] | None = getattr(import_module(module), kind, None)
    family = module.rpartition(".")[0]
    # This room is no family: its own modules of these names draw whatever there is.
    if own is None and family not in ("", __package__) and find_spec(f"{family}.{kind}"):
        own = getattr(import_module(f"{family}.{kind}"), kind, None)
    return own


def _observation_text(task: Task, state: Floats, grid: Grid) -> str:
    out = np.empty(task.observation_size, np.float32)
    task.observe(task.params, state, grid, out)
    ones = np.flatnonzero(out)
    if len(out) > 2 and set(out.tolist()) <= {0.0, 1.0}:
        return f"1 at {', '.join(map(str, ones.tolist())) or 'none'} of {len(out)}, else 0"
    numbers = " ".join(f"{value:.3g}" for value in out[:SHOWN])
    return numbers + (f" ... ({len(out)} numbers)" if len(out) > SHOWN else "")


def played(task: Task, steps: int, seed: int = 0) -> tuple[Floats, Grid]:
    """A state that random actions lead to, within one episode."""
    rng, state, grid = np.random.default_rng(seed), np.zeros(task.state_size), np.zeros(task.grid_shape, np.uint8)
    task.reset(task.params, state, grid, rng)
    for _ in range(min(steps, task.horizon - 1)):
        before = state.copy(), grid.copy()
        _, terminated = task.step(task.params, state, grid, int(rng.random() * task.num_actions), rng)
        if terminated:
            return before
    return state, grid
