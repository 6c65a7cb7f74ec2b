"""TabularGridWorld against a plain statement of its rules, and its references against policies that are played."""

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, make_task
from rlsearch.envs.lpg.board import TABULAR
from tests.envs.play import agrees, returns_of

GRID = np.zeros((1, 1, 1), np.uint8)
# Row, column of each action.
STEPS = [(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)]


def task_of(variant, moves, seed):
    return make_task(EnvSpec.parse({"env": "TabularGridWorld", "variant": variant, "moves": moves}), seed)


def layout(task, board):
    """Start and objects of a task as (row, column)s, read from its params."""
    cells, moves, items, start = task.params[:4].astype(int)
    lies_in = task.params[4 + cells * moves :].reshape(items, 4)[:, 0].astype(int)
    columns = len(board.plan[0])
    return divmod(start, columns), [divmod(cell, columns) for cell in lies_in.tolist()]


class Room:
    """The rules alone. One number on [0, 1) for each object and step: it ends the episode, or brings the object back."""

    def __init__(self, board, start, places):
        self.board, self.agent, self.places = board, start, places
        self.there = [True] * len(places)

    def step(self, action, lucks):
        row, column = self.agent[0] + STEPS[action][0], self.agent[1] + STEPS[action][1]
        plan = self.board.plan
        if 0 <= row < len(plan) and 0 <= column < len(plan[0]) and plan[row][column] != "#":
            self.agent = row, column
        reward, over = 0.0, False
        for k, (item, luck) in enumerate(zip(self.board.items, lucks, strict=True)):
            if self.there[k] and self.places[k] == self.agent:
                reward, over, self.there[k] = reward + item.reward, over or luck < item.terminates, False
            elif not self.there[k]:
                self.there[k] = luck < item.respawns
        return reward, over

    def seen(self):
        rows, columns = len(self.board.plan), len(self.board.plan[0])
        return [float(self.agent == (row, column)) for row in range(rows) for column in range(columns)] + self.there


@pytest.mark.parametrize("moves", ["nine", "five"])
@pytest.mark.parametrize("variant", TABULAR)
def test_every_episode_follows_the_rules(equality, variant, moves):
    same, board = equality(f"TabularGridWorld, {variant}", "the paper's rules in plain Python"), TABULAR[variant]
    for seed in range(10):
        task = task_of(variant, moves, seed)
        room = Room(board, *layout(task, board))
        rng, twin, actions = (np.random.default_rng([seed, stream]) for stream in (0, 0, 1))
        state, out = np.empty(task.state_size), np.full(task.observation_size, np.nan, np.float32)
        task.reset(task.params, state, GRID, rng)
        over, action = False, 0
        for _ in range(min(task.horizon, 500)):
            task.observe(task.params, state, GRID, out)
            same.compare(out, room.seen())
            if over:
                break
            if actions.random() < 0.5:  # go on in the same direction for a while, so that all of the board is seen
                action = int(actions.integers(task.num_actions))
            outcome = room.step(action, twin.random(len(board.items)))
            same.compare(task.step(task.params, state, GRID, action, rng), outcome)
            over = outcome[1]


def best_actions(task, board):
    """The best action by time left, cell and set, and the expected return: an induction of its own, one axis per object."""
    cells, moves, count, start = task.params[:4].astype(int)
    reach = task.params[4 : 4 + cells * moves].astype(int).reshape(cells, moves)
    lies_in = task.params[4 + cells * moves :].reshape(count, 4)[:, 0].astype(int)
    value, plan = np.zeros((cells, *(2,) * count)), []
    for _ in range(board.steps):
        after = value.copy()
        for k, item in enumerate(board.items):
            away, there = (np.take(after, bit, axis=1 + k) for bit in (0, 1))
            mixed = np.stack([(1 - item.respawns) * away + item.respawns * there, there], axis=1 + k)
            # In the object's own cell one who comes while it is there takes it, and it stays away for this step.
            here = lies_in[k]
            mixed[here] = np.stack([mixed[here].take(0, axis=k), item.reward + (1 - item.terminates) * away[here]], axis=k)
            after = mixed
        options = after[reach]  # [cells, moves, sets]
        plan.append(options.argmax(axis=1).astype(np.int8))
        value = options.max(axis=1)
    return plan, value[(start, *(1,) * count)]


SEEDS = {"dense": range(50), "sparse": range(50), "long": range(5), "longer": range(3), "long_dense": range(3)}
EPISODES = {"dense": 40, "sparse": 20, "long": 40, "longer": 40, "long_dense": 20}


@pytest.mark.slow
@pytest.mark.parametrize(("variant", "seed"), [(variant, seed) for variant in TABULAR for seed in SEEDS[variant]])
def test_references_are_what_the_policies_earn(random_returns, variant, seed):
    board, task = TABULAR[variant], task_of(variant, ("nine", "five")[seed % 2], seed)
    plan, expected = best_actions(task, board)
    assert task.optimal_return == pytest.approx(expected, abs=1e-9)

    def best(state, taken):
        return plan[board.steps - 1 - taken][tuple(state.astype(int))]

    assert agrees(returns_of(task, best, EPISODES[variant], seed), task.optimal_return)
    assert agrees(random_returns(task, 2000), task.random_return, unseen=10 / 2000)


def test_each_seed_has_its_own_layout():
    tasks = [task_of("dense", "nine", seed) for seed in range(50)]
    layouts = [layout(task, TABULAR["dense"]) for task in tasks]
    assert len({(start, *places) for start, places in layouts}) == 50
    assert all(len({start, *places}) == 5 for start, places in layouts)  # all in cells of their own


@pytest.mark.parametrize("variant", TABULAR)
def test_a_layout_leaves_something_to_gain(variant):
    """Least of all where the start is beside the good object of `sparse`, which chance then often finds first."""
    for seed in range(20):
        task, board = task_of(variant, "five", seed), TABULAR[variant]
        assert task.optimal_return - task.random_return > 0.2
        assert task.horizon == board.steps
        assert task.observation_size == len(board.walls) + len(board.items)
