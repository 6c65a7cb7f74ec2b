"""The most that any policy can return, where chance decides the start alone and states are few: all of them are tried."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rlsearch.envs.signature import Floats, Grid
from rlsearch.envs.task import Task

STARTS = 100  # episodes begun to see where they may start
MOST_STEPS = 12_000  # states times actions


class Most(NamedTuple):
    """Expected returns, means over the starts that were seen.

    Attributes:
        possible: of the best policy, which knows the state and the time.
        reached: of one that looks at the observation alone, the same at all times; -inf if observations do not tell enough.
        error: standard error of `possible`.
        states: how many were tried.
    """

    possible: float
    reached: float
    error: float
    states: int


class _Model(NamedTuple):
    """What every action leads to: rewards, terminated and next states `[S, A]`; starts `[STARTS]`; what each state shows."""

    rewards: NDArray[np.float64]
    terminated: NDArray[np.bool_]
    following: NDArray[np.int64]
    starts: NDArray[np.int64]
    seen: list[bytes]


def most_possible(task: Task, seed: int) -> Most | None:
    """The most that a policy can return; None where steps draw chance, or states are too many to be tried."""
    model = _model(task, seed)
    if model is None:
        return None
    value, choice = _value(model, task.horizon, None)
    told = dict(zip(model.seen, choice.tolist(), strict=True))
    tells = [told[seen] for seen in model.seen] == choice.tolist()
    reached = _value(model, task.horizon, choice)[0][model.starts].mean() if tells else -np.inf
    begun = value[model.starts]
    return Most(float(begun.mean()), float(reached), float(begun.std() / np.sqrt(len(begun))), len(value))


def _value(model: _Model, horizon: int, policy: NDArray[np.int64] | None) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The value of each state with `horizon` steps to go, and the action taken: of a policy, or of the best one."""
    states = np.arange(len(model.rewards))
    value, choice = np.zeros(len(states)), np.zeros(len(states), np.int64)
    for _ in range(horizon):
        # q(s, a) = r + v(s'), with one step less to go in s'.
        q = model.rewards + np.where(model.terminated, 0.0, value[model.following])
        choice = q.argmax(axis=1) if policy is None else policy
        more = q[states, choice]
        if np.array_equal(more, value):
            break
        value = more
    return value, choice


def _model(task: Task, seed: int) -> _Model | None:
    """All states that an episode may come to within the horizon, level by level; ends are not gone on from."""
    states: list[tuple[Floats, Grid]] = []
    known: dict[bytes, int] = {}

    def number(state: Floats, grid: Grid) -> int:
        key = state.tobytes() + grid.tobytes()
        if key not in known:
            known[key] = len(states)
            states.append((state.copy(), grid.copy()))
        return known[key]

    state, grid, rng = np.zeros(task.state_size), np.zeros(task.grid_shape, np.uint8), np.random.default_rng(seed)
    starts = []
    for _ in range(STARTS):
        task.reset(task.params, state, grid, rng)
        starts.append(number(state, grid))
    untouched = repr(rng.bit_generator.state)
    rows: list[list[tuple[float, bool, int]]] = []
    for _ in range(task.horizon):
        level = states[len(rows) :]
        if not level or len(states) * task.num_actions > MOST_STEPS:
            break
        for before in level:
            row = []
            for action in range(task.num_actions):
                state[:], grid[:] = before
                reward, terminated = task.step(task.params, state, grid, action, rng)
                row.append((float(reward), bool(terminated), 0 if terminated else number(state, grid)))
            rows.append(row)
        if repr(rng.bit_generator.state) != untouched:
            return None
    if len(states) * task.num_actions > MOST_STEPS:
        return None
    rows += [[(0.0, True, 0)] * task.num_actions] * (len(states) - len(rows))  # at the horizon
    rewards, ends, following = (np.array([[outcome[k] for outcome in row] for row in rows]) for k in range(3))
    return _Model(rewards, ends, following, np.array(starts), [_seen(task, *each) for each in states])


def _seen(task: Task, state: Floats, grid: Grid) -> bytes:
    out = np.empty(task.observation_size, np.float32)
    task.observe(task.params, state, grid, out)
    return out.tobytes()
