"""Finite Markov decision processes, drawn anew for every seed and normalised by exact dynamic programming."""

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

SPLIT = "train"
CARDS = (GARNET, LAYERED)
