"""What a state looks like, in characters: by the environment's own `picture(params, state, grid)`, else as it is observed."""

from importlib import import_module

import numpy as np

from rlsearch.envs.catalogue import card_named
from rlsearch.envs.signature import Floats, Grid
from rlsearch.envs.task import Task

SHOWN = 12  # numbers of an observation that are printed


def picture(task: Task, state: Floats, grid: Grid) -> str:
    """One or several lines; a module may say it better with a function `picture` of its own."""
    own = getattr(import_module(card_named(task.env).module), "picture", None)
    return str(own(task.params, state, grid)) if own else _observed(task, state, grid)


def _observed(task: Task, state: Floats, grid: Grid) -> str:
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
