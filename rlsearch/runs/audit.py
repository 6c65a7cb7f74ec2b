"""Whether a run is what its space and seed give: proposals made again, trials looked at one by one, a few trained again."""

from typing import NamedTuple

from rlsearch.errors import RunError
from rlsearch.evaluation.trial import TrialRequest, run_trial, trial_seed
from rlsearch.graph.genome import parse_genome
from rlsearch.graph.text import print_graph
from rlsearch.provenance.stamp import differences, stamp
from rlsearch.runs.run import Options
from rlsearch.runs.search_loop import verify
from rlsearch.simplify.canonical import canonical
from rlsearch.space.load import Space
from rlsearch.store.journal import Journal

PROPOSED = 20_000  # proposals that are made again, at most: about a millisecond each
TRAINED = 3  # proposals of which a trial is trained again


class Proof(NamedTuple):
    """How many proposals were made again and trials trained again; why none of the latter, or ""."""

    proposed: int
    trained: int
    untrained: str


def prove(journal: Journal, space: Space, options: Options) -> Proof:
    """Compare a run with what comes of its space and its seed here.

    Raises:
        RunError: it is not the same.
    """
    with journal.moment():
        proposed = verify(journal, space, options, PROPOSED)
        # Other versions and processors may give other last digits.
        if other := differences(journal.facts()["stamp"], stamp()):
            return Proof(proposed, 0, "; ".join(other))
        return Proof(proposed, _train_again(journal, space, options), "")


def _train_again(journal: Journal, space: Space, options: Options) -> int:
    """Train the first trial of a few proposals, spread over the run, and compare."""
    rows, trials = {row.number: row for row in journal.proposals()}, journal.trials()
    numbers = sorted(trials)[:: max(1, len(trials) // TRAINED)][:TRAINED]
    for number in numbers:
        row, first = rows[number], trials[number][0]
        text = print_graph(canonical(parse_genome(rows[row.class_].genome).graph()))
        env = space.model.rungs[first.rung].envs[first.place]
        seed = trial_seed(options.seed, first.rung, first.place, first.seed)
        again = run_trial(TrialRequest(text, env, space.agent, seed, first.steps))
        if repr(again._replace(seconds=0.0)) != repr(first.result._replace(seconds=0.0)):
            raise RunError(
                f"a trial of proposal {number}, trained again, does not give what the journal says: the journal was changed, "
                "or this machine computes otherwise; restore it from a copy"
            )
    return len(numbers)
