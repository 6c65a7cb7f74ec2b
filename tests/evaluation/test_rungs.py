"""Rungs: which trials come next, where a candidate stops, and that neither order nor place of the trials matters."""

import math
import random

import numpy as np
import pytest

from rlsearch.envs import EnvSpec
from rlsearch.evaluation.rungs import RungSchedule, ScheduledRung, TrialKey, mean_score
from rlsearch.evaluation.trial import Phase, TrialRequest, disagreement, run_trial, trial_seed
from rlsearch.executor.protocol import TimedOut
from tests.support.tiny_runs import DQN, Here, flat, tiny

SPACE = tiny()
LAYERED, GARNET = EnvSpec("LayeredMDP"), EnvSpec("Garnet")
FREE = -math.inf


def ladder(*bars):
    return (
        ScheduledRung(0, (LAYERED,), (0,), 100, bars[0]),
        ScheduledRung(1, (LAYERED, GARNET), (0, 1), 150, bars[1]),
        ScheduledRung(2, (GARNET,), (3,), 200, bars[2]),
    )


def climbed(*bars, checked=True):
    """A schedule carried out."""
    schedule, here = RungSchedule(7, DQN, ladder(*bars), SPACE, 1), Here()
    for work in schedule.start(checked):
        here.submit(work)
    while here.pending():
        for key, value in here.collect():
            for work in schedule.on_result(key, value):
                here.submit(work)
    assert schedule.done
    return schedule


def trained(schedule):
    return [(row.rung, row.seed_index, row.env_index) for row in schedule.rows]


def test_a_climb_stops_at_the_bar_it_misses():
    second = [(1, 0, 0), (1, 0, 1), (1, 1, 0), (1, 1, 1)]
    assert trained(climbed(1.1, FREE, FREE)) == [(0, 0, 0)]
    assert trained(climbed(FREE, 1.1, FREE)) == [(0, 0, 0), *second]
    assert trained(climbed(FREE, FREE, 1.1)) == [(0, 0, 0), *second, (2, 3, 0)]


def test_a_bar_that_is_just_reached_lets_pass():
    score = mean_score(climbed(1.1, 0, 0).rows, SPACE)
    assert len(climbed(score, 1.1, 0).rows) == 5
    assert len(climbed(np.nextafter(score, 2), 1.1, 0).rows) == 1


def test_rows_tell_where_they_come_from():
    row = climbed(FREE, FREE, FREE).rows[-1]
    assert (row.env, row.steps) == ("Garnet", 200)
    again = run_trial(TrialRequest(DQN, GARNET, SPACE.agent, trial_seed(1, Phase.RUNG, 0, 3, 2), 200))
    assert row.result._replace(seconds=0.0) == again._replace(seconds=0.0)


def test_trials_may_come_back_in_any_order():
    """Made-up results: rows are in order of rung, seed and place, and no trial begins before its rung."""
    wanted = None
    for attempt in range(20):
        schedule, shuffled = RungSchedule(7, DQN, ladder(FREE, FREE, FREE), SPACE, 1), random.Random(attempt)
        todo = schedule.start(checked=False)
        begun = {work.key for work in todo}
        assert {work.priority for work in todo} == {7}
        assert {ticket.rung for ticket in begun} == {0}
        while todo:
            work = todo.pop(shuffled.randrange(len(todo)))
            key = work.key
            score = 0.1 * key.rung + 0.01 * key.seed_index + 0.001 * key.env_index
            further = schedule.on_result(key, "" if key.seed_index < 0 else flat(0, 0, 0, score).result)
            assert not further or not todo, "a rung began before the one before was complete"
            assert not begun & {piece.key for piece in further}
            begun |= {piece.key for piece in further}
            todo += further
        assert schedule.done
        wanted = wanted or schedule.rows
        assert schedule.rows == wanted
        assert trained(schedule) == sorted(trained(schedule)) and len(schedule.rows) == 6


def test_the_check_goes_beside_the_first_rung_and_a_disagreement_ends_it():
    schedule = RungSchedule(7, DQN, ladder(FREE, FREE, FREE), SPACE, 1)
    first, *trials = schedule.start(checked=False)
    assert first.function is disagreement and first.request == DQN
    assert [work.key for work in trials] == [TrialKey(7, 0, 0, 0)]
    assert schedule.on_result(first.key, "value: 1 and 2") == [] and not schedule.done
    assert schedule.on_result(trials[0].key, flat(0, 0, 0, 1.0).result) == []
    assert schedule.done and schedule.disagreement == "value: 1 and 2"
    assert disagreement(DQN) == ""


def test_a_known_losses_trials_come_before_all_candidates():
    schedule = RungSchedule("dqn", DQN, ladder(FREE, FREE, FREE), SPACE, 1)
    assert max(work.priority for work in schedule.start(checked=True)) < 0


@pytest.mark.parametrize("checked", [True, False])
def test_a_real_climb_with_its_check(checked):
    assert trained(climbed(1.1, 0, 0, checked=checked)) == [(0, 0, 0)]


def test_a_loss_whose_trial_was_cut_climbs_no_further_and_is_replayed_so():
    """Further rungs are longer."""
    schedule = RungSchedule(7, DQN, ladder(FREE, FREE, FREE), SPACE, 1)
    (first,) = schedule.start(checked=True)
    second = schedule.on_result(first.key, flat(0, 0, 0, 0.9).result)
    for work in second:
        cut = work.key.env_index == 1 and work.key.seed_index == 0
        assert schedule.on_result(work.key, TimedOut(3.0) if cut else flat(1, 0, 0, 0.9).result) == []
    assert schedule.done and [row.result.cut_after_s for row in schedule.rows] == [None, None, 3.0, None, None]
    again = RungSchedule(7, DQN, ladder(FREE, FREE, FREE), SPACE, 1)
    assert again.matches(schedule.rows)
