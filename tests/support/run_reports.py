"""Reports to render: of a whole run, and of one that has only just begun."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from rlsearch.analysis.ops_used import OpsUsed
from rlsearch.analysis.outcomes import Outcomes
from rlsearch.analysis.result import Baseline, ClassResult, Ranking, SelectedScore
from rlsearch.analysis.run_result import RunResult
from rlsearch.analysis.selection import ConfirmedScore
from rlsearch.evaluation.confirmation_state import ConfirmationState
from rlsearch.evaluation.statistics import Interval
from rlsearch.graph.text import parse
from rlsearch.report.run_report import EnvironmentReport, LossInEnvironment, RunReport

DQN = "loss = half_square(q(online, s)[a] - (r + discount * max(q(target, s_next))))"
DQN_REG = "delta = q(online, s)[a] - (r + discount * max(q(target, s_next)))\nloss = 0.5 * delta**2 + 0.1 * q(online, s)[a]"
DOUBLE_DQN = "loss = half_square(q(online, s)[a] - (r + discount * q(target, s_next)[argmax(q(online, s_next))]))"
BANDIT = "loss = half_square(q(online, s)[a] - r)"  # like no known loss
CURVE = tuple(0.9 * k / (k + 4) for k in range(20))


def confirmed(mean: float, low: float, high: float, seeds: int = 10) -> ConfirmedScore:
    """A confirmation of which the report shows the interval alone."""
    return ConfirmedScore(Interval(mean, low, high, seeds), (mean, None), ())


def class_result(text: str, rank: int, *, is_confirmed: bool = True) -> ClassResult:
    """A class of the given rank; the first is the pick."""
    mean = 0.9 - 0.02 * rank
    return ClassResult(
        index=rank,
        key=f"{rank:02x}c4d9f0a1b2c3d4e5f6",
        graph=parse(text),
        size=12 - rank % 4,
        members=1 + 3 * rank,
        selected=SelectedScore(2, Interval(mean + 0.06, mean, mean + 0.1, 3)),
        shrunken=mean + 0.03,
        confirmed=confirmed(mean, mean - 0.05, mean + 0.04) if is_confirmed else None,
        is_pick=rank == 0,
        on_front=rank < 4,
    )


def environment(name: str, unseen: bool) -> EnvironmentReport:
    """Three losses in an environment."""
    losses = tuple(
        LossInEnvironment(loss, Interval(0.8 - d, 0.74 - d, 0.85 - d, 10), tuple((1 - d) * y for y in CURVE))
        for loss, d in (("pick", 0.0), ("dqn", 0.06), ("double_dqn", 0.1))
    )
    return EnvironmentReport(name, unseen, 10_000, losses)


def full_ranking(classes: int = 10) -> Ranking:
    """Ten classes, of which five are confirmed and four on the front."""
    texts = [DQN_REG, DQN, BANDIT, DOUBLE_DQN]
    return Ranking(
        top=tuple(class_result(texts[k % 4], k, is_confirmed=k < 5) for k in range(classes)),
        front=tuple(class_result(texts[k % 4], k) for k in (3, 2, 1, 0)),
        baselines={
            "dqn": Baseline(DQN, 9, SelectedScore(2, Interval(0.85, 0.8, 0.9, 3)), confirmed(0.82, 0.77, 0.86)),
            "double_dqn": Baseline(DOUBLE_DQN, 11, None, confirmed(0.8, 0.74, 0.85)),
            "random search": Baseline("", 0, None, None),
        },
        classes=2_310,
        floor=0.05,
        finished=True,
        confirmation=ConfirmationState(20, ("dqn", "double_dqn", "#0", "#1", "#2", "#3", "#4"), tuple(range(20)), True),
    )


def full_report() -> RunReport:
    """A run with a confirmation."""
    return RunReport(
        result=RunResult(
            folder=Path("results/runs/quickstart-1"),
            space="quickstart",
            seed=1,
            strategy="evolution",
            rungs=3,
            budget={"minutes": None, "proposals": 12_345},
            proposals=12_345,
            ops=OpsUsed({}, 0),
            outcomes=Outcomes(
                {"duplicate": 6120, "trained": 2310, "rejected": 2000, "equivalent": 1915}, {"constant gradient": 2000}, {}
            ),
            search_seconds=312.4,
            total_seconds=400.0,
            expected=None,
            ranking=full_ranking(),
        ),
        environments=tuple(environment(name, name == "FrozenLake") for name in ("LayeredMDP", "CartPole-v1", "FrozenLake")),
        progress=((3, 0.11), (40, 0.32), (610, 0.71), (4022, 0.94)),
        trials=1_987,
        steps=19_870_000,
        workers=2,
        next_command="rlsearch resume results/runs/quickstart-1 --minutes 20",
        space_yaml="regime: replay\nfree_nodes: 7\n",
        stamp=(
            ("rlsearch", "0.1.0, commit 1b35062"),
            ("CPU", "Intel Xeon"),
            ("command", "rlsearch search quickstart --seed 1"),
        ),
    )


def with_ranking(report: RunReport, **changes: Any) -> RunReport:
    """A report whose ranking has other values."""
    return replace(report, result=replace(report.result, ranking=replace(report.result.ranking, **changes)))


def empty_report() -> RunReport:
    """A run that has scored nothing."""
    report = with_ranking(full_report(), top=(), front=(), baselines={}, classes=0, finished=False)
    result = replace(report.result, outcomes=Outcomes({}, {}, {}))
    return replace(report, result=result, environments=(), progress=(), space_yaml="", stamp=())
