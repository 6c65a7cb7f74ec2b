"""Toy text: Gymnasium's tables of transitions, drawn with the same random numbers, behind one-hot observations."""

from rlsearch.envs.card import Card, Option
from rlsearch.envs.tabular import LAYERED

# Policy iteration at a discount below this can no longer tell far rewards from rounding; at 1, walking into a wall is free.
_GAMMA_LIMITS = (0.9, 0.999)

_SLIPPERY = {"slippery": Option("Whether a move goes aside, to either side in a third of the cases.", 1, 0, 1, ("no", "yes"))}

FROZEN_LAKE = Card(
    id="FrozenLake-v1",
    module="rlsearch.envs.toy_text.frozen_lake",
    doc="Cross a 4 x 4 lake of slippery ice to the goal without falling into a hole.",
    source="Gymnasium 1.4 FrozenLake-v1",
    skills=("exploration", "stochasticity"),
    actions="4: left, down, right, up",
    observation="16: one-hot of the square, row by row",
    reward="1 at the goal, else 0; a hole ends the episode",
    references=LAYERED.references,
    horizon=100,
    gamma=0.99,
    gamma_limits=_GAMMA_LIMITS,
    options=_SLIPPERY,
    oracle="FrozenLake-v1",
)

FROZEN_LAKE_8X8 = Card(
    id="FrozenLake8x8-v1",
    module="rlsearch.envs.toy_text.frozen_lake_8x8",
    doc="Cross an 8 x 8 lake of slippery ice to the goal without falling into a hole.",
    source="Gymnasium 1.4 FrozenLake8x8-v1",
    skills=("exploration", "stochasticity", "scale"),
    actions="4: left, down, right, up",
    observation="64: one-hot of the square, row by row",
    reward="1 at the goal, else 0; a hole ends the episode",
    references=LAYERED.references,
    horizon=200,
    gamma=0.99,
    gamma_limits=_GAMMA_LIMITS,
    options=_SLIPPERY,
    oracle="FrozenLake8x8-v1",
)

CLIFF_WALKING = Card(
    id="CliffWalking-v1",
    module="rlsearch.envs.toy_text.cliff_walking",
    doc="Walk along a cliff to the goal; who steps over the edge pays dearly and starts again.",
    source="Gymnasium 1.4 CliffWalking-v1, which has no horizon; Sutton and Barto 2018, example 6.6",
    skills=("exploration", "credit assignment"),
    actions="4: up, right, down, left",
    observation="48: one-hot of the square, row by row",
    reward="-100 over the edge, else -1",
    references=LAYERED.references,
    horizon=200,
    gamma=0.99,
    gamma_limits=_GAMMA_LIMITS,
    oracle="CliffWalking-v1",
)

TAXI = Card(
    id="Taxi-v4",
    module="rlsearch.envs.toy_text.taxi",
    doc="Drive a taxi to a passenger, pick them up, and set them down where they want to go.",
    source="Gymnasium 1.4 Taxi-v4; Dietterich 2000",
    skills=("exploration", "credit assignment", "scale"),
    actions="6: south, north, east, west, pick up, set down",
    observation="19: one-hot of the taxi's row (5), its column (5), the passenger's place (4 stands, or in the taxi) and the "
    "destination (4 stands); Gymnasium's number of the state, one-hot (500), where `seen` is `state`",
    reward="20 for setting the passenger down at the destination, -10 for picking up or setting down where that is not "
    "possible, else -1",
    references=LAYERED.references,
    horizon=200,
    gamma=0.99,
    gamma_limits=_GAMMA_LIMITS,
    options={"seen": Option.among("What is observed: its four factors, or the state as one of 500.", "factors", "state")},
    oracle="Taxi-v4",
)

SPLIT = "test"
CARDS = (CLIFF_WALKING, FROZEN_LAKE, FROZEN_LAKE_8X8, TAXI)
