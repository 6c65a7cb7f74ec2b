"""Replay of a run: its proposals are made again as its journal holds them, and anything that differs is refused.

A search that goes on starts from there. An audit looks at the trials as well.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from rlsearch.errors import RunError, RunFailed
from rlsearch.evaluation.confirmation import environments_of
from rlsearch.evaluation.confirmation_state import confirmation_state
from rlsearch.evaluation.rungs import RungSchedule, all_rungs
from rlsearch.evaluation.trial import Phase, TrialRow
from rlsearch.evolve.proposal import Proposal
from rlsearch.evolve.split import Split
from rlsearch.runs.run import OpenRun
from rlsearch.runs.search_state import SearchState, row_of
from rlsearch.store.journal import Journal, ProposalRow

OnApplied = Callable[[Proposal, Sequence[TrialRow]], None]


def replay(
    run: OpenRun,
    state: SearchState,
    *,
    on_applied: OnApplied | None = None,
    should_stop: Callable[[], bool] | None = None,
    limit: int | None = None,
    check_trials: bool = False,
) -> dict[int, Sequence[TrialRow]]:
    """Bring the state of a search, from before its first proposal, to the end of its journal; nothing is trained or written.

    Args:
        run: whose journal it is.
        state: is changed; in the end some of the proposals are pending.
        on_applied: called with each proposal that is applied, and its trials.
        should_stop: whether to end before the journal does.
        limit: proposals that are gone through, at most.
        check_trials: refuse a proposal as well whose trials are not those that it was due.

    Returns:
        The stored trials of each proposal that is pending.

    Raises:
        RunError: some proposal is not what the space and the seed give.
        RunFailed: the journal ends with a loss about which TorchScript and tape disagree.
    """
    stored, pending, splits = run.journal.trials(), dict[int, Sequence[TrialRow]](), run.journal.splits(Phase.RUNG)
    state.take_baselines(run.journal.baselines())
    for row in islice(list(run.journal.proposals()), limit):
        if should_stop is not None and should_stop():
            break
        if state.full:
            applied = state.pending[0]
            trials = pending.pop(applied.index)
            apply_stored(run.journal, state, trials, splits)
            if on_applied is not None:
                on_applied(applied, trials)
        proposal = state.propose()
        if row.status == "disagree":
            raise disagreement_error(row)
        pending[row.index] = stored.pop(row.index, ())
        if check_trials and proposal is not None and (schedule := state.schedule(proposal)) is not None:
            _refuse_other_trials(run.journal, schedule, pending[row.index])
        if proposal is None or not _same(row_of(proposal), row):
            raise RunError(
                f"the journal's proposal {row.index} is not what its space and seed give here: the journal was changed, or "
                f"written by another version ({_writer(run.journal)}); restore it from a copy, or resume with that version"
            )
    return pending


def apply_stored(
    journal: Journal, state: SearchState, trials: Sequence[TrialRow], splits: Mapping[int, Sequence[Split]]
) -> None:
    """Apply the oldest pending proposal as the journal has it.

    Args:
        trials: of the proposal.
        splits: that the journal holds, by the proposal after which they were found.

    Raises:
        RunError: other forms leave their class than did when the journal was written.
    """
    index = state.pending[0].index
    refuse_other_splits(journal, f"after proposal {index}", state.apply(trials), splits.get(index, ()))


def refuse_other_splits(journal: Journal, when: str, made: Sequence[Split], stored: Sequence[Split]) -> None:
    """Refuse a journal that holds other splits than are made here; the last digits of differences may differ.

    Raises:
        RunError: it does.
    """
    same = len(made) == len(stored) and all(
        replace(one, difference=other.difference) == other and math.isclose(one.difference, other.difference, rel_tol=1e-6)
        for one, other in zip(made, stored, strict=True)
    )
    if not same:
        raise RunError(
            f"the forms that left their class {when} are not those that do here: the journal was changed, or written by "
            f"another version ({_writer(journal)}); restore it from a copy"
        )


def check_baselines(run: OpenRun) -> None:
    """Check the known losses' trials on the rungs, as far as there are any; a run that has come to its end has all.

    Raises:
        RunError: some loss's are not those that it was due.
    """
    held, finished = run.journal.baselines(), run.journal.metadata()["finished"]
    for name, text in run.space.baselines.items():
        if name in held or (finished and run.journal.count()):
            schedule = RungSchedule(name, text, all_rungs(run.space), run.space, run.options.seed)
            _refuse_other_trials(run.journal, schedule, held.get(name, ()))


def check_confirmation(run: OpenRun) -> None:
    """Check that the confirmation's trials are of the losses, seeds and environments that were planned.

    Raises:
        RunError: some trial is of another one.
    """
    found = run.journal.confirmations()
    state = confirmation_state(run.journal.metadata(), found, run.space)
    labels, steps = [env.label() for env in environments_of(run.space)], run.space.rungs[-1].steps
    due = {(env, label, seed, steps) for env, label in enumerate(labels) for seed in range(state.planned)}
    for name, rows in found.items():
        met = {(row.env_index, row.env, row.seed_index, row.steps) for row in rows}
        if name not in state.losses or not met <= due:
            raise _other_trials(run.journal, f"the confirmation of '{name}'")


def disagreement_error(row: ProposalRow) -> RunFailed:
    """The error for a loss on which TorchScript and tape disagree."""
    what = f"about proposal {row.index}, {row.reason}"
    return RunFailed(f"TorchScript and tape disagree {what}; this is a bug of rlsearch. Loss:\n{row.genome}")


def _same(made: ProposalRow, stored: ProposalRow) -> bool:
    """True if a proposal is the stored one; schema 1 did not write how the population changed."""
    return made == (stored if stored.population is not None else replace(stored, population=made.population))


def _refuse_other_trials(journal: Journal, schedule: RungSchedule, rows: Sequence[TrialRow]) -> None:
    if not schedule.matches(rows):
        whose = f"proposal {schedule.candidate}" if isinstance(schedule.candidate, int) else f"'{schedule.candidate}'"
        raise _other_trials(journal, whose)


def _other_trials(journal: Journal, whose: str) -> RunError:
    return RunError(
        f"the journal's trials of {whose} are not those that it was due: the journal was changed, or written by "
        f"another version ({_writer(journal)}); restore it from a copy"
    )


def _writer(journal: Journal) -> str:
    made_with = journal.metadata()["stamp"]
    return f"rlsearch {made_with['versions']['rlsearch']}, commit {made_with['commit'] or 'unknown'}"
