"""Promises of episodes: finite numbers within the stated bounds, chance from the generator alone, nothing kept over a reset."""

from collections.abc import Iterator

import numpy as np

from rlsearch.envs.promises.play import fresh_arrays, play, trace
from rlsearch.envs.task import Task

STEPS = 300  # of each play
DIRT = (3.0, -1.0, 1e9, np.nan)  # what an array may hold before a reset
BROKEN = "an observation or a reward is not finite, or observe leaves an entry unwritten"
OUTSIDE = "an observation is beyond the observation_low and observation_high that the world states"
GREATEST = float(np.finfo(np.float32).max)  # of a reward, as trainers keep them in float32


def find_bad_episodes(task: Task, seed: int) -> Iterator[str]:
    """Problems of what an episode gives, and of what it depends on."""
    yield from _find_bad_numbers(task, seed)
    first = _trace(task, seed)
    if _trace(task, seed) != first:
        yield "one seed gives different episodes; kernels must take all chance from their rng, and know nothing global"
        return
    for dirt in DIRT:
        if _trace(task, seed, dirt) != first:
            yield "an episode depends on what the arrays held before reset; reset must write all that step and observe read"
            return


def _find_bad_numbers(task: Task, seed: int) -> Iterator[str]:
    arrays, kept = fresh_arrays(task), np.empty(task.observation_size, np.float32)
    found: set[str] = set()
    lengths, length = [], 0
    for moment in play(task, arrays, seed, STEPS):
        if not (np.isfinite(moment.seen).all() and abs(moment.reward) <= GREATEST):
            found.add(BROKEN)
        elif not ((task.observation_low <= moment.seen) & (moment.seen <= task.observation_high)).all():
            found.add(OUTSIDE)
        before = arrays.state.tobytes(), arrays.grid.tobytes()
        task.observe(*arrays[:3], kept)
        if kept.tobytes() != moment.seen.tobytes() or before != (arrays.state.tobytes(), arrays.grid.tobytes()):
            found.add("observe changes the state, or gives another observation when it is asked again; it must only look")
        length += 1
        if moment.terminated:
            lengths.append(length)
            length = 0
    yield from sorted(found)
    # The reset is observed too, so a length of 2 is one step; with many actions a good one may not have been tried.
    if task.horizon > 1 and set(lengths) == {2} and 20 * task.num_actions <= STEPS:
        yield f"every episode ends at its first step, though the horizon is {task.horizon}; a bandit's horizon is 1"


def _trace(task: Task, seed: int, dirt: float | None = None) -> bytes:
    try:
        return trace(play(task, fresh_arrays(task), seed, STEPS, dirt))
    except Exception as error:  # of a kernel that finds what it did not expect
        return repr(error).encode()
