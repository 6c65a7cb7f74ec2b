"""Whom a call from Python tells of its progress: a function of the user's, a bar where somebody looks, or nobody."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, NamedTuple

from rlsearch.errors import RlsearchError, shown
from rlsearch.runs.progress import OnMessage, OnProgress, Progress
from rlsearch.runs.progress_bar import make_bar

OnTrained = Callable[[int, int], None]  # told of trainings done, and of all

# A function to call; False for silence; None for a bar where somebody looks.
Watch = OnProgress | Literal[False] | None
WatchTrainings = OnTrained | Literal[False] | None


class View(NamedTuple):
    """The listeners of a search: of its progress, and of its messages."""

    progress: OnProgress | None
    message: OnMessage | None


@contextmanager
def view_of(watch: Watch) -> Iterator[View]:
    """The listeners that a search is given for a `watch`; a bar is shown inside.

    Raises:
        RlsearchError: it is none of what may be.
    """
    refuse_other(watch, "watch")
    if watch is not None:
        yield View(watch or None, None)
        return
    with make_bar() as bar:
        share = 0.0

        def tell(progress: Progress) -> None:
            nonlocal share
            share = progress.share
            bar.show(share, words_of(progress))

        yield View(tell, lambda message: bar.show(share, message))


@contextmanager
def trainings_of(watch: WatchTrainings) -> Iterator[tuple[OnTrained | None, OnMessage | None]]:
    """The listeners of a comparison for a `watch`: of trainings, and of messages; a bar is shown inside if it is None.

    Raises:
        RlsearchError: it is none of what may be.
    """
    refuse_other(watch, "on_progress")
    if watch is not None:
        yield watch or None, None
        return
    with make_bar() as bar:
        yield lambda done, of: bar.show(done / of, f"{done:,} of {of:,} trainings"), lambda message: bar.show(0.0, message)


def refuse_other(watch: object, name: str) -> None:
    """Refuse what is neither None, False nor a function.

    Raises:
        RlsearchError: it is not.
    """
    if watch is not None and watch is not False and not callable(watch):
        raise RlsearchError(f"{name} is {shown(watch)}; allowed: None for a bar, False for silence, or a function to call")


def words_of(progress: Progress) -> str:
    """A search's progress in a few words."""
    counts = f"{progress.proposals:,} proposals, {progress.statuses.get('trained', 0):,} classes"
    best = f", best {progress.best_score:.3f} on rung {progress.best_rung + 1}" if progress.best_text else ""
    return f"{'confirming: ' if progress.phase == 'confirm' else ''}{counts}{best}"
