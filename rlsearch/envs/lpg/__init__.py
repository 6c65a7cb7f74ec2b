"""Worlds on which Learned Policy Gradient was trained (Oh et al. 2020): delayed chains and grids of objects."""

from rlsearch.envs.card import Card, Option
from rlsearch.envs.lpg.board import RANDOM, TABULAR, Board

_SOURCE = "Oh et al. 2020, Discovering Reinforcement Learning Algorithms, appendix A"
_MOVES = Option.among("Whether one may go to all eight neighbours, or only up, down, left, right; or stay.", "nine", "five")
_REWARD = "1 or -1 for an object that lies in the cell gone to, else 0"


def _variants(boards: dict[str, Board]) -> Option:
    """An option that names the paper's variants, with what tells them apart in words."""
    words = [
        f"{name} {len(board.plan)} x {len(board.plan[0])} with {len(board.items)} and {board.steps}"
        for name, board in boards.items()
    ]
    return Option.among(f"Size, number of objects and steps: {', '.join(words)}.", *boards)


DELAYED_CHAIN = Card(
    id="DelayedChain",
    module="rlsearch.envs.lpg.delayed_chain",
    doc="The first of many actions decides whether the last step pays 1 or -1.",
    source=f"{_SOURCE}; which action is right is fixed for a seed, as hidden and redrawn it could not be learnt",
    skills=("credit assignment", "stochasticity"),
    actions="2; only the first counts",
    observation="1 + 2 * length: one-hot of the start, or of the first action and the depth; in bits 22",
    reward="1 or -1 at the end; with noise, 1 or -1 at random in every step before",
    references="exact: 0 and 1",
    horizon="length",
    gamma=0.99,
    options={
        "length": Option("Steps of an episode; the paper's long chains have 5 to 50.", (5, 30), 2, 200),
        "noise": Option.among("What steps before the last pay.", "none", "signs"),
        "observation": Option.among(
            "What is seen: the state, or whether and what was chosen, among 20 random bits.", "state", "bits"
        ),
    },
)

TABULAR_GRID = Card(
    id="TabularGridWorld",
    module="rlsearch.envs.lpg.tabular_grid",
    doc="Collect good objects, avoid bad ones, which lie and come back where they were; another layout for every seed.",
    source=_SOURCE,
    skills=("credit assignment", "stochasticity", "exploration"),
    actions="9 or 5: stay, up, down, left, right, then diagonally",
    observation="cells + objects: one-hot of the cell, a bit for each object (the paper's tabular index, factored)",
    reward=_REWARD,
    references="exact for each layout, by dynamic programming; the optimum is that of a policy that knows the time left",
    horizon=("variant", tuple(board.steps for board in TABULAR.values())),
    gamma=0.99,
    options={"variant": _variants(TABULAR), "moves": _MOVES},
)

RANDOM_GRID = Card(
    id="RandomGridWorld",
    module="rlsearch.envs.lpg.random_grid",
    doc="Collect good objects, avoid bad ones, which lie elsewhere in every episode and come back elsewhere.",
    source=_SOURCE,
    skills=("generalisation", "stochasticity", "scale"),
    actions="9 or 5: stay, up, down, left, right, then diagonally",
    observation="(1 + types, + 1 with walls) * cells: channels of the agent, of each type of object, and of walls",
    reward=_REWARD,
    references="by variant and moves; random: measured over 500,000 episodes or more; optimum: exact for small_sparse and "
    "very_dense, else what a planner earns that goes to the nearest good object around the bad ones, over 100,000 or more",
    horizon=("variant", tuple(board.steps for board in RANDOM.values())),
    gamma=0.99,
    options={"variant": _variants(RANDOM), "moves": _MOVES},
)

SPLIT = "train"
CARDS = (DELAYED_CHAIN, TABULAR_GRID, RANDOM_GRID)
