"""The audit of a run: its proposals made again, its trials looked at one by one, and a few of them trained again."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rlsearch.errors import RunError
from rlsearch.evaluation.limits import FACTOR, LEAST_S
from rlsearch.evaluation.recording import DRAWN
from rlsearch.evaluation.trial import Phase, TrialRequest, TrialResult, TrialRow, run_trial, trial_seed
from rlsearch.executor.child import Tell, call_in_child, tell_nobody
from rlsearch.graph.genome import parse_genome
from rlsearch.graph.text import print_graph
from rlsearch.provenance.stamp import differences, stamp
from rlsearch.runs.replay import apply_stored, check_baselines, check_confirmation, refuse_other_splits, replay
from rlsearch.runs.run import OpenRun
from rlsearch.runs.search_state import SearchState
from rlsearch.simplify.canonical import canonical
from rlsearch.train.recording import Record

PROPOSED = 20_000  # proposals that are made again, at most: about a millisecond each
TRAINED = 3  # proposals of which a trial is trained again


class Audit(NamedTuple):
    """The findings of an audit that found nothing wrong.

    Attributes:
        proposed: proposals made again.
        trained: trials trained again.
        untrained: the reason if none were, or "".
        cut: trials that their time limit ended, which are taken as the journal has them: a clock decided that.
    """

    proposed: int
    trained: int
    untrained: str
    cut: int = 0


def audit_run(run: OpenRun) -> Audit:
    """Compare a run with what comes of its space and its seed here.

    Raises:
        RunError: it is not the same.
    """
    with run.journal.snapshot():
        check_baselines(run)
        check_confirmation(run)
        state = SearchState(run.space, run.options)
        pending = replay(run, state, limit=PROPOSED, check_trials=True)
        if state.index == run.journal.count():
            _check_end(run, state, pending)
        cut = _count_cut(run)
        # Other versions and processors may give other last digits.
        if other := differences(run.journal.metadata()["stamp"], stamp()):
            return Audit(state.index, 0, "; ".join(other), cut)
        return Audit(state.index, _train_again(run), "", cut)


def _count_cut(run: OpenRun) -> int:
    kinds = (run.journal.trials(), run.journal.baselines(), run.journal.confirmations())
    return sum(trial.result.cut_after_s is not None for kind in kinds for trials in kind.values() for trial in trials)


def _check_end(run: OpenRun, state: SearchState, pending: Mapping[int, Sequence[TrialRow]]) -> None:
    """Apply what is pending, and find the forms again that left their class at the end of the search, on what was recorded."""
    in_search = run.journal.splits(Phase.RUNG)
    while state.pending:
        apply_stored(run.journal, state, pending[state.pending[0].index], in_search)
    for stored in run.journal.splits(Phase.CONFIRM).values():
        classes = dict.fromkeys(split.class_index for split in stored)
        made = state.evolution.guard.check_classes(state.applied, classes)
        by_member = (sorted(some, key=lambda split: split.member) for some in (made, stored))
        refuse_other_splits(run.journal, "at its end", *by_member)


def _train_again(run: OpenRun) -> int:
    """Train a trial of a few proposals again, the first that came to its end, spread over the run, and compare.

    Returns:
        The number of trials.
    """
    rows = {row.index: row for row in run.journal.proposals()}
    whole = {
        index: ended[0]
        for index, trials in run.journal.trials().items()
        if (ended := [trial for trial in trials if trial.result.cut_after_s is None])
    }
    indices = sorted(whole)[:: max(1, len(whole) // TRAINED)][:TRAINED]
    requests = [_request(run, rows[rows[index].class_index].genome, whole[index]) for index in indices]
    for index, again in zip(indices, _train(requests, [whole[index].result.seconds for index in indices]), strict=True):
        if repr(again._replace(seconds=0.0)) != repr(whole[index].result._replace(seconds=0.0)):
            raise RunError(
                f"a trial of proposal {index}, trained again, does not give what the journal says: the journal was changed, "
                "or this machine computes otherwise; restore it from a copy"
            )
    return len(indices)


def _request(run: OpenRun, genome: str, trial: TrialRow) -> TrialRequest:
    """The request that a trial was an answer to."""
    text = print_graph(canonical(parse_genome(genome).graph()))
    env = run.space.rungs[trial.rung].envs[trial.env_index]
    rng_seed = trial_seed(run.options.seed, Phase.RUNG, trial.env_index, trial.seed_index, trial.rung)
    record = Record(tuple(batch.step for batch in trial.result.recordings), DRAWN)
    return TrialRequest(text, env, run.space.agent, rng_seed, trial.steps, record)


def _train(requests: Sequence[TrialRequest], took_s: Sequence[float]) -> list[TrialResult]:
    """Train; in a child process where an environment is the user's own, which may hang by now.

    Args:
        took_s: seconds that each took before.
    """
    if any(request.env.is_own for request in requests):
        return call_in_child(_train_one_by_one, (requests, took_s))
    return _train_one_by_one((requests, took_s), tell_nobody)


def _train_one_by_one(given: tuple[Sequence[TrialRequest], Sequence[float]], tell: Tell) -> list[TrialResult]:
    found = []
    for request, seconds in zip(*given, strict=True):
        tell(f"a training in {request.env.label()} that took {seconds:.2g} s before", LEAST_S + FACTOR * seconds)
        found.append(run_trial(request))
    return found
