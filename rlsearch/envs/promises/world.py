"""Promises of what is drawn: sizes, references, kernels of the right signature, and all chance from the generator given."""

import random
from collections.abc import Iterator

import numpy as np

from rlsearch.envs.signature import OBSERVE, RESET, STEP
from rlsearch.envs.spec import EnvSpec
from rlsearch.envs.task import Task, make_task

KERNELS = {"reset": RESET, "step": STEP, "observe": OBSERVE}
SIZES = ("state_size", "observation_size", "num_actions", "horizon")
MOST = 10_000_000  # numbers of a state or an observation


def find_bad_sizes(task: Task) -> Iterator[str]:
    """Problems of the numbers that describe a world; what they make room for is not touched."""
    params = task.params
    if not isinstance(params, np.ndarray) or params.dtype != np.float64 or params.ndim != 1 or not params.flags.c_contiguous:
        yield f"params is {params!r:.60}; wanted: a float64 array [P]"
    sizes = {name: getattr(task, name) for name in SIZES}
    wrong = [name for name, size in sizes.items() if not isinstance(size, int | np.integer)]
    yield from (f"{name} is {sizes[name]!r}; wanted: a whole number" for name in wrong)
    if wrong:
        return
    if task.num_actions < 2 or task.observation_size < 1 or task.horizon < 1:
        yield "there must be 2 actions, 1 number to observe and 1 step at least"
    if not 0 <= task.state_size <= MOST or task.observation_size > MOST:
        yield f"state_size is {task.state_size} and observation_size {task.observation_size}; allowed: up to {MOST:,} numbers"
    shape = task.grid_shape
    if not (isinstance(shape, tuple) and len(shape) == 3 and all(isinstance(n, int | np.integer) and n >= 1 for n in shape)):
        yield f"grid_shape is {shape!r}; wanted: three whole numbers from 1, such as (1, 1, 1)"
    bounds = [np.asarray(end) for end in (task.observation_low, task.observation_high)]
    fits = all(end.dtype.kind in "fiu" and end.shape in ((), (task.observation_size,)) for end in bounds)
    if not fits or not (bounds[0] < bounds[1]).all():
        wanted = f"a number or an array [{task.observation_size}] for each, and low below high"
        yield f"observation_low is {task.observation_low} and observation_high {task.observation_high}; wanted: {wanted}"


def find_bad_references(task: Task) -> Iterator[str]:
    """Problems of the two returns that scores are normalised by, as far as they are seen without playing."""
    lower, upper = task.random_return, task.optimal_return
    for name, value in (("random_return", lower), ("optimal_return", upper)):
        if not isinstance(value, int | float | np.number) or not np.isfinite(value):
            yield f"{name} is {value!r}; wanted: a finite number"
            return
    if not upper - lower > 1e-9 * abs(upper):
        yield f"random_return ({lower:g}) is not below optimal_return ({upper:g})"


def find_bad_kernels(task: Task) -> Iterator[str]:
    """Problems of what the kernels are compiled for."""
    for name, signature in KERNELS.items():
        kernel = getattr(task, name)
        if getattr(kernel, "signatures", None) != [signature.args]:
            yield f"'{name}' is not compiled for its signature; decorate it with @njit({name.upper()}) of rlsearch"
        elif kernel.overloads[signature.args].signature.return_type != signature.return_type:
            yield f"'{name}' returns {kernel.overloads[signature.args].signature.return_type}, not {signature.return_type}"


def find_bad_draws(spec: EnvSpec, seed: int) -> Iterator[str]:
    """Problems of drawing: a seed must decide everything, and nothing global anything."""
    numpys, pythons = repr(np.random.get_state()), random.getstate()  # noqa: NPY002  (whether somebody touches it)
    one, other = (_numbers(make_task(spec, seed)) for _ in range(2))
    if one != other:
        yield "drawn twice for one seed, the task differs; draw must take all randomness from its rng"
    if repr(np.random.get_state()) != numpys or random.getstate() != pythons:  # noqa: NPY002
        yield "draw uses or sets a global random state; it must take all randomness from its rng"


def _numbers(task: Task) -> list[bytes]:
    """All that is drawn but the kernels, as bytes, in which NaN equals NaN."""
    drawn = {name: value for name, value in vars(task).items() if name not in (*KERNELS, "env")}
    return [np.asarray(value).tobytes() for value in drawn.values()]
