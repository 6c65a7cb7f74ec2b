"""The layout of params and state, and MiniGrid's codes for cells, which all worlds of this family share."""

import numpy as np
from numba import types

from rlsearch.envs.signature import RESET

# The types of a kernel's arguments, for the functions that kernels are made of.
_, FLOATS, CELLS, RNG = RESET.args
INT = types.int64

# A cell is (kind, colour, state); only doors have a state other than 0.
EMPTY, WALL, DOOR, KEY, BALL, BOX, GOAL, LAVA, AGENT = 1, 2, 4, 5, 6, 7, 8, 9, 10
RED, GREEN, BLUE, PURPLE, YELLOW, GREY = range(6)
OPEN, CLOSED, LOCKED = range(3)
NUM_COLOURS = 6
# Random colours are drawn from their alphabetical list; an array, as a kernel that may run past a tuple's end can raise.
ALPHABETICAL = np.array([BLUE, GREEN, GREY, PURPLE, RED, YELLOW])

LEFT, RIGHT, FORWARD, PICKUP, DROP, TOGGLE, DONE = range(7)

# State: where the agent is, where it looks (0 right, 1 down, 2 left, 3 up), the kind (0 for nothing) and the colour that
# it carries, steps since reset, the cell and the colour that a mission names. A family's own numbers come behind.
X, Y, DIRECTION, CARRIED, CARRIED_COLOUR, STEPS, TARGET_X, TARGET_Y, MISSION, OWN_STATE = range(10)

# Params: the steps after which success is worth 0.1, whether walls hide what is behind, whether the mission's colour is
# observed; for the view in bits, how many bits a cell has and at which of them stands each kind (-1: never met), the
# first colour and the first state (-1: not told). A family's own numbers come behind.
MAX_STEPS, SEES_THROUGH, TELLS_MISSION, CELL_BITS, COLOUR_BIT, STATE_BIT, KIND_BIT = range(7)
OWN_PARAMS = KIND_BIT + AGENT + 1
