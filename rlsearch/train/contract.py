"""The trainer contract: a trainer's promises, checked by training, for one of your own and in tests.

from rlsearch.train.contract import Case, TrainerContract

class TestMine(TrainerContract):
    case = Case(trainer=my_module, task=..., agent=..., learns=parse("..."), diverges=parse("..."), steps=3000)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from rlsearch.envs.task import Task
from rlsearch.errors import SpaceError, expect_no_problems
from rlsearch.graph.graph import Graph
from rlsearch.train.history import History
from rlsearch.train.recording import Record
from rlsearch.train.trainer import Trainer

SHORT = 400  # steps of a training that need not learn anything
SEEDS = 3  # of a training that shall


@dataclass(frozen=True)
class Case:
    """A trainer, and the loss, environment and agent that it is tried with.

    Attributes:
        trainer: the trainer; a module is one.
        task: an environment that a good loss learns within `steps`.
        agent: of the trainer's regime.
        learns: a loss that learns it.
        diverges: a loss that makes the network diverge.
        steps: of a training that shall learn.
        foreign: a loss of another regime; None where there is none.
    """

    trainer: Trainer
    task: Task
    agent: Any
    learns: Graph
    diverges: Graph
    steps: int
    foreign: Graph | None = None

    def train(self, loss: Graph | None = None, seed: int = 0, steps: int = SHORT, **more: Any) -> History:
        """A training of this case: its history."""
        return self.trainer.train(loss or self.learns, self.task, self.agent, seed=seed, steps=steps, **more)


def problems(case: Case) -> list[str]:
    """Everything in which a trainer breaks its promises, in sentences."""
    checks = (
        find_bad_preparation,
        find_bad_histories,
        find_randomness,
        find_bad_monitoring,
        find_bad_recordings,
        find_bad_endings,
        find_no_learning,
    )
    return [said for check in checks for said in check(case)]


def find_bad_preparation(case: Case) -> Iterator[str]:
    """Problems of preparing: doing it twice must do no harm, and change nothing."""
    case.trainer.prepare()
    before = case.train()
    case.trainer.prepare()
    if _differ(before, case.train()):
        yield "a training gives another history after prepare() was called again"


def find_bad_histories(case: Case) -> Iterator[str]:
    """Problems of a history: it must be sound in itself, and what cannot be trained must be refused."""
    history, horizon = case.train(), case.task.horizon
    if history.steps != SHORT or history.taken != SHORT or history.diverged_at != -1 or history.culprit:
        yield f"after {SHORT} steps that went well the history says {history.taken} of {history.steps}, {history.culprit!r}"
    if not len(history.returns) == len(history.lengths) == len(history.ends):
        yield "returns, lengths and ends are not of the same episodes"
    elif (history.lengths < 1).any() or (history.lengths > horizon).any() or history.lengths.sum() > SHORT:
        yield f"episodes are as long as {history.lengths.max(initial=0)}; allowed is 1 to {horizon}, in all {SHORT}"
    elif (np.cumsum(history.lengths) != history.ends).any():
        yield "episodes do not follow one another: ends are not the sums of lengths"
    if history.theta.dtype != np.float32 or not np.isfinite(history.theta).all():
        yield "the weights are not finite float32 numbers"
    sizes = [(layer.weight.shape, layer.bias.shape) for layer in history.layers()]
    inner = [(out, into) for (out, into), _ in sizes]
    if sum(out * (into + 1) for out, into in inner) != history.theta.size or inner[0][1] != case.task.observation_size:
        yield f"layers() gives {sizes} for {history.theta.size} parameters"
    for loss, steps in ((case.learns, 0), *([(case.foreign, SHORT)] if case.foreign else [])):
        try:
            case.train(loss, steps=steps)
        except SpaceError:
            continue
        yield f"{steps} steps of a loss of the regime '{loss.regime.name}' are not refused with a SpaceError"


def find_randomness(case: Case) -> Iterator[str]:
    """Problems of randomness: the seed must decide everything, and nothing global anything."""
    state = repr(np.random.get_state())  # noqa: NPY002  (whether somebody touches it)
    one, same, other = (case.train(seed=seed) for seed in (0, 0, 1))
    if _differ(one, same):
        yield "one seed gives two histories"
    if not _differ(one, other):
        yield "two seeds give one history"
    if repr(np.random.get_state()) != state:  # noqa: NPY002
        yield "NumPy's global random state is used; draw from generators made of the seed"


def find_bad_monitoring(case: Case) -> Iterator[str]:
    """Problems of monitoring: a monitor must see the training as it comes, and change nothing."""
    seen: list[History] = []
    alone, watched = case.train(), case.train(monitor=seen.append)
    if _differ(alone, watched):
        yield "a monitored training gives another history"
    taken = [history.taken for history in seen]
    if len(seen) < 2 or taken != sorted({*taken}) or not 0 < taken[0] < taken[-1] < SHORT:
        yield f"the monitor is told after {taken} of {SHORT} steps; wanted: growing numbers before the end"
    for history in seen:
        known = len(history.returns)
        if (watched.returns[:known] != history.returns).any() or (history.ends > history.taken).any():
            yield f"what the monitor is told after {history.taken} steps is not how the training began"
            return


def find_bad_recordings(case: Case) -> Iterator[str]:
    """Problems of recording: batches must hold all that the regime has, finite, and be drawn without changing anything."""
    regime, wish = case.learns.regime, Record((SHORT // 2, SHORT), 16)
    alone, recorded = case.train(), case.train(record=wish)
    if _differ(alone, recorded):
        yield "a recorded training gives another history"
    steps = tuple(recording.step for recording in recorded.recordings)
    if steps != wish.steps:
        yield f"batches are recorded after {steps} steps; wanted: {wish.steps}"
    for _, batch in recorded.recordings:
        if batch.regime is not regime or {*batch.views} != {*regime.views} or {*batch.inputs} != {*regime.columns}:
            yield "a recorded batch does not hold every view and every column of the regime"
            return
        held = [*batch.views.values(), *batch.inputs.values()]
        if not all(each.shape[-1] == wish.size and each.dtype == np.float64 and np.isfinite(each).all() for each in held):
            yield f"a recorded batch is not of {wish.size} samples in finite float64 numbers"
            return


def find_bad_endings(case: Case) -> Iterator[str]:
    """Problems of divergence: a training that diverges must end early and say why."""
    history = case.train(case.diverges, steps=case.steps)
    if not 0 <= history.diverged_at < case.steps or not history.culprit:
        yield f"the loss that diverges ends at {history.diverged_at} of {case.steps}, first to leave: '{history.culprit}'"
    elif history.curve(case.task)[-1] != 0 or (history.ends > history.diverged_at + 1).any():
        yield "after a divergence the curve is not 0, or episodes go on"


def find_no_learning(case: Case) -> Iterator[str]:
    """Problems of learning: a good loss must learn."""
    curves = [case.train(seed=seed, steps=case.steps).curve(case.task) for seed in range(SEEDS)]
    first, last = (float(np.mean([curve[part] for curve in curves])) for part in (slice(0, 2), slice(-4, None)))
    if not last > first + 0.2:
        yield f"nothing is learnt: the normalised return is {first:.3f} at the beginning and {last:.3f} at the end"


def _differ(one: History, other: History) -> bool:
    """True if two histories differ in any bit."""
    pairs = ((getattr(one, name), getattr(other, name)) for name in ("returns", "lengths", "ends", "theta"))
    return one.diverged_at != other.diverged_at or any(mine.tobytes() != theirs.tobytes() for mine, theirs in pairs)


class TrainerContract:
    """A test class to inherit: every check is a test. Set `case`."""

    case: ClassVar[Case]

    def test_prepare_may_be_called_again(self) -> None:
        """Before and after a training."""
        expect_no_problems(find_bad_preparation(self.case))

    def test_a_history_is_sound(self) -> None:
        """Episodes, weights, what is refused."""
        expect_no_problems(find_bad_histories(self.case))

    def test_the_seed_decides_everything(self) -> None:
        """Bit for bit."""
        expect_no_problems(find_randomness(self.case))

    def test_a_monitor_changes_nothing(self) -> None:
        """And is told of the training as it comes."""
        expect_no_problems(find_bad_monitoring(self.case))

    def test_a_recorder_changes_nothing(self) -> None:
        """And records all that losses may read."""
        expect_no_problems(find_bad_recordings(self.case))

    def test_a_divergence_is_named(self) -> None:
        """And ends the training."""
        expect_no_problems(find_bad_endings(self.case))

    def test_a_good_loss_learns(self) -> None:
        """Clearly, over a few seeds."""
        expect_no_problems(find_no_learning(self.case))
