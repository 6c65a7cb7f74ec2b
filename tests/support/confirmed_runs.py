"""Runs written by hand: four losses of different size that climbed the rungs, and a confirmation of some of them."""

from typing import Any

from rlsearch.analysis.ranking import ranking
from rlsearch.analysis.result import Ranking
from rlsearch.evaluation.trial import Phase, TrialRow
from tests.support.tiny_runs import DQN, by_hand, flat, tiny

SPACE = tiny(confirm={"seeds": 6, "envs": ["Catch"], "top": 4})
ENVS = 3  # of the confirmation
LARGE = "loss = half_square(q(online, s)[a] - (r + discount * max(q(target, s_next)) + 0 * r)) + 0.1 * abs(q(online, s)[a])"
MIDDLE = DQN
SMALL = "loss = half_square(q(online, s)[a] - r)"
TINY = "loss = q(online, s)[a]**2"


def climbed(score: float) -> list[TrialRow]:
    """Trials of a class that reached the last rung."""
    return [flat(0, 0, 0, 0.5), *(flat(1, env, seed, score) for seed in range(2) for env in range(2))]


def fresh(*scores: float) -> list[TrialRow]:
    """A confirmation's trials, a score for each seed."""
    return [flat(Phase.CONFIRM, env, seed, score) for seed, score in enumerate(scores) for env in range(ENVS)]


LOSSES = [(LARGE, climbed(0.9)), (MIDDLE, climbed(0.8)), (SMALL, climbed(0.95)), (TINY, [flat(0, 0, 0, 0.05)])]


def found(tmp_path: Any, confirmed: Any, losses: Any = LOSSES, limit: int = 10) -> Ranking:
    """The ranking of such a run."""
    with by_hand(tmp_path / "run", SPACE, losses, confirmed) as journal:
        return ranking(journal, SPACE, limit)
