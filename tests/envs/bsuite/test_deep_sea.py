"""DeepSea against a plain statement of bsuite's rules, and its references against dynamic programming."""

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from tests.envs.play import agrees, returns_of

GRID = np.zeros((1, 1, 1), np.uint8)
DYNAMICS = ("deterministic", "stochastic")


class Sea:
    """The rules alone. `noise` is N(0, 1), `luck` uniform on [0, 1)."""

    def __init__(self, right, stochastic):
        self.right, self.stochastic, self.size = right, stochastic, len(right)
        self.row = self.column = 0

    def step(self, action, noise, luck):
        last, goes_right = self.size - 1, action == self.right[self.row][self.column]
        reward = 1.0 if goes_right and self.column == last else 0.0
        if self.stochastic and self.row == last and self.column in (0, last):
            reward = reward + noise
        if goes_right:
            reward = reward - 0.01 / self.size
            fails = self.stochastic and luck <= 1 / self.size
            self.column = self.column if fails or self.column == last else self.column + 1
        elif self.column > 0:
            self.column = self.column - 1
        self.row += 1
        return reward, self.row == self.size

    def picture(self):
        return [[float((row, column) == (self.row, self.column)) for column in range(self.size)] for row in range(self.size)]


def task_of(size, dynamics, seed=0):
    return make_task(EnvSpec.parse({"env": "DeepSea", "size": size, "dynamics": dynamics}), seed)


def mapping(task):
    size = int(task.params[0])
    return task.params[2:].astype(int).reshape(size, size)


@pytest.mark.parametrize("dynamics", DYNAMICS)
@pytest.mark.parametrize("size", [4, 7, 20, 40])
def test_every_dive_follows_the_rules(equality, size, dynamics):
    task, same = task_of(size, dynamics, size), equality("DeepSea", "bsuite's rules in plain Python")
    state, out = np.empty(2), np.full(size * size, np.nan, np.float32)
    for dive in range(100):
        rng, twin, actions = (np.random.default_rng([dive, stream]) for stream in (0, 0, 1))
        sea, terminated = Sea(mapping(task), dynamics == "stochastic"), False
        rightward = actions.random()  # from dives that hug the left to dives along the diagonal
        task.reset(task.params, state, GRID, rng)
        while not terminated:
            right = mapping(task)[sea.row, sea.column]
            action = int(right if actions.random() < rightward else 1 - right)
            outcome = sea.step(action, twin.normal(), twin.random())
            same.compare(task.step(task.params, state, GRID, action, rng), outcome)
            task.observe(task.params, state, GRID, out)
            same.compare(out, np.ravel(sea.picture()))
            terminated = outcome[1]
        assert sea.row == size == task.horizon


@pytest.mark.parametrize("dynamics", DYNAMICS)
@pytest.mark.parametrize("size", [*range(4, 13), 40])
def test_references_by_dynamic_programming(size, dynamics):
    """Backward over rows: value of a column, of the mean and of the best move. The noise has mean 0."""
    success = 1 - 1 / size if dynamics == "stochastic" else 1.0
    mean = best = [0.0] * size

    def moves(value, column):
        ahead = success * value[min(column + 1, size - 1)] + (1 - success) * value[column]
        return value[max(column - 1, 0)], (column == size - 1) - 0.01 / size + ahead

    for _ in range(size):
        mean = [sum(moves(mean, column)) / 2 for column in range(size)]
        best = [max(moves(best, column)) for column in range(size)]
    task = task_of(size, dynamics)
    assert task.random_return == pytest.approx(mean[0], abs=1e-12)
    assert task.optimal_return == pytest.approx(best[0], abs=1e-12)


@pytest.mark.parametrize("dynamics", DYNAMICS)
def test_references_are_what_the_policies_earn(random_returns, dynamics):
    for seed in range(50):
        task = make_task(EnvSpec.parse({"env": "DeepSea", "dynamics": dynamics}), seed)
        right = mapping(task)

        def dive(state, _, right=right):
            row, column = state.astype(int)
            return right[row, column] if row == column else 1 - right[row, column]

        assert agrees(random_returns(task, 20_000), task.random_return, unseen=5 / 20_000)
        assert agrees(returns_of(task, dive, 200, seed), task.optimal_return)


def test_each_seed_has_its_own_mapping():
    tasks = [make_task(EnvSpec("DeepSea"), seed) for seed in range(50)]
    assert len({task.params.tobytes() for task in tasks}) == 50
    assert {task.horizon for task in tasks} == set(range(8, 21))
    assert abs(np.mean(np.concatenate([mapping(task).ravel() for task in tasks])) - 0.5) < 0.02
