"""The environment contract: promises checked by playing, for a user's own with `rlsearch check module:CARD`, and in tests.

from rlsearch.envs.contract import EnvContract

class TestMine(EnvContract):
    card = CARD
"""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import numpy as np
from numba import types
from numpy.typing import NDArray

from rlsearch.envs.card import Card
from rlsearch.envs.catalogue import name_of
from rlsearch.envs.signature import OBSERVE, RESET, STEP
from rlsearch.envs.spec import EnvSpec, ends
from rlsearch.envs.task import Task, make_task
from rlsearch.errors import expect_no_problems
from rlsearch.numba_support.call_by_address import address, caller
from rlsearch.numba_support.jit import njit

KERNELS = {"reset": RESET, "step": STEP, "observe": OBSERVE}
SEEDS = 3
EPISODES = 2000
GUARD = 64  # numbers on either side of each array, which nobody may touch
MARK = 77.0  # what stands there
DRAW_S = 600.0  # seconds in which a task must have been drawn
PLAY_S = 60.0  # ... and what is played step by step
EPISODES_S = 600.0  # ... and EPISODES episodes
ERRORS = 5.0  # standard errors that a measured return may be away from the one that is stated
BROKEN = "an observation or a reward is not finite, or observe leaves an entry unwritten"

_reset = caller(RESET)
_step = caller(STEP)
_observe = caller(OBSERVE)
_FLOATS = types.float64[::1]


@njit(
    types.int64(
        *(types.int64,) * 3,
        *(_FLOATS, _FLOATS, types.uint8[:, :, ::1], types.float32[::1]),
        *(types.npy_rng, types.int64, types.int64, _FLOATS),
    )
)
def _play(reset, step, observe, params, state, grid, out, rng, num_actions, horizon, returns):  # type: ignore[no-untyped-def]
    """Fill `returns` with raw returns of the random policy; returns the number of values seen that were not finite."""
    broken = 0
    for episode in range(returns.size):
        _reset(reset, params, state, grid, rng)
        returns[episode] = 0.0
        for _ in range(horizon):
            for i in range(out.size):
                out[i] = np.nan
            _observe(observe, params, state, grid, out)
            for i in range(out.size):
                broken += not np.isfinite(out[i])
            reward, terminated = _step(step, params, state, grid, int(rng.random() * num_actions), rng)
            broken += not np.isfinite(reward)
            returns[episode] += reward
            if terminated:
                break
    return broken


def random_returns(task: Task, episodes: int, seed: int = 0) -> NDArray[np.float64]:
    """The raw returns of episodes of the uniform random policy.

    Raises:
        ValueError: an observation or a reward was not finite, or an entry of an observation was left as it was.
    """
    returns = np.empty(episodes)
    arrays = np.zeros(task.state_size), np.zeros(task.grid_shape, np.uint8), np.empty(task.observation_size, np.float32)
    rng = np.random.default_rng(seed)
    if _play(*_addresses(task), task.params, *arrays, rng, task.num_actions, task.horizon, returns):
        raise ValueError(BROKEN)
    return returns


def _addresses(task: Task) -> list[int]:
    return [address(getattr(task, name), signature) for name, signature in KERNELS.items()]


def problems(card: Card, tell: Callable[[str, float], None] = lambda _, __: None) -> list[str]:
    """Everything in which an environment breaks its promises, in sentences; it is compiled and played for some seconds.

    Args:
        card: of the environment.
        tell: told what is done next, and in how many seconds it should be; where a kernel hangs or crashes, that is the place.
    """
    found = list(_words(card))
    if found:
        return found
    checks = (
        (_tasks, "drawing the task again", DRAW_S),
        (_arrays, "playing step by step, with guards around the arrays", PLAY_S),
        (_streams, "playing the same episodes twice", PLAY_S),
        (_returns, f"playing {EPISODES:,} episodes of the random policy", EPISODES_S),
    )
    for seed in range(SEEDS):
        tell(f"drawing the task of seed {seed}", DRAW_S)
        task = make_task(EnvSpec(name_of(card)), seed)
        if signatures := list(_signatures(task)):
            return found + signatures
        for check, what, limit_s in checks:
            tell(f"seed {seed}: {what}", limit_s)
            if broken := list(check(card, task, seed)):
                # What writes beyond its arrays must not be played without guards.
                return found + [f"seed {seed}: {problem}" for problem in broken]
    return found


def _words(card: Card) -> Iterator[str]:
    for name in ("doc", "source", "skills", "actions", "observation", "reward", "references"):
        if not getattr(card, name):
            yield f"the card's '{name}' is empty"
    if not isinstance(card.skills, tuple):
        yield f"the card's skills are {card.skills!r}; wanted: a tuple of words, such as ('exploration',)"
    if not all(card.gamma_limits[0] <= end <= card.gamma_limits[1] for end in ends(card.gamma)):
        yield f"the card's gamma is {card.gamma}; allowed by its gamma_limits: {card.gamma_limits[0]} to {card.gamma_limits[1]}"
    if isinstance(card.horizon, str) and card.horizon not in card.options:
        yield f"the card's horizon names the option '{card.horizon}', which it does not have"
    for text in (card.doc, *(option.doc for option in card.options.values())):
        if not text.endswith("."):
            yield f"'{text}' is no sentence; end it with a full stop"


