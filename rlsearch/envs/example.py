"""A complete environment of one's own, to copy: walk right to the end of a corridor; a step costs 1.

State `[1]`: the place. Params `[1]`: the length. `rlsearch check my_module:CARD` plays a copy and says what is wrong with it;
search spaces and commands name it so as well.
"""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs import Card, Option, World, njit
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Floats, Grid, Observation


@njit(RESET)
def reset(_params: Floats, state: Floats, _grid: Grid, _rng: np.random.Generator) -> None:
    """Start at the left end. Whatever step and observe read must be written here."""
    state[0] = 0.0


@njit(STEP)
def step(params: Floats, state: Floats, _grid: Grid, action: int, _rng: np.random.Generator) -> tuple[float, bool]:
    """Move to the left or right; returns the reward and whether that terminates. Chance comes from the rng alone."""
    state[0] = max(state[0] + 2.0 * action - 1.0, 0.0)
    return -1.0, state[0] >= params[0]


@njit(OBSERVE)
def observe(params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """Write the share of the way."""
    out[0] = state[0] / params[0]


def draw(_rng: np.random.Generator, options: Mapping[str, int], _gamma: float) -> World:
    """The world of one seed: its numbers, and what the random and the best policy return within the horizon."""
    length = options["length"]
    return World(
        reset=reset,
        step=step,
        observe=observe,
        params=np.array([float(length)]),
        state_size=1,
        observation_size=1,
        num_actions=2,
        observation_low=0.0,
        observation_high=1.0,
        random_return=-length * (length + 1.0),  # steps of a random walk with a wall at its start
        optimal_return=-float(length),
    )


CARD = Card(
    id="Corridor",
    module=__name__,
    doc="Walk right to the end of a corridor.",
    source="an example",
    skills=("basic",),
    actions="2: left, right",
    observation="1: the share of the way",
    reward="-1 every step",
    references="exact, but for the horizon, which is hardly ever met",
    horizon=1000,
    gamma=0.99,
    options={"length": Option("Places to the end.", 3, 1, 8)},
)
