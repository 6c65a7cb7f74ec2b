"""Batches recorded from short real trainings: what losses read in shipped environments, from the first update to the last.

Fourteen environments of 2 to 18 actions: rewards that are mostly 0, always -1, dense, large or scaled, discounts from 0.9 to 1,
episodes of one step. The losses differ in the size of what they learn; one overestimates until its values are far off. Of each
training there are four batches: at its beginning, when all networks are one or nearly so; just after a copy, when the online
network and its target are one; from between copies; and at its end, where progress is 1.
"""

from functools import cache
from itertools import cycle, islice
from typing import NamedTuple

import numpy as np

from rlsearch.envs import EnvSpec, make_task
from rlsearch.graph.text import parse
from rlsearch.regimes.batch import Batch
from rlsearch.regimes.replay import REGIME
from rlsearch.registry import known_losses
from rlsearch.train.recording import Record
from rlsearch.train.replay.agent import Agent
from rlsearch.train.replay.trainer import train
from tests.support.agreement import Samples, join_samples
from tests.support.tasks import agent_with

SAMPLES = 32  # of a batch, as many as a training draws
PER_COUNT = 16  # batches for each number of actions

OFTEN = agent_with(hidden=(32, 32), target_period=20, learning_rate=3e-3)
RARELY = agent_with(hidden=(32, 32), target_period=10, update_every=4, learning_starts=33)


class Training(NamedTuple):
    """A way of training: the text of a loss, the agent, so many steps."""

    loss: str
    agent: Agent
    steps: int

    @property
    def recorded(self) -> tuple[int, ...]:
        """The steps at which batches are drawn."""
        starts, every, period = self.agent.learning_starts, self.agent.update_every, self.agent.target_period
        first = -(-starts // every) * every  # the first update
        copied = first + (2 * period - 1) * every
        return starts, copied, copied + (self.steps - copied) // 2 + every, self.steps


DQN = Training(known_losses()["dqn"], OFTEN, 2000)
LONG = Training(known_losses()["mc_mix"], RARELY, 20_000)
SOFT = Training(known_losses()["munchausen_dqn"], RARELY, 1000)
N_STEP = Training(known_losses()["n_step_dqn"], OFTEN, 2000)
FAR_OFF = Training("loss = half_square(q(online, s)[a] - (1 + r + 1.5 * max(q(target, s_next))))", OFTEN, 1200)

LAYERED = EnvSpec("LayeredMDP", (("actions", 2),), gamma=0.9)
CARTPOLE = EnvSpec("CartPole-v1", reward_scale=0.1)
CATCH, CAR, ACROBOT = EnvSpec("Catch"), EnvSpec("MountainCar-v0"), EnvSpec("Acrobot-v1")
CLIFF, LAKE = EnvSpec("CliffWalking-v1"), EnvSpec("FrozenLake-v1")
CHAIN, PENDULUM = EnvSpec("DiscountingChain"), EnvSpec("Pendulum-v1")
TAXI, SCALED_TAXI = EnvSpec("Taxi-v4"), EnvSpec("Taxi-v4", reward_scale=10.0)
LAVA, GRID = EnvSpec("MiniGrid-LavaGapS5-v0"), EnvSpec("TabularGridWorld")
ONE_STEP = EnvSpec("MaximisationBias", (("actions", 12),))
DRAWN = EnvSpec("RandomMaximisationBias", (("actions", 18),))

# By the number of actions.
TRAININGS: dict[int, tuple[tuple[EnvSpec, Training], ...]] = {
    2: ((CARTPOLE, DQN), (LAYERED, SOFT), (LAYERED, FAR_OFF), (CARTPOLE, LONG)),
    3: ((CATCH, DQN), (CAR, N_STEP), (ACROBOT, FAR_OFF), (CATCH, LONG)),
    4: ((CLIFF, DQN), (LAKE, SOFT), (CLIFF, FAR_OFF), (LAKE, LONG)),
    5: ((CHAIN, SOFT), (PENDULUM, N_STEP), (PENDULUM, FAR_OFF), (CHAIN, LONG)),
    6: ((TAXI, DQN), (SCALED_TAXI, SOFT), (TAXI, FAR_OFF), (TAXI, LONG)),
    7: ((LAVA, DQN), (LAVA, N_STEP), (LAVA, FAR_OFF), (LAVA, SOFT)),
    9: ((GRID, DQN), (GRID, N_STEP), (GRID, FAR_OFF), (GRID, LONG)),
    12: ((ONE_STEP, DQN), (ONE_STEP, N_STEP), (ONE_STEP, FAR_OFF), (ONE_STEP, SOFT)),
    18: ((DRAWN, DQN), (DRAWN, SOFT), (DRAWN, FAR_OFF), (DRAWN, LONG)),
}


@cache
def recorded_batches() -> Samples:
    """The batches of all trainings, made once in a process; named by environment, step and steps: `Catch 51/2000`."""
    batches, names = list[Batch](), list[tuple[str, ...]]()
    for trainings in TRAININGS.values():
        drawn = [named for env, training in trainings for named in _recordings(env, training)]
        kept = list(islice(cycle(drawn), PER_COUNT))  # a training that diverged left fewer
        names.append(tuple(name for name, _ in kept))
        batches.append(_stacked([batch for _, batch in kept]))
    return join_samples(batches, names)


def _recordings(env: EnvSpec, training: Training) -> list[tuple[str, Batch]]:
    """What is drawn in a training, with its name."""
    loss, agent, steps = training
    record = Record(training.recorded, SAMPLES)
    history = train(parse(loss), make_task(env, 0), agent, seed=0, steps=steps, record=record)
    return [(f"{env.env} {step}/{steps}", batch) for step, batch in history.recordings]


def _stacked(batches: list[Batch]) -> Batch:
    """Batches `[A, B]` of one number of actions as one `[A, batches, B]`."""
    views = {view: np.stack([batch.views[view] for batch in batches], axis=1) for view in REGIME.views}
    inputs = {name: np.stack([batch.inputs[name] for batch in batches]) for name in REGIME.columns}
    return Batch(REGIME, batches[0].sizes, views, inputs)
