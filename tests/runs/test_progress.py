"""Progress: counts go up proposal by proposal, and the best class is the one that got furthest."""

from dataclasses import replace

from rlsearch.evolve.class_scores import ClassScore
from rlsearch.runs.progress import Progress
from rlsearch.runs.run import Options, evolution_of
from tests.support.tiny_runs import flat, tiny

PROPOSAL = evolution_of(tiny(), Options(seed=1)).propose(0)


def test_what_is_applied_is_counted():
    trials = [flat(0, 0, 0, 0.5), flat(1, 0, 0, 0.5)]
    one = Progress().after(replace(PROPOSAL, status="trained"), trials, ClassScore(1, {0: 0.5}), "loss = r", 2.5, 0.1)
    assert (one.proposals, one.statuses, one.trials, one.steps, one.seconds, one.share) == (1, {"trained": 1}, 2, 600, 2.5, 0.1)
    assert (one.best_text, one.best_score, one.best_rung, one.improved_at) == ("loss = r", 0.5, 1, 0)
    two = one.after(replace(PROPOSAL, index=1, status="trained"), trials[:1], ClassScore(0, {0: 0.9}), "loss = a", 3.0, 0.2)
    assert (two.statuses, two.trials, two.best_text) == ({"trained": 2}, 3, "loss = r")  # it fell on an earlier rung
    three = two.after(replace(PROPOSAL, index=2, status="rejected"), [], None, "", 3.5, 0.3)
    assert (three.proposals, three.statuses, three.trials) == (3, {"trained": 2, "rejected": 1}, 3)
    four = three.after(replace(PROPOSAL, index=3, status="duplicate"), trials, ClassScore(1, {0: 0.7}), "loss = b", 4.0, 0.4)
    assert (four.best_text, four.best_score, four.improved_at) == ("loss = b", 0.7, 3)
