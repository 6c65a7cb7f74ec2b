"""A confirmation in words, with its own numbers: how the pick was chosen, and how far the confirmation came."""

from rlsearch.evaluation.confirmation_state import ConfirmationState


def rule(state: ConfirmationState) -> str:
    """The rule by which a confirmed pick was chosen: on how many seeds, and on how many others its score is reported."""
    rest = "the other one gives" if state.reporting == 1 else f"the other {state.reporting} give"
    if state.choosing == 1:  # a standard error needs two
        return f"the best class on one of {state.met} fresh seeds, too few to prefer a smaller one; {rest} its reported score"
    return (
        f"the smallest class within one standard error of the best confirmed score; {state.choosing} of {state.met} fresh "
        f"seeds choose it, {rest} its reported score"
    )


def unconfirmed_rule(finished: bool) -> str:
    """The rule by which a pick is chosen as long as nothing is confirmed."""
    yet = "" if finished else " yet"
    return f"the best selected score, drawn towards the mean where there are few seeds; nothing is confirmed{yet}"


def shortfall(state: ConfirmationState, finished: bool) -> str:
    """The warning about a confirmation that is not what a space plans; "" if there is nothing to say.

    Args:
        state: of the confirmation.
        finished: whether the run has come to its end.
    """
    if state.is_empty:
        return (
            "Nothing to confirm: no class passed the first rung, so none was trained on fresh seeds. "
            "A longer search may find one that does."
        )
    if not state.planned:
        return (
            "Not confirmed, as was asked for (--no-confirm): the score that chose the pick flatters it. "
            "`rlsearch resume RUN --confirm` confirms it."
        )
    if not state.is_short or not (finished or state.begun or state.reporting):
        return ""
    ended = "the time ended" if finished else "it is under way, or was stopped,"
    met = f"{ended} when every loss had met {state.met:,} of {state.planned:,} fresh seeds"
    if state.reporting:
        halves = f"{state.choosing} of them chose the pick, {state.reporting} {'gives' if state.reporting == 1 else 'give'}"
        return f"The confirmation is cut short: {met}; {halves} its reported score."
    if finished:
        return f"Nothing is confirmed: {met}, and two are the least. A longer run may do it."
    return f"Nothing is confirmed yet: {met}, and two are the least."
