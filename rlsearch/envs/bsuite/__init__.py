"""Environments of bsuite (Osband et al. 2020), each built to probe one skill."""

from rlsearch.envs.card import Card

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

SPLIT = "validation"
CARDS = (CATCH,)
