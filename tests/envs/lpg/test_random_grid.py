"""RandomGridWorld against a plain statement of its rules, and its references against policies that are played."""

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from rlsearch.envs.lpg.board import RANDOM
from tests.envs.lpg.planner import one_object_return, planner_returns
from tests.envs.play import agrees

GRID = np.zeros((1, 1, 1), np.uint8)
# Row, column of each action.
STEPS = [(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)]
MOVES = ("nine", "five")


def task_of(variant, moves):
    return make_task(EnvSpec.parse({"env": "RandomGridWorld", "variant": variant, "moves": moves}), 0)


class Field:
    """The rules alone. `draw()` gives numbers on [0, 1)."""

    def __init__(self, board, draw):
        self.board, self.draw, self.agent = board, draw, None
        self.free = [(row, column) for row, line in enumerate(board.plan) for column, cell in enumerate(line) if cell == "."]
        self.places = [None] * len(board.items)
        self.agent = self.vacant()
        for k in range(len(board.items)):
            self.places[k] = self.vacant()

    def vacant(self):
        while (place := self.free[int(self.draw() * len(self.free))]) in (self.agent, *self.places):
            pass
        return place

    def step(self, action):
        target = self.agent[0] + STEPS[action][0], self.agent[1] + STEPS[action][1]
        if target in self.free:
            self.agent = target
        reward, over = 0.0, False
        for k, item in enumerate(self.board.items):
            luck = self.draw()
            if self.places[k] == self.agent:
                reward, over, self.places[k] = reward + item.reward, over or luck < item.terminates, None
            elif self.places[k] is None and luck < item.respawns:
                self.places[k] = self.vacant()
        return reward, over

    def seen(self):
        kinds = sorted(set(self.board.items), key=self.board.items.index)
        channels = [[self.agent]] + [
            [place for place, item in zip(self.places, self.board.items, strict=True) if item == kind] for kind in kinds
        ]
        cells = [(row, column) for row, line in enumerate(self.board.plan) for column in range(len(line))]
        if len(self.free) < len(cells):
            channels.append([cell for cell in cells if cell not in self.free])
        return [float(cell in channel) for channel in channels for cell in cells]


@pytest.mark.parametrize("moves", MOVES)
@pytest.mark.parametrize("variant", RANDOM)
def test_every_episode_follows_the_rules(equality, variant, moves):
    same, task = equality(f"RandomGridWorld, {variant}", "the paper's rules in plain Python"), task_of(variant, moves)
    state, out = np.empty(task.state_size), np.full(task.observation_size, np.nan, np.float32)
    for seed in range(10):
        rng, twin, actions = (np.random.default_rng([seed, stream]) for stream in (0, 0, 1))
        field = Field(RANDOM[variant], twin.random)
        task.reset(task.params, state, GRID, rng)
        over = False
        for _ in range(min(task.horizon, 300)):
            task.observe(task.params, state, GRID, out)
            same.compare(out, field.seen())
            if over:
                break
            action = int(actions.integers(task.num_actions))
            outcome = field.step(action)
            same.compare(task.step(task.params, state, GRID, action, rng), outcome)
            over = outcome[1]


@pytest.mark.parametrize("variant", RANDOM)
def test_things_lie_anywhere_free_and_never_together(variant):
    task, board = task_of(variant, "nine"), RANDOM[variant]
    rng, state, counts = np.random.default_rng(0), np.empty(task.state_size), np.zeros(len(board.walls))
    for _ in range(5000):
        task.reset(task.params, state, GRID, rng)
        assert len(set(state)) == len(state)
        np.add.at(counts, state.astype(int), 1)
    assert not counts[board.walls].any()
    share = counts[~board.walls] / counts.sum() * (~board.walls).sum()
    assert (abs(share - 1) < 0.5).all()


def planned(variant, moves, episodes):
    task, board = task_of(variant, moves), RANDOM[variant]
    rewards = np.array([item.reward for item in board.items], np.float64)
    return task, planner_returns(task, board.reach(task.num_actions), rewards, episodes, seed=7)


@pytest.mark.slow
@pytest.mark.parametrize("moves", MOVES)
@pytest.mark.parametrize("variant", RANDOM)
def test_references_are_what_the_policies_earn(random_returns, variant, moves):
    task, returns = planned(variant, moves, 400)
    assert agrees(returns, task.optimal_return, unseen=2 / 400)
    assert agrees(random_returns(task, 2000), task.random_return)


def test_the_default_is_what_its_planner_earns():
    task, returns = planned("small", "nine", 1000)
    assert agrees(returns, task.optimal_return)


@pytest.mark.parametrize("moves", MOVES)
def test_a_single_object_has_an_exact_optimum(moves):
    task = task_of("very_dense", moves)
    exact = one_object_return(RANDOM["very_dense"].reach(task.num_actions), task.horizon)
    assert task.optimal_return == pytest.approx(exact, abs=1e-3)


def test_every_seed_has_the_same_world():
    """What is random is drawn in every episode; so constants can be its references."""
    tasks = [make_task(EnvSpec("RandomGridWorld"), seed) for seed in range(50)]
    assert len({(task.params.tobytes(), task.random_return, task.optimal_return) for task in tasks}) == 1
