"""Environments that do what no environment should: the corridor that is shipped as an example, with a few lines changed."""

from pathlib import Path

from rlsearch.envs import example

CORRIDOR = Path(example.__file__).read_text(encoding="utf-8")
STEP = "    state[0] = max(state[0] + 2.0 * action - 1.0, 0.0)\n"
DRAW = '    length = options["length"]\n'
PARAMS = "np.array([float(length)])"
SEED = "np.array([float(length), _rng.random()])"  # a number of the seed's own beside the length


def corridor(**changes: str) -> str:
    """The module of a corridor, by name of what is changed: `step` and `draw` begin with further lines."""
    text = CORRIDOR.replace(STEP, changes.get("step", "") + STEP).replace(DRAW, changes.get("draw", "") + DRAW)
    return changes.get("head", "") + text.replace(PARAMS, changes.get("params", PARAMS))


LOOP = "    while params[0] > 0.0:\n        state[0] += 1.0\n"
HANGS = corridor(step=LOOP)
# Of a search of seed 0: seeds 1 and 2 of the first rung, and not in the confirmation.
HANGS_FOR_SOME_SEEDS = corridor(params=SEED, step="    while 0.5 < params[1] < 0.6:\n        state[0] += 1.0\n")
CRASHES = corridor(step="    state[1 << 40] = 1.0\n")
EXITS = corridor(draw="    __import__('os')._exit(3)\n")
EXITS_WHEN_IMPORTED = "__import__('os')._exit(3)\n"
TAKES_ALL_MEMORY = corridor(draw="    np.ones(10**13)\n")
