"""Promises of memory: kernels stay within their arrays. Looked at twice, in plain Python and with guards round every array."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlsearch.envs.promises.play import Arrays, fresh_arrays, play, trace
from rlsearch.envs.promises.world import KERNELS
from rlsearch.envs.task import Task

GUARD = 64  # numbers on either side of each array, which nobody may touch
MARKS = (77.0, 77.0, 78.0)  # what stands there, in plays of the same episodes
STEPS = 800  # of play between guards
PLAIN_STEPS = 40  # of play in plain Python, which is slow


class _Beyond(Exception):
    """An index that is no place of an array."""


class _Named(np.ndarray[Any, Any]):
    """An array that says which one it is when an index is beyond its ends."""

    name = ""

    def __array_finalize__(self, source: object) -> None:
        self.name = getattr(source, "name", "")

    def __getitem__(self, place: Any) -> Any:
        try:
            return super().__getitem__(place)
        except IndexError as error:
            raise _Beyond(f"'{self.name}' is read beyond its ends: {error}") from None

    def __setitem__(self, place: Any, value: Any) -> None:
        try:
            super().__setitem__(place, value)
        except IndexError as error:
            raise _Beyond(f"'{self.name}' is written beyond its ends: {error}") from None


def find_bad_memory(task: Task, seed: int) -> Iterator[str]:
    """Problems of memory. What has one must not be played without guards, as it may end the process."""
    plain = list(_find_bad_indices(task, seed))
    yield from plain or _find_crossed_guards(task, seed)


def _find_bad_indices(task: Task, seed: int) -> Iterator[str]:
    """An index that plain Python refuses; what Python cannot play for another reason is left to the compiled kernels."""
    arrays = []
    for name, array in fresh_arrays(task)._asdict().items():
        named = array.copy().view(_Named)
        named.name = name
        arrays.append(named)
    kernels = SimpleNamespace(**{name: getattr(task, name).py_func for name in KERNELS})
    try:
        with np.errstate(all="ignore"):
            for _ in play(task, Arrays(*arrays), seed, PLAIN_STEPS, kernels=kernels):
                pass
    except _Beyond as error:
        yield str(error)
    except Exception:
        return


def _find_crossed_guards(task: Task, seed: int) -> Iterator[str]:
    traces = []
    for mark in MARKS:
        guarded = {
            "params": _guarded(len(task.params), np.float64, mark),
            "state": _guarded(task.state_size, np.float64, mark),
            "grid": _guarded(int(np.prod(task.grid_shape)), np.uint8, mark),
            "out": _guarded(task.observation_size, np.float32, mark),
        }
        params, state, grid, out = (inner for _, inner in guarded.values())
        params[:], state[:], grid[:] = task.params, 0.0, 0
        try:
            traces.append(trace(play(task, Arrays(params, state, grid.reshape(task.grid_shape), out), seed, STEPS)))
        except Exception as error:
            yield f"playing it fails with {type(error).__name__}: {error}"
            return
        crossed = [
            name for name, (whole, _) in guarded.items() if (whole[:GUARD] != mark).any() or (whole[-GUARD:] != mark).any()
        ]
        yield from (f"'{name}' is written beyond its ends" for name in crossed)
        if params.tobytes() != task.params.tobytes():
            yield "params is changed by a kernel; it is only read"
            return
        if crossed:
            return
    same, again, other = traces
    if same == again != other:
        yield "an array is read beyond its ends: an episode depends on what lies there"


def _guarded(size: int, dtype: Any, mark: float) -> tuple[NDArray[Any], NDArray[Any]]:
    whole: NDArray[Any] = np.full(size + 2 * GUARD, mark, dtype)
    return whole, whole[GUARD : GUARD + size]
