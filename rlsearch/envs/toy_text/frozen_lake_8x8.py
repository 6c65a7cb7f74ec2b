"""FrozenLake8x8-v1: the map of 8 x 8."""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.signature import Floats, Grid
from rlsearch.envs.tabular.world import world_of
from rlsearch.envs.toy_text import FROZEN_LAKE_8X8
from rlsearch.envs.toy_text.lake import lake, with_agent

MAP = ("SFFFFFFF", "FFFFFFFF", "FFFHFFFF", "FFFFFHFF", "FFFHFFFF", "FHHFFFHF", "FHFFHFHF", "FFFHFFFG")


def picture(_params: Floats, state: Floats, _grid: Grid) -> str:
    """The map, and where one stands, in characters."""
    return with_agent(MAP, int(state[0]))


def draw(_rng: np.random.Generator, options: Mapping[str, int], gamma: float) -> World:
    """The world, the same for every seed."""
    return world_of(lake(MAP, slippery=options["slippery"] == 1), gamma, FROZEN_LAKE_8X8.horizon_with(options))
