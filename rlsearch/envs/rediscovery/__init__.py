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

SPLIT = "train"
CARDS = (LEDGER,)