def _signatures(task: Task) -> Iterator[str]:
    params = task.params
    if not isinstance(params, np.ndarray) or params.dtype != np.float64 or params.ndim != 1 or not params.flags.c_contiguous:
        yield f"params is {params!r:.60}; wanted: a float64 array [P]"
    for name in ("state_size", "observation_size", "num_actions", "horizon"):
        if not isinstance(getattr(task, name), int | np.integer):
            yield f"{name} is {getattr(task, name)!r}; wanted: a whole number"
    for name, signature in KERNELS.items():
        kernel = getattr(task, name)
        if getattr(kernel, "signatures", None) != [signature.args]:
            yield f"'{name}' is not compiled for its signature; decorate it with @njit({name.upper()}) of rlsearch"
        elif kernel.overloads[signature.args].signature.return_type != signature.return_type:
            yield f"'{name}' returns {kernel.overloads[signature.args].signature.return_type}, not {signature.return_type}"


def _tasks(card: Card, task: Task, seed: int) -> Iterator[str]:
    again = make_task(EnvSpec(name_of(card)), seed)
    if again.params.tobytes() != task.params.tobytes() or again.horizon != task.horizon:
        yield "drawn twice for one seed, the task differs; draw must take all randomness from its rng"
    if not task.optimal_return - task.random_return > 1e-9 * abs(task.optimal_return):
        yield f"random_return ({task.random_return:g}) is not below optimal_return ({task.optimal_return:g})"
    if task.num_actions < 2 or task.observation_size < 1 or task.horizon < 1:
        yield "there must be 2 actions, 1 number to observe and 1 step at least"


def _guarded_array(size: int, dtype: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    whole: NDArray[Any] = np.full(size + 2 * GUARD, MARK, dtype)
    return whole, whole[GUARD : GUARD + size]


def _arrays(card: Card, task: Task, seed: int) -> Iterator[str]:
    """Problems met by playing with a guard around every array, and nothing in the observation but what observe writes."""
    size = int(np.prod(task.grid_shape))
    guarded = {
        "params": _guarded_array(len(task.params), np.float64),
        "state": _guarded_array(task.state_size, np.float64),
        "grid": _guarded_array(size, np.uint8),
        "out": _guarded_array(task.observation_size, np.float32),
    }
    params, state, grid, out = (inner for _, inner in guarded.values())
    params[:] = task.params
    rng = np.random.default_rng(seed)
    for _ in range(20):
        task.reset(params, state, grid.reshape(task.grid_shape), rng)
        for _ in range(min(task.horizon, 200)):
            out[:] = np.nan
            task.observe(params, state, grid.reshape(task.grid_shape), out)
            action = int(rng.random() * task.num_actions)
            reward, terminated = task.step(params, state, grid.reshape(task.grid_shape), action, rng)
            if not (np.isfinite(out).all() and np.isfinite(reward)):
                yield BROKEN
                return
            if terminated:
                break
    for name, (whole, _) in guarded.items():
        if (whole[:GUARD] != MARK).any() or (whole[-GUARD:] != MARK).any():
            yield f"'{name}' is written beyond its ends"
    if params.tobytes() != task.params.tobytes():
        yield "params is changed by a kernel; it is only read"


def _streams(card: Card, task: Task, seed: int) -> Iterator[str]:
    """Problems of chance: the same seed must give the same episode, whatever the arrays held before."""
    traces: list[list[float]] = []
    for dirt in (0, 3):
        state, grid = np.full(task.state_size, float(dirt)), np.full(task.grid_shape, dirt, np.uint8)
        out, rng, trace = np.empty(task.observation_size, np.float32), np.random.default_rng(seed), list[float]()
        for _ in range(3):
            task.reset(task.params, state, grid, rng)
            for _ in range(min(task.horizon, 300)):
                task.observe(task.params, state, grid, out)
                reward, terminated = task.step(task.params, state, grid, int(rng.random() * task.num_actions), rng)
                trace += [float(reward), float(terminated), *out.tolist()]
                if terminated:
                    break
        traces.append(trace)
    if traces[0] != traces[1]:
        yield "an episode depends on what the arrays held before reset; reset must write all that step and observe read"


def _returns(card: Card, task: Task, seed: int) -> Iterator[str]:
    try:
        returns = random_returns(task, EPISODES, seed)
    except ValueError as broken:
        yield str(broken)
        return
    error = returns.std() / np.sqrt(EPISODES) + 1e-9
    # What a few of so many episodes find may by chance be found by none, and then they do not differ.
    unseen = ERRORS * (task.optimal_return - task.random_return) / EPISODES
    if abs(returns.mean() - task.random_return) > ERRORS * error + unseen:
        met = f"{returns.mean():g} (standard error {error:.2g})"
        yield f"the random policy returns {met}, not random_return = {task.random_return:g}"


class EnvContract:
    """A test class to inherit: every check is a test. Set `card`."""

    card: ClassVar[Card]

    def test_the_card_is_filled_in(self) -> None:
        """Words."""
        expect_no_problems(_words(self.card))

    def test_kernels_have_the_signature(self) -> None:
        """Compiled for it, and for nothing else."""
        expect_no_problems(_signatures(make_task(EnvSpec(name_of(self.card)), 0)))

    def test_it_plays_by_the_rules(self) -> None:
        """Tasks, arrays, streams and returns."""
        expect_no_problems(problems(self.card))
