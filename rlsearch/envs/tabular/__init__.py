"""Small Markov decision processes with exact references, most of them drawn anew for every seed."""

from rlsearch.envs.card import Card, Option

_EXACT = (
    "exact, by dynamic programming; the optimum is the stationary policy that is greedy for the discounted Q* at the "
    "task's gamma, so a policy that knows the time left may score a little above 1"
)

GARNET = Card(
    id="Garnet",
    module="rlsearch.envs.tabular.garnet",
    doc="A random Markov decision process that never ends, another one for every seed.",
    source="Bhatnagar, Sutton, Ghavamzadeh and Lee 2009; Archibald, McKinnon and Thomas 1995",
    skills=("stochasticity", "credit assignment", "generalisation"),
    actions="2 to 3",
    observation="one-hot of the state",
    reward="a normal number for every state and action",
    references=_EXACT,
    horizon="horizon",
    gamma=(0.9, 0.95),
    gamma_limits=(0.0, 0.999),
    options={
        "states": Option("Number of states.", 8, 3, 64),
        "actions": Option("Number of actions.", (2, 3), 2, 8),
        "branching": Option("Number of states that an action may lead to.", (2, 3), 1, 3),
        "horizon": Option("Steps after which an episode is cut off.", 50, 5, 1000),
    },
)

LAYERED = Card(
    id="LayeredMDP",
    module="rlsearch.envs.tabular.layered",
    doc="A walk through random layers, in which the greatest next reward is the wrong guide; another for every seed.",
    source="this project: the stepping stone from bandit losses to temporal differences",
    skills=("credit assignment", "stochasticity", "generalisation"),
    actions="2 to 3",
    observation="one-hot of the state, the end included",
    reward="a normal number for every state plus half a normal number for every state and action",
    references=_EXACT,
    horizon="layers",
    gamma=0.99,
    gamma_limits=(0.5, 1.0),
    options={
        "layers": Option("Number of layers: the length of every episode that does not end early.", (3, 5), 2, 10),
        "width": Option("Number of states in a layer.", (3, 4), 2, 8),
        "exits": Option("Percentage of outcomes that end the episode early.", 0, 0, 50),
        "actions": Option("Number of actions.", (2, 3), 2, 8),
    },
)

_BIAS_OBSERVATION = "3: one-hot of A, B and the end"

MAXIMISATION_BIAS = Card(
    id="MaximisationBias",
    module="rlsearch.envs.tabular.maximisation_bias",
    doc="From A go right for nothing, or left to B, where many actions pay noise with a mean below 0.",
    source="Sutton and Barto 2018, example 6.7",
    skills=("stochasticity",),
    actions="2 to 20; from A odd ones go left, even ones right; from B all end the episode",
    observation=_BIAS_OBSERVATION,
    reward="0 from A; from B N(-0.1, 1), whatever the action",
    references="exact: -0.1 times the share of actions that go left, and 0; the noise of B is 20 times that gap",
    horizon=2,
    gamma=1.0,
    options={"actions": Option("Number of actions.", 10, 2, 20)},
)

RANDOM_MAXIMISATION_BIAS = Card(
    id="RandomMaximisationBias",
    module="rlsearch.envs.tabular.random_maximisation_bias",
    doc="MaximisationBias with another payment, noise and order of actions for every seed; for half of them left is right.",
    source="this project, after Sutton and Barto 2018, example 6.7",
    skills=("stochasticity", "generalisation"),
    actions="2 to 20; from A half of them, rounded down, go left; from B all end the episode",
    observation=_BIAS_OBSERVATION,
    reward="0 from A; from B normal, its mean from 0.1 to 0.5 with a random sign, its standard deviation from 0.05 to 2",
    references="exact: the mean times the share of actions that go left, and the mean or 0, whichever is greater",
    horizon=2,
    gamma=1.0,
    options={"actions": Option("Number of actions.", (2, 16), 2, 20)},
)

SPLIT = "train"
CARDS = (GARNET, LAYERED, MAXIMISATION_BIAS, RANDOM_MAXIMISATION_BIAS)
