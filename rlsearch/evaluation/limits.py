"""Time limits of trials and twins, so that an environment which hangs, or is endlessly slow, costs a trial and not the search.

They are far above what a trial takes, as a trial that is cut is a fact which a clock has decided.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rlsearch.envs import EnvSpec
from rlsearch.errors import RunError
from rlsearch.evaluation.trial import TrialRequest, result_of, run_trial
from rlsearch.evaluation.twins import TwinRequest
from rlsearch.executor.protocol import Executor, Work, run_all
from rlsearch.registry import reference_loss
from rlsearch.train.replay.agent import Agent

LEAST_S = 60.0  # of a limit that was not asked for
FACTOR = 10.0  # of what a trial is expected to take, that it gets on top
UPDATES = 200  # that are timed


@dataclass(frozen=True)
class TrialLimits:
    """The time limits of trials.

    Attributes:
        fixed_s: of every trial; None where they follow from the steps.
        step_s: seconds of a step that learns, by environment.
    """

    fixed_s: float | None = math.inf
    step_s: Mapping[EnvSpec, float] = field(default_factory=dict)

    def limited(self, work: Work) -> Work:
        """A piece of work with the limit that is due to it, which is none unless something is trained."""
        request = work.request
        if not isinstance(request, TrialRequest | TwinRequest):
            return work
        trainings = request.trainings if isinstance(request, TwinRequest) else 1
        if self.fixed_s is not None:
            return work._replace(limit_s=trainings * self.fixed_s)
        return work._replace(limit_s=trainings * (LEAST_S + FACTOR * request.steps * self.step_s[request.env]))


NO_LIMITS = TrialLimits()


def measure_limits(
    envs: Iterable[EnvSpec], agent: Agent, regime: str, executor: Executor, asked_s: float | None, remedy: str
) -> TrialLimits:
    """The limits of trials in some environments: as asked for, or from a short training in each, timed now.

    Args:
        executor: ready; one that can end nothing keeps no limit.
        asked_s: the limit of every trial, or None.
        remedy: what to type where an environment is as slow as that, in words.

    Raises:
        RunError: a short training does not end.
    """
    if asked_s is not None or not executor.isolated:
        return TrialLimits(asked_s if executor.isolated else math.inf)
    learning = UPDATES * agent.update_every
    steps = agent.learning_starts + learning
    loss, measured = reference_loss(regime), dict[EnvSpec, float]()
    timed = [Work(env, run_trial, TrialRequest(loss, env, agent, 0, steps), limit_s=LEAST_S) for env in dict.fromkeys(envs)]
    for env, value in run_all(executor, timed):
        assert isinstance(env, EnvSpec)
        result = result_of(value)
        if result.cut_after_s is not None:
            raise RunError(
                f"{steps} steps of training in {env.label()} did not end within {LEAST_S:g} s; "
                f"`rlsearch check {env.env}` looks for what is wrong there, and if it is just slow, {remedy}"
            )
        measured[env] = result.seconds / learning
    return TrialLimits(None, measured)
