"""Ledge: two ways of equal length; the one that pays more is a ledge, from which every wrong step falls.

Who explores while walking falls, so the sure way earns more until the exploring ends; a greedy value does not know that its
walker explores. Both ways have the same steps, so that neither a shift of rewards nor a discount prefers one. State `[2]`:
steps taken; where: on the sure way, the ledge, or fallen. Params: length, actions, the pay of the sure way, the cost of a
fall, whether each first action leads to the ledge `[A]`, then the right action of each later step `[L - 1]`.
"""

from collections.abc import Mapping

import numpy as np

from rlsearch.envs.card import World
from rlsearch.envs.signature import OBSERVE, RESET, STEP, Floats, Grid, Observation
from rlsearch.numba_support.jit import njit

HEADER = 4
SURE, HIGH, FALLEN = 0.0, 1.0, 2.0


@njit(RESET)
def reset(_params: Floats, state: Floats, _grid: Grid, _rng: np.random.Generator) -> None:
    """Start at the fork."""
    state[0] = 0.0
    state[1] = SURE


@njit(STEP)
def step(params: Floats, state: Floats, _grid: Grid, action: int, _rng: np.random.Generator) -> tuple[float, bool]:
    """Go from the fork onto one of the ways, or along it; a wrong step on the ledge falls, the end pays."""
    # All that may be read is read here: in a branch, it would make numba count references to the array.
    before, length, actions, sure, cost = int(state[0]), int(params[0]), int(params[1]), params[2], params[3]
    at_fork, on_ledge = before == 0, state[1] == HIGH
    leads = params[HEADER + action] != 0.0
    right = action == params[HEADER + actions + max(before - 1, 0)]
    falls = not at_fork and on_ledge and not right
    high = leads if at_fork else on_ledge
    arrives = before + 1 == length and not falls
    state[0] = before + 1.0
    state[1] = FALLEN if falls else HIGH if high else SURE
    pay = 1.0 if high else sure
    return -cost if falls else pay if arrives else 0.0, falls or arrives


@njit(OBSERVE)
def observe(params: Floats, state: Floats, _grid: Grid, out: Observation) -> None:
    """Write the one-hot of the place: the fork, each way's places, or the end, to which a fall leads too."""
    length, taken, where = int(params[0]), int(state[0]), state[1]
    for i in range(2 * length):
        out[i] = 0.0
    along = taken + (length - 1 if where == HIGH else 0)
    out[2 * length - 1 if taken == length or where == FALLEN else 0 if taken == 0 else along] = 1.0


def picture(params: Floats, state: Floats, _grid: Grid) -> str:
    """The sure way from the fork, the ledge, and what is below it."""
    length = int(params[0])
    rows = [["S", *"." * (length - 1), "G"], ["#", *"." * (length - 1), "T"], ["#", *"C" * length]]
    rows[int(state[1])][int(state[0])] = "x"
    return "\n".join("".join(row) for row in rows)


def draw(rng: np.random.Generator, options: Mapping[str, int], _gamma: float) -> World:
    """A world with its own actions that lead to the ledge, and right steps along it."""
    length, actions = options["length"], options["actions"]
    sure, cost = options["sure"] / 10, options["cost"] / 10
    leads = rng.permutation(actions) < actions // 2
    stays = (1.0 / actions) ** (length - 1)
    share = actions // 2 / actions
    return World(
        reset=reset,
        step=step,
        observe=observe,
        params=np.concatenate([[length, actions, sure, cost], leads, rng.integers(actions, size=length - 1)]),
        state_size=2,
        observation_size=2 * length,
        num_actions=actions,
        observation_low=0.0,
        observation_high=1.0,
        random_return=share * (stays - (1.0 - stays) * cost) + (1.0 - share) * sure,
        optimal_return=1.0,
    )
