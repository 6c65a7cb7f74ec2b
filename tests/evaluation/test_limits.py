"""Time limits of trials: as asked for, or far above what a short training takes; none where nothing could be ended."""

import math

import pytest

from rlsearch.envs import EnvSpec
from rlsearch.errors import RunError
from rlsearch.evaluation.limits import FACTOR, LEAST_S, NO_LIMITS, UPDATES, TrialLimits, measure_limits
from rlsearch.evaluation.trial import BINS, TrialRequest, disagreement, result_of, run_trial
from rlsearch.evaluation.twins import TwinRequest, train_twins
from rlsearch.executor.protocol import TimedOut, Work
from tests.support.tiny_runs import DQN, Here, flat, tiny

AGENT = tiny().agent
LAYERED, GARNET = EnvSpec("LayeredMDP"), EnvSpec("Garnet")


class Timed(Here):
    """Workers that take what they are told for a trial, in seconds by environment; inf: it is ended at its limit."""

    isolated = True

    def __init__(self, **took):
        super().__init__()
        self.took, self.asked = took, []

    def collect(self, timeout=None):
        if not self._queue or timeout == 0.0:
            return []
        work = self._queue.pop(0)[2]
        self.asked.append(work)
        seconds = self.took[work.request.env.env]
        value = flat(0, 0, 0, 0.5, seconds=seconds).result if seconds < math.inf else TimedOut(work.limit_s)
        return [(work.key, value)]


def piece(env, steps=1000):
    return Work("key", run_trial, TrialRequest(DQN, env, AGENT, 0, steps))


def measured(executor, asked_s=None, envs=(LAYERED, GARNET, LAYERED)):
    return measure_limits(envs, AGENT, "replay", executor, asked_s, "type more")


def test_a_limit_is_far_above_what_the_steps_take():
    workers = Timed(LayeredMDP=UPDATES * 1e-3, Garnet=UPDATES * 1.0)
    limits = measured(workers)
    assert limits.limited(piece(LAYERED)).limit_s == pytest.approx(LEAST_S + FACTOR * 1000 * 1e-3)
    assert limits.limited(piece(GARNET, 500)).limit_s == pytest.approx(LEAST_S + FACTOR * 500 * 1.0)
    assert [(work.request.env, work.limit_s) for work in workers.asked] == [(LAYERED, LEAST_S), (GARNET, LEAST_S)]
    assert {work.request.steps for work in workers.asked} == {AGENT.learning_starts + UPDATES * AGENT.update_every}


def test_a_limit_that_was_asked_for_is_that_of_every_trial_and_nothing_is_timed():
    workers = Timed()
    assert measured(workers, 2.5).limited(piece(GARNET)).limit_s == 2.5 and not workers.asked


def test_twins_have_the_limit_of_as_many_trials():
    """The own form, its first weights, two multiples of it, and the members."""
    request = TwinRequest(0, DQN, ((1, DQN, 1.0), (2, DQN, 1.0)), LAYERED, AGENT, 0, 1000)
    work = Work("key", train_twins, request)
    assert measured(Timed(), 2.5).limited(work).limit_s == 6 * 2.5
    assert TrialLimits(None, {LAYERED: 1e-3}).limited(work).limit_s == pytest.approx(6 * (LEAST_S + FACTOR * 1.0))


def test_where_nothing_can_be_ended_there_is_no_limit():
    assert measured(Here()) == measured(Here(), 2.5) == NO_LIMITS == TrialLimits(math.inf)
    assert NO_LIMITS.limited(piece(LAYERED)).limit_s == math.inf


def test_what_is_no_trial_has_no_limit():
    check = Work("key", disagreement, DQN)
    assert measured(Timed(), 2.5).limited(check) == check


def test_an_environment_that_does_not_come_to_an_end_is_named_with_what_to_type():
    said = r"^220 steps of training in Garnet did not end within 60 s; `rlsearch check Garnet` .*, type more$"
    with pytest.raises(RunError, match=said):
        measured(Timed(LayeredMDP=0.1, Garnet=math.inf))


def test_a_trial_that_was_cut_has_nothing_to_show_and_says_so():
    result = result_of(TimedOut(3.0))
    assert (result.curve, result.area, result.final, result.cut_after_s) == ((0.0,) * BINS, 0.0, 0.0, 3.0)
    assert (result.seconds, result.diverged_at, result.episodes) == (3.0, -1, 0) and math.isnan(result.mean_return)
    whole = flat(0, 0, 0, 0.5).result
    assert result_of(whole) is whole and whole.cut_after_s is None
