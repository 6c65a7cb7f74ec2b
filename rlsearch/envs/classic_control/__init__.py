"""Classic control: small physical systems, ported from Gymnasium bit for bit."""

from rlsearch.envs.card import Card

CARTPOLE = Card(
    id="CartPole-v1",
    module="rlsearch.envs.classic_control.cartpole",
    doc="Keep a pole upright on a cart by pushing the cart left or right.",
    source="Gymnasium 1.4 CartPole-v1; Barto, Sutton and Anderson 1983",
    skills=("basic",),
    actions="2: push left, push right",
    observation="4: position, velocity, angle, angular velocity",
    reward="1 every step, the last one too",
    references="random: measured over 20 million episodes; optimum: the horizon",
    horizon=500,
    gamma=0.99,
    oracle="CartPole-v1",
)

SPLIT = "train"
CARDS = (CARTPOLE,)
