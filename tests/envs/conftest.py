"""Episodes of the uniform random policy, through one loop compiled once for every environment."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numba import types
from numpy.typing import ArrayLike, NDArray

from rlsearch.envs import Task
from rlsearch.envs.signature import OBSERVE_FUNCTION, RESET_FUNCTION, STEP_FUNCTION, Floats, Grid, Observation
from rlsearch.numba_support.jit import njit

Returns = NDArray[np.float64]


class Equality:
    """Numbers of an environment beside its oracle's, as the tests compare them; a row of the table of equality."""

    def __init__(self, env: str, oracle: str, tolerance: float) -> None:
        self.env, self.oracle, self.tolerance = env, oracle, tolerance
        self.compared, self.worst = 0, 0.0

    def compare(self, ours: ArrayLike, theirs: ArrayLike) -> None:
        """Fail where the two differ by more than the tolerance; 0 asks for equal bits."""
        mine, other = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
        assert mine.shape == other.shape, f"{self.env}: shapes {mine.shape} and {other.shape}"
        apart = float(np.abs(mine - other).max(initial=0.0))
        assert apart <= self.tolerance, f"{self.env} differs from {self.oracle} by {apart}"
        self.compared, self.worst = self.compared + mine.size, max(self.worst, apart)


@pytest.fixture
def equality(record_property) -> Iterator[Callable[..., Equality]]:
    """`equality(env, oracle, tolerance=0.0)` gives what compares, and what it compared becomes a row of the table."""
    rows: list[Equality] = []

    def start(env: str, oracle: str, tolerance: float = 0.0) -> Equality:
        rows.append(Equality(env, oracle, tolerance))
        return rows[-1]

    yield start
    for row in rows:
        record_property("equality", [row.env, row.oracle, row.tolerance, row.compared, row.worst])


_FLOATS = types.float64[::1]
_KERNELS = (RESET_FUNCTION, STEP_FUNCTION, OBSERVE_FUNCTION)


@njit(
    types.boolean(
        *_KERNELS,
        *(_FLOATS, _FLOATS, types.uint8[:, :, ::1], types.float32[::1]),
        *(types.npy_rng, types.int64, types.int64, _FLOATS),
    )
)
def _random_episodes(
    reset: Callable[..., None],
    step: Callable[..., tuple[float, bool]],
    observe: Callable[..., None],
    params: Floats,
    state: Floats,
    grid: Grid,
    out: Observation,
    rng: np.random.Generator,
    num_actions: int,
    horizon: int,
    returns: Floats,
) -> bool:
    """Fill `returns` with raw undiscounted returns; False if an observation was not finite."""
    finite = True
    for episode in range(len(returns)):
        reset(params, state, grid, rng)
        returns[episode] = 0.0
        for _ in range(horizon):
            observe(params, state, grid, out)
            finite &= np.isfinite(out.sum())
            reward, terminated = step(params, state, grid, int(rng.random() * num_actions), rng)
            returns[episode] += reward
            if terminated:
                break
    return finite


@pytest.fixture(scope="session")
def random_returns() -> Callable[[Task, int], Returns]:
    """`random_returns(task, episodes)`: the returns of the uniform policy."""

    def run(task: Task, episodes: int) -> Returns:
        returns = np.empty(episodes)
        assert _random_episodes(
            *(task.reset, task.step, task.observe, task.params, np.zeros(task.state_size)),
            *(np.zeros(task.grid_shape, np.uint8), np.empty(task.observation_size, np.float32)),
            *(np.random.default_rng(0), task.num_actions, task.horizon, returns),
        )
        return returns

    return run
