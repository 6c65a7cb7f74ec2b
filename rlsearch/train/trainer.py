"""The protocol of trainers, whatever the regime and whatever runs the numbers."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol

from rlsearch.envs.task import Task
from rlsearch.errors import SpaceError
from rlsearch.graph.graph import Graph
from rlsearch.train.history import History
from rlsearch.train.recording import Record

Monitor = Callable[[History], None]  # told of a training as far as it has come, some times while it runs

# The module that trains losses of each regime.
TRAINERS = {"replay": "rlsearch.train.replay.trainer"}


class Trainer(Protocol):
    """A module or object that trains a fresh agent with a loss. `TrainerContract` plays it against its promises.

    The same arguments give the same history, bit for bit, on the same CPU model, monitored and recorded
    or not. Four random streams are
    spawned from the seed; none is drawn from anywhere else. A training that diverges ends early and says what left the finite
    numbers first. No clock decides anything.
    """

    def prepare(self) -> None:
        """Load, or compile, everything that `train` runs, in this process; a second call costs nothing."""

    def train(
        self,
        loss: Graph,
        task: Task,
        agent: Any,
        *,
        seed: int,
        steps: int,
        monitor: Monitor | None = None,
        record: Record | None = None,
    ) -> History:
        """Train for some steps of the environment.

        Args:
            loss: of the trainer's regime; the trainer lowers it, or scripts it, itself.
            task: an environment drawn for a seed of its own; offers `observation_size`, `num_actions` and `normalise`.
            agent: what else an agent is in this regime: network, optimizer, how it explores and what it stores.
            seed: of all that is random.
            steps: environment steps.
            monitor: told of the history so far after each twentieth of the steps.
            record: when to draw a batch of all that losses of the regime may read, for the history; that changes nothing else.

        Raises:
            SpaceError: what is asked for cannot be trained; naming what is allowed.
        """


def trainer_of(regime: str) -> Trainer:
    """The trainer of a regime's losses; its import compiles nothing, `prepare` and `train` do.

    Raises:
        SpaceError: there is none.
    """
    if regime not in TRAINERS:
        raise SpaceError(f"no trainer trains losses of the regime '{regime}'; those of {', '.join(TRAINERS)} can be trained")
    trainer: Any = import_module(TRAINERS[regime])
    return trainer  # type: ignore[no-any-return]
