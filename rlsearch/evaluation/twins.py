"""Twins: losses that are called equivalent, trained beside each other from one seed, come to the same weights.

Actions are random, so that all meet the same transitions whatever their weights, and where gradients differ by a factor, Adam's
epsilon does as well. What is left is rounding, which is measured on multiples of the class's own form.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rlsearch.envs import EnvSpec, make_task
from rlsearch.graph.text import parse
from rlsearch.train.replay.agent import Agent
from rlsearch.train.trainer import trainer_of

UPDATES = 300
SCALES = (0.7, 1.9)  # multiples of the own form that are trained beside it; a power of 2 would round nothing
# A clear difference exceeds both. Of 90 pairs that recorded batches call alike, in two environments of quickstart, none did, of
# 90 others 77. Where training is calm the former are up to 3e-6 apart, the latter 0.04 and more; where it is not, noise is 0.1.
APART = 0.02
NOISES = 100.0


class TwinRequest(NamedTuple):
    """A request to train a class's own form and some members.

    Attributes:
        class_index: of the class.
        own: text of its own form.
        members: proposal, text, and the factor of its gradient to the own form's, of each.
        env, agent, rng_seed, steps: as in a `TrialRequest`.
    """

    class_index: int
    own: str
    members: tuple[tuple[int, str, float], ...]
    env: EnvSpec
    agent: Agent
    rng_seed: int
    steps: int

    @property
    def trainings(self) -> int:
        """The number of trainings that it takes."""
        return 2 + len(SCALES) + len(self.members)


class Twin(NamedTuple):
    """A member that was trained beside its class's own form.

    Attributes:
        member: its proposal.
        class_index: its class.
        env: the environment's name.
        apart: distance between the final weights, as a share of the way from the first ones to those of the own form.
        noise: the same distance of multiples of the own form.
    """

    member: int
    class_index: int
    env: str
    apart: float
    noise: float

    @property
    def differs(self) -> bool:
        """True if rounding does not explain the distance."""
        return self.apart > max(APART, NOISES * self.noise)


def twin_steps(agent: Agent, most: int) -> int:
    """The steps of a training of twins: enough for UPDATES updates, but no more than `most`."""
    return min(most, agent.learning_starts + UPDATES * agent.update_every)


def train_twins(request: TwinRequest) -> tuple[Twin, ...]:
    """Train a class's own form and its members, each once; a pure function of the request."""
    task, agent = make_task(request.env, request.rng_seed), replace(request.agent, epsilon_start=1.0, epsilon_end=1.0)

    def weights(text: str, factor: float = 1.0, learns: bool = True) -> NDArray[np.float32]:
        loss, adapted = parse(text), replace(agent, adam_epsilon=agent.adam_epsilon * factor)
        if not learns:
            adapted = replace(adapted, learning_starts=agent.replay_capacity)
        steps = request.steps if learns else 1
        return trainer_of(loss.regime.name).train(loss, task, adapted, seed=request.rng_seed, steps=steps).theta

    def distance(text: str, factor: float) -> float:
        with np.errstate(all="ignore"):
            apart = float(np.linalg.norm(weights(text, factor) - own)) / way
        return apart if np.isfinite(apart) else 0.0  # both diverged

    own = weights(request.own)
    first = weights(request.own, learns=False)
    with np.errstate(all="ignore"):
        way = float(np.linalg.norm(own - first)) or 1.0
    noise = max(distance(_scaled(request.own, scale), scale) for scale in SCALES)
    label = request.env.label()
    return tuple(
        Twin(member, request.class_index, label, distance(text, factor), noise) for member, text, factor in request.members
    )


def _scaled(text: str, factor: float) -> str:
    """The text of a loss times a number."""
    lines, _, value = text.rpartition("loss = ")
    return f"{lines}loss = {factor!r} * ({value})"
