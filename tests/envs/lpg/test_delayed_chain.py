"""DelayedChain against a plain statement of its rules, for the five variants of the paper."""

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from tests.envs.play import agrees, returns_of

GRID = np.zeros((1, 1, 1), np.uint8)
VARIANTS = {
    "short": {},
    "short and noisy": {"noise": "signs"},
    "long": {"length": [5, 50]},
    "long and noisy": {"length": [5, 50], "noise": "signs"},
    "state distraction": {"observation": "bits"},
}


def task_of(variant, seed):
    return make_task(EnvSpec.parse({"env": "DelayedChain", **VARIANTS[variant]}), seed)


def chain(length, right, noisy, bits, actions, coin):
    """What is seen, then for each action the reward, whether it is over and what is seen; from the rules alone.

    A coin decides on the noise of a step whether there is noise or not, then the bits that mean nothing are tossed.
    """
    first = None

    def seen(taken):
        if bits:
            return [float(taken > 0), float(first or 0), *(coin() for _ in range(20))]
        names = ["start", *(f"{choice} {depth}" for choice in (0, 1) for depth in range(1, length + 1))]
        here = "start" if taken == 0 else f"{first} {taken}"
        return [float(name == here) for name in names]

    yield seen(0)
    for taken, action in enumerate(actions, start=1):
        first = action if first is None else first
        sign = 2.0 * coin() - 1.0
        if taken == length:
            yield (1.0 if first == right else -1.0), True
        else:
            yield (sign if noisy else 0.0), False
        yield seen(taken)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_chain_follows_the_rules(equality, variant):
    same = equality(f"DelayedChain, {variant}", "the paper's rules in plain Python")
    for seed in range(50):
        task = task_of(variant, seed)
        rng, twin = np.random.default_rng(seed), np.random.default_rng(seed)
        state, out = np.empty(task.state_size), np.full(task.observation_size, np.nan, np.float32)
        actions = np.random.default_rng(seed + 1000).integers(2, size=task.horizon).tolist()
        told = chain(
            *(task.horizon, int(task.params[1]), "noisy" in variant, variant == "state distraction", actions),
            lambda twin=twin: float(twin.random() < 0.5),
        )
        task.reset(task.params, state, GRID, rng)
        task.observe(task.params, state, GRID, out)
        same.compare(out, next(told))
        for action in actions:
            same.compare(task.step(task.params, state, GRID, action, rng), next(told))
            task.observe(task.params, state, GRID, out)
            same.compare(out, next(told))


@pytest.mark.parametrize("variant", VARIANTS)
def test_references_are_what_the_policies_earn(random_returns, variant):
    rights, lengths = set(), set()
    for seed in range(50):
        task = task_of(variant, seed)
        right = int(task.params[1])
        assert agrees(random_returns(task, 1000), task.random_return)
        assert agrees(returns_of(task, lambda _, __, right=right: right, 100, seed), task.optimal_return)
        rights.add(right)
        lengths.add(task.horizon)
    assert rights == {0, 1}
    low, high = (5, 50) if variant.startswith("long") else (5, 30)
    assert low <= min(lengths) < low + 5 and high - 5 < max(lengths) <= high


def test_the_state_tells_right_from_wrong_at_every_depth():
    """Temporal differences can carry the judgement back only if what is seen on the way depends on the first action."""
    task = task_of("long", 3)
    state, out, seen = np.zeros(2), np.empty(task.observation_size, np.float32), set()
    for first in (0, 1):
        for taken in range(1, task.horizon + 1):
            state[:] = taken, first
            task.observe(task.params, state, GRID, out)
            seen.add(out.tobytes())
    assert len(seen) == 2 * task.horizon
