"""Bits tell what codes tell; the two views that MiniGrid has as well are compared wherever it is played."""

import numpy as np
import pytest

from rlsearch.envs import EnvSpec, environments, make_task
from rlsearch.envs.minigrid import CARDS
from rlsearch.envs.minigrid.cards import VIEWS
from rlsearch.envs.minigrid.layout import (
    AGENT,
    BOX,
    CELL_BITS,
    COLOUR_BIT,
    DIRECTION,
    DOOR,
    KIND_BIT,
    MISSION,
    NUM_COLOURS,
    STATE_BIT,
    TELLS_MISSION,
    X,
    Y,
)


def bits_of(task, state, grid):
    """The view in bits, as it is meant, cell by cell."""
    params = task.params.astype(int)
    bits = []
    for x in range(grid.shape[0]):
        for y in range(grid.shape[1]):
            kind, colour, door = (int(code) for code in grid[x, y])
            kind = AGENT if (x, y) == (state[X], state[Y]) else kind
            cell = np.zeros(params[CELL_BITS])
            cell[params[KIND_BIT + kind]] = 1
            if params[COLOUR_BIT] >= 0 and DOOR <= kind <= BOX:
                cell[params[COLOUR_BIT] + colour] = 1
            if params[STATE_BIT] >= 0 and kind == DOOR:
                cell[params[STATE_BIT] + door] = 1
            bits.extend(cell)
    bits.extend(np.eye(4)[int(state[DIRECTION])])
    return bits + list(np.eye(NUM_COLOURS)[int(state[MISSION])]) * params[TELLS_MISSION]


@pytest.mark.parametrize("env", [card.id for card in CARDS])
def test_bits_are_what_they_should_be(env):
    task = make_task(EnvSpec.parse({"env": env, "view": "onehot"}), 0)
    state, grid = np.zeros(task.state_size), np.zeros(task.grid_shape, np.uint8)
    out, rng = np.full(task.observation_size, np.nan, np.float32), np.random.default_rng(5)
    for _ in range(5):
        task.reset(task.params, state, grid, rng)
        met = {AGENT, *np.unique(grid[:, :, 0]).tolist()}
        assert met == {kind for kind in range(AGENT + 1) if task.params[KIND_BIT + kind] >= 0}
        for _ in range(10):
            task.observe(task.params, state, grid, out)
            assert out.tolist() == bits_of(task, state, grid)
            if task.step(task.params, state, grid, int(rng.integers(task.num_actions)), rng)[1]:
                break


@pytest.mark.parametrize("env", [card.id for card in CARDS])
def test_every_view_is_an_option(env):
    sizes = {view: make_task(EnvSpec.parse({"env": env, "view": view}), 0).observation_size for view in VIEWS}
    width, height, _ = make_task(EnvSpec(env), 0).grid_shape
    told = NUM_COLOURS * ("GoToDoor" in env)
    assert sizes["full"] == 3 * width * height + told and sizes["partial"] == 147 + told
    assert sizes["onehot"] > width * height
    assert make_task(EnvSpec(env), 0).observation_size == sizes["full"]
    assert environments()[env].options["view"].choices == VIEWS
