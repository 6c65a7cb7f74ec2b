"""Climbs: which trials come next, where a climb stops, and that neither order nor place of the trials matters."""

import math
import random

import numpy as np
import pytest

from rlsearch.envs import EnvSpec
from rlsearch.evaluation.rungs import Climb, Rung, Ticket, mean_score
from rlsearch.evaluation.trial import TrialRequest, disagreement, run_trial, trial_seed
from tests.support.tiny_runs import DQN, Here, flat, tiny

SPACE = tiny()
LAYERED, GARNET = EnvSpec("LayeredMDP"), EnvSpec("Garnet")
FREE = -math.inf


def ladder(*bars):
    return (
        Rung(0, (LAYERED,), (0,), 100, bars[0]),
        Rung(1, (LAYERED, GARNET), (0, 1), 150, bars[1]),
        Rung(2, (GARNET,), (3,), 200, bars[2]),
    )


def climbed(*bars, checked=True):
    """A climb carried out."""
    climb, here = Climb(7, DQN, ladder(*bars), SPACE, 1), Here()
    for work in climb.begin(checked):
        here.submit(work)
    while here.pending():
        for key, value in here.collect():
            for work in climb.take(key, value):
                here.submit(work)
    assert climb.done
    return climb


def places(climb):
    return [(row.rung, row.seed, row.place) for row in climb.rows]


def test_a_climb_stops_at_the_bar_it_misses():
    second = [(1, 0, 0), (1, 0, 1), (1, 1, 0), (1, 1, 1)]
    assert places(climbed(1.1, FREE, FREE)) == [(0, 0, 0)]
    assert places(climbed(FREE, 1.1, FREE)) == [(0, 0, 0), *second]
    assert places(climbed(FREE, FREE, 1.1)) == [(0, 0, 0), *second, (2, 3, 0)]


def test_a_bar_that_is_just_reached_lets_pass():
    score = mean_score(climbed(1.1, 0, 0).rows, SPACE)
    assert len(climbed(score, 1.1, 0).rows) == 5
    assert len(climbed(np.nextafter(score, 2), 1.1, 0).rows) == 1


def test_rows_tell_where_they_come_from():
    row = climbed(FREE, FREE, FREE).rows[-1]
    assert (row.env, row.steps) == ("Garnet", 200)
    again = run_trial(TrialRequest(DQN, GARNET, SPACE.agent, trial_seed(1, 2, 0, 3), 200))
    assert row.result._replace(seconds=0.0) == again._replace(seconds=0.0)


def test_trials_may_come_back_in_any_order():
    """Made-up results: rows are in order of rung, seed and place, and no trial begins before its rung."""
    wanted = None
    for attempt in range(20):
        climb, shuffled = Climb(7, DQN, ladder(FREE, FREE, FREE), SPACE, 1), random.Random(attempt)
        todo = climb.begin(checked=False)
        begun = {work.key for work in todo}
        assert {work.priority for work in todo} == {7}
        assert {ticket.rung for ticket in begun} == {0}
        while todo:
            work = todo.pop(shuffled.randrange(len(todo)))
            score = 0.1 * work.key.rung + 0.01 * work.key.seed + 0.001 * work.key.place
            further = climb.take(work.key, "" if work.key.seed < 0 else flat(0, 0, 0, score).result)
            assert not further or not todo, "a rung began before the one before was complete"
            assert not begun & {piece.key for piece in further}
            begun |= {piece.key for piece in further}
            todo += further
        assert climb.done
        wanted = wanted or climb.rows
        assert climb.rows == wanted
        assert places(climb) == sorted(places(climb)) and len(climb.rows) == 6


def test_the_check_goes_beside_the_first_rung_and_a_disagreement_ends_the_climb():
    climb = Climb(7, DQN, ladder(FREE, FREE, FREE), SPACE, 1)
    first, *trials = climb.begin(checked=False)
    assert first.function is disagreement and first.request == DQN
    assert [work.key for work in trials] == [Ticket(7, 0, 0, 0)]
    assert climb.take(first.key, "value: 1 and 2") == [] and not climb.done
    assert climb.take(trials[0].key, flat(0, 0, 0, 1.0).result) == []
    assert climb.done and climb.disagreement == "value: 1 and 2"
    assert disagreement(DQN) == ""


def test_a_known_losses_trials_come_before_all_candidates():
    climb = Climb("dqn", DQN, ladder(FREE, FREE, FREE), SPACE, 1)
    assert max(work.priority for work in climb.begin(checked=True)) < 0


@pytest.mark.parametrize("checked", [True, False])
def test_a_real_climb_with_its_check(checked):
    assert places(climbed(1.1, 0, 0, checked=checked)) == [(0, 0, 0)]
