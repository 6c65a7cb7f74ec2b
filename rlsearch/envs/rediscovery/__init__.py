"""Environments each of which asks for a remedy that DQN lacks, so that a search can be seen to find it, or not."""

from rlsearch.envs.card import Card, Option

_PROJECT = "this project"

LEDGER = Card(
    id="Ledger",
    module="rlsearch.envs.rediscovery.ledger",
    doc="Learn the best action of each context where rewards hold rare huge errors that are taken back one step later.",
    source=f"{_PROJECT}; gross errors after Huber 1964; asks for a robust error, such as Huber's",
    skills=("stochasticity",),
    actions="2 to 20",
    observation="contexts + 1: one-hot of the context, or of the correction",
    reward="a normal number for every context and action, rarely with a huge error; then what takes the error back",
    references="exact: the mean over the contexts of the mean pay, and of the greatest",
    horizon=2,
    gamma=0.9,
    options={
        "contexts": Option("Number of contexts.", 8, 1, 64),
        "actions": Option("Number of actions.", 4, 2, 20),
        "size": Option("Size of an error.", 100, 0, 10_000),
        "chance": Option("Chance of an error in a thousand.", 20, 0, 500),
    },
)

BLIND_LOCK = Card(
    id="BlindLock",
    module="rlsearch.envs.rediscovery.blind_lock",
    doc="Push several times in a row, unseen, for a pay that random pushing hardly ever earns, or leave a losing lottery.",
    source=f"{_PROJECT}; the shadowed equilibria of Matignon, Laurent and Le Fort-Piat 2007, for one agent; asks for optimism, "
    "such as an expectile, that ends in time",
    skills=("exploration", "stochasticity"),
    actions="2 to 8: one, drawn for the seed, pushes; the others rest",
    observation="1: always 1",
    reward="-1 for a push, and the pay for the last of a row; 0 for rest",
    references="exact; the optimum is that of the best chance of a push, in thousandths, as all steps look alike",
    horizon=30,
    gamma=0.9,
    options={
        "needed": Option("Pushes in a row.", 3, 2, 10),
        "pay": Option("Tenths of reward for a row.", 50, 1, 500),
        "vain_pay": Option("The same in the lottery; never so many that it would be no loss.", 20, 1, 500),
        "actions": Option("Number of actions.", 2, 2, 8),
        "vain": Option("Percent of seeds that are a lottery, where any push may be paid.", 0, 0, 100),
    },
)

LEDGE = Card(
    id="Ledge",
    module="rlsearch.envs.rediscovery.ledge",
    doc="Two ways of equal length; the one that pays more is a ledge, from which every wrong step falls.",
    source=f"{_PROJECT}, after the cliff of Sutton and Barto 2018, example 6.6; asks for a backup that knows of exploration, "
    "such as a soft or mean one",
    skills=("exploration",),
    actions="2 to 10; at the fork half of them, rounded down, lead to the ledge",
    observation="2 * length: one-hot of the fork, the places of the sure way, those of the ledge, the end",
    reward="0; at the end 1 on the ledge, less on the sure way; a fall costs",
    references="exact; the optimum, 1, is that of a walker who never explores",
    horizon="length",
    gamma=0.95,
    options={
        "length": Option("Steps of either way.", 4, 2, 20),
        "actions": Option("Number of actions.", 4, 2, 10),
        "sure": Option("Tenths of reward that the sure way pays.", 6, 0, 10),
        "cost": Option("Tenths of reward that a fall costs.", 5, 0, 100),
    },
)

FORGOTTEN = Card(
    id="Forgotten",
    module="rlsearch.envs.rediscovery.forgotten",
    doc="The first action decides what the last step pays, and nothing in between says which it was.",
    source=f"{_PROJECT}; the hidden state of Singh, Jaakkola and Jordan 1994, as a chain; asks for the return itself",
    skills=("credit assignment",),
    actions="2 to 10; only the first of an episode counts",
    observation="length: one-hot of the steps taken",
    reward="0, and at the end what the first action pays: equal steps from -1 to 1, in an order drawn for the seed",
    references="exact: 0 and 1",
    horizon="length",
    gamma=0.95,
    options={
        "length": Option("Steps of an episode.", 8, 2, 60),
        "actions": Option("Number of actions.", 4, 2, 10),
    },
)

TIGHTROPE = Card(
    id="Tightrope",
    module="rlsearch.envs.rediscovery.tightrope",
    doc="Of two routes that look alike one pays more, but every wrong step on it costs.",
    source=f"{_PROJECT}; off-policy returns as in Precup, Sutton and Singh 2000; asks for returns corrected for exploration",
    skills=("credit assignment", "exploration"),
    actions="2; which is right is drawn for every step and seed",
    observation="length: one-hot of the steps taken",
    reward="a cost for every wrong step on the rope; at the end 1 on the rope, less on the path",
    references="exact; the optimum, 1, is that of a walker who never explores",
    horizon="length",
    gamma=1.0,
    options={
        "length": Option("Steps of an episode.", 8, 2, 60),
        "cost": Option("Tenths of reward that a wrong step costs.", 5, 0, 100),
        "path": Option("Tenths of reward that the path pays.", 5, 0, 9),
    },
)

SPLIT = "train"
CARDS = (LEDGER, BLIND_LOCK, LEDGE, FORGOTTEN, TIGHTROPE)
