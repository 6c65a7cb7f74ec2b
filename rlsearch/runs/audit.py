"""The audit of a run: its proposals made again, its trials looked at one by one, and a few of them trained again."""

from typing import NamedTuple

from rlsearch.errors import RunError
from rlsearch.evaluation.trial import Phase, TrialRequest, run_trial, trial_seed
from rlsearch.graph.genome import parse_genome
from rlsearch.graph.text import print_graph
from rlsearch.provenance.stamp import differences, stamp
from rlsearch.runs.replay import check_baselines, check_confirmation, replay
from rlsearch.runs.run import OpenRun
from rlsearch.runs.search_state import SearchState
from rlsearch.simplify.canonical import canonical

PROPOSED = 20_000  # proposals that are made again, at most: about a millisecond each
TRAINED = 3  # proposals of which a trial is trained again


class Audit(NamedTuple):
    """The number of proposals made again and of trials trained again, and the reason if none were, or ""."""

    proposed: int
    trained: int
    untrained: str


def audit_run(run: OpenRun) -> Audit:
    """Compare a run with what comes of its space and its seed here.

    Raises:
        RunError: it is not the same.
    """
    with run.journal.snapshot():
        check_baselines(run)
        check_confirmation(run)
        state = SearchState(run.space, run.options)
        replay(run, state, limit=PROPOSED, check_trials=True)
        # Other versions and processors may give other last digits.
        if other := differences(run.journal.metadata()["stamp"], stamp()):
            return Audit(state.index, 0, "; ".join(other))
        return Audit(state.index, _train_again(run), "")


def _train_again(run: OpenRun) -> int:
    """Train the first trial of a few proposals again, spread over the run, and compare; returns their number."""
    rows, trials = {row.index: row for row in run.journal.proposals()}, run.journal.trials()
    indices = sorted(trials)[:: max(1, len(trials) // TRAINED)][:TRAINED]
    for index in indices:
        row, first = rows[index], trials[index][0]
        text = print_graph(canonical(parse_genome(rows[row.class_index].genome).graph()))
        env = run.space.rungs[first.rung].envs[first.env_index]
        rng_seed = trial_seed(run.options.seed, Phase.RUNG, first.env_index, first.seed_index, first.rung)
        again = run_trial(TrialRequest(text, env, run.space.agent, rng_seed, first.steps))
        if repr(again._replace(seconds=0.0)) != repr(first.result._replace(seconds=0.0)):
            raise RunError(
                f"a trial of proposal {index}, trained again, does not give what the journal says: the journal was changed, "
                "or this machine computes otherwise; restore it from a copy"
            )
    return len(indices)
