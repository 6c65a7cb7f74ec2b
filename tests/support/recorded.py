"""Batches recorded in trainings of a few environments, whose rewards are mostly 0, mostly 1, and hardly ever either."""

from functools import cache

from rlsearch.envs import EnvSpec, make_task
from rlsearch.evaluation.recording import DRAWN, batch_of, keep
from rlsearch.graph.text import parse
from rlsearch.regimes.batch import Batch
from rlsearch.registry import known_losses
from rlsearch.train.recording import Record
from rlsearch.train.replay.trainer import train
from tests.support.tasks import agent_with

ENVS = ("Catch", "CartPole-v1", "LayeredMDP", "FrozenLake-v1")
LOSSES = ("dqn", "mc_mix")


@cache
def recorded(envs: tuple[str, ...] = ENVS, steps: int = 600) -> tuple[Batch, ...]:
    """Three batches of each environment with each of the losses."""
    found: list[Batch] = []
    for env in envs:
        for name in LOSSES:
            loss, task, record = parse(known_losses()[name]), make_task(EnvSpec(env), 0), Record((100, 350, steps), DRAWN)
            history = train(loss, task, agent_with(), seed=1, steps=steps, record=record)
            found += [batch_of(keep(recording, 1), loss.regime) for recording in history.recordings]
    return tuple(found)
