"""A world of this family, put together: a generator, rules and a view."""

from collections.abc import Mapping, Sequence

import numpy as np

from rlsearch.envs.card import Kernel, World
from rlsearch.envs.minigrid.cards import VIEWS
from rlsearch.envs.minigrid.layout import (
    AGENT,
    CELL_BITS,
    COLOUR_BIT,
    DONE,
    EMPTY,
    GOAL,
    KIND_BIT,
    LOCKED,
    MAX_STEPS,
    NUM_COLOURS,
    OWN_PARAMS,
    OWN_STATE,
    SEES_THROUGH,
    STATE_BIT,
    TELLS_MISSION,
    WALL,
)
from rlsearch.envs.minigrid.rules import step as reach_the_goal
from rlsearch.envs.minigrid.views import SIGHT, full, onehot, partial

_OBSERVE = dict(zip(VIEWS, (full, onehot, partial), strict=True))


def make_world(
    options: Mapping[str, float],
    reset: Kernel,
    shape: tuple[int, int],
    *,
    step: Kernel = reach_the_goal,
    num_actions: int = DONE + 1,
    own: Sequence[float] = (),
    own_state: int = 0,
    kinds: Sequence[int] = (GOAL,),
    colours: bool = False,
    doors: bool = False,
    sees_through: bool = False,
    tells_mission: bool = False,
) -> World:
    """A world of this family, made of the generator, rules and view of one card.

    Args:
        options: the card's numbers and the view that was chosen.
        reset, step: kernels.
        shape: columns and rows, walls included.
        num_actions: the first so many of MiniGrid's.
        own, own_state: the family's params, and how many numbers it keeps in the state.
        kinds: what is met beside the agent, empty cells and walls.
        colours, doors: whether colours differ, and whether doors change.
        sees_through: whether walls hide nothing from the partial view.
        tells_mission: whether the mission names a colour that the grid does not show.
    """
    met = (EMPTY, WALL, *kinds, AGENT)
    params = np.zeros(OWN_PARAMS + len(own))
    params[[MAX_STEPS, SEES_THROUGH, TELLS_MISSION]] = options["max_steps"], sees_through, tells_mission
    bits = len(met)
    params[COLOUR_BIT] = bits if colours else -1
    bits += NUM_COLOURS * colours
    params[STATE_BIT] = bits if doors else -1
    bits += (LOCKED + 1) * doors
    params[CELL_BITS] = bits
    params[KIND_BIT:OWN_PARAMS] = [met.index(kind) if kind in met else -1 for kind in range(AGENT + 1)]
    params[OWN_PARAMS:] = own
    view = VIEWS[int(options["view"])]
    cells = shape[0] * shape[1]
    sizes = {"full": 3 * cells, "onehot": bits * cells + 4, "partial": 3 * SIGHT * SIGHT}
    return World(
        reset=reset,
        step=step,
        observe=_OBSERVE[view],
        params=params,
        state_size=OWN_STATE + own_state,
        grid_shape=(*shape, 3),
        observation_size=sizes[view] + NUM_COLOURS * tells_mission,
        num_actions=num_actions,
        observation_low=0.0,
        observation_high=1.0,
        random_return=options["random_return"],
        optimal_return=options["optimal_return"],
    )
