"""Environments of bsuite (Osband et al. 2020), each built to probe one skill."""

from rlsearch.envs.card import Card, Option

CATCH = Card(
    id="Catch",
    module="rlsearch.envs.bsuite.catch",
    doc="Move a paddle along the bottom row to be under the ball when it lands.",
    source="bsuite 0.3 catch (Osband et al. 2020)",
    skills=("basic", "credit assignment"),
    actions="3: left, stay, right",
    observation="50: a 10 x 5 board, 1 where the ball or the paddle is",
    reward="1 or -1 when the ball lands, else 0",
    references="random: exact, -0.6; optimum: 1, as the centre is at most 2 columns from any ball",
    horizon=9,
    gamma=0.99,
)

DEEP_SEA = Card(
    id="DeepSea",
    module="rlsearch.envs.bsuite.deep_sea",
    doc="Sink through an N x N sea whose treasure is reached only by going right, at a small cost, N times in a row.",
    source="bsuite 0.3 deep_sea and deep_sea_stochastic (Osband et al. 2020)",
    skills=("exploration",),
    actions="2: left and right; which is which is drawn for every cell and every seed",
    observation="N * N: one-hot of the cell, all 0 below the last row",
    reward="1 for right in the bottom right corner, less 0.01 / N for every right; stochastic: plus N(0, 1) in both corners",
    references="exact, in closed form; deterministic: 2^-N - 0.005 and 0.99",
    horizon="size",
    gamma=0.99,
    options={
        "size": Option("Rows and columns N, which is the length of an episode.", (8, 20), 4, 40),
        "dynamics": Option.among("Whether right may fail (1 in N) and corners pay noise.", "deterministic", "stochastic"),
    },
)

DISCOUNTING_CHAIN = Card(
    id="DiscountingChain",
    module="rlsearch.envs.bsuite.discounting_chain",
    doc="The first of 100 actions chooses after how many steps 1 is paid, and one of the five delays pays 1.1.",
    source="bsuite 0.3 discounting_chain (Osband et al. 2020)",
    skills=("credit assignment",),
    actions="5: be paid after 1, 3, 10, 30 or 100 steps; only the first counts",
    observation="2: the first action (-1 before it), share of the 100 steps that has passed",
    reward="1 or 1.1 at the chosen step, else 0",
    references="exact: 1.02 and 1.1; below a discount of 0.99904 a learner rightly prefers 1 at once to 1.1 after 100 steps",
    horizon=100,
    gamma=1.0,
    options={"bonus": Option("Which of the five actions, from 0 to 4, pays 1.1.", (0, 4), 0, 4)},
)

UMBRELLA_CHAIN = Card(
    id="UmbrellaChain",
    module="rlsearch.envs.bsuite.umbrella_chain",
    doc="Take an umbrella or not, by a forecast that is seen, and learn only at the end whether that was right.",
    source="bsuite 0.3 umbrella_chain (Osband et al. 2020)",
    skills=("credit assignment", "stochasticity"),
    actions="2: leave or take the umbrella; only the first counts",
    observation="3 + distractors: forecast, umbrella, share of the time left, random bits",
    reward="1 or -1 at the end; before, 1 or -1 at random",
    references="exact: 0 and 1",
    horizon="length",
    gamma=0.99,
    options={
        "length": Option("Steps of an episode.", (10, 20), 1, 100),
        "distractors": Option("Number of observed bits that mean nothing.", 20, 0, 100),
    },
)

SPLIT = "validation"
CARDS = (CATCH, DEEP_SEA, DISCOUNTING_CHAIN, UMBRELLA_CHAIN)
