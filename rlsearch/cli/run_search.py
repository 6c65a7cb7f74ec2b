"""A search from the command line, new or resumed: its messages before, while and after."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from rlsearch.analysis.run_result import run_result
from rlsearch.cli.output import Words, counted, print_json, write_new
from rlsearch.cli.progress_view import Live
from rlsearch.cli.run_result import document, lines
from rlsearch.cli.signals import obeying
from rlsearch.cli.streams import OutputLost
from rlsearch.cli.tables import fitting
from rlsearch.errors import RunFailed, as_word
from rlsearch.executor.config import ExecutorConfig
from rlsearch.runs.budget import Budget, Stop
from rlsearch.runs.confirm_request import ConfirmRequest
from rlsearch.runs.estimate import beside
from rlsearch.runs.run import OpenRun, open_run
from rlsearch.runs.session import resolve_budget, run_session


def search_and_report(
    folder: Path,
    budget: Budget | None,
    executor_config: ExecutorConfig,
    words: Words,
    as_json: bool,
    confirm_request: ConfirmRequest | None = None,
) -> None:
    """Run a search, show progress, and print its result and the next commands; the run's lock is held throughout.

    Without a `confirm_request`, the run confirms as it was begun with.
    """
    with open_run(folder, write=True) as run:
        run = run.confirming(confirm_request or ConfirmRequest())
        budget = resolve_budget(run, budget)
        held, rungs, name = run.journal.count(), len(run.space.rungs), run.space.name
        words.say(f"{'resuming' if held else 'searching'} {name} in {folder} {executor_config}")
        stop = Stop()
        try:
            with Live(words, str(folder), rungs, budget, held) as live, obeying(stop, live.stopping) as exit_code:
                ended = run_session(run, budget, executor_config, live.update, live.announce, stop)
        except OutputLost as lost:
            raise RunFailed(f"{lost}; the search has stopped{_remedy(run)}") from None
        except BaseException as error:
            if not isinstance(error, Exception):  # the second Ctrl-C or TERM
                _say_stopped(run, words)
            raise
        if not ended:
            _say_stopped(run, words)
            raise click.exceptions.Exit(exit_code())
        from rlsearch.report.from_run import run_page  # heavy: networkx and jinja2, 0.3 s

        write_new(folder / "report.html", run_page(folder), force=True)
        found = document(run_result(run.journal, run.space))
    if as_json:
        print_json(found)
    said = lines(found, explained=False) if words.quiet else ["", *lines(found), "", *_next(found)]
    if not (words.quiet and as_json):
        print("\n".join(said), file=words.stream)


def _remedy(run: OpenRun) -> str:
    """The end of a message about a search that has stopped: how to go on, if there is anything to go on with."""
    return "" if run.journal.is_empty() else f"; `rlsearch resume {as_word(run.journal.folder)}` goes on from what is written"


def _say_stopped(run: OpenRun, words: Words) -> None:
    if run.journal.is_empty():
        words.say("\nstopped before anything was searched")
        return
    folder = run.journal.folder
    words.say(f"\nstopped; everything so far is in {folder}")
    words.say(f"  go on:  rlsearch resume {as_word(folder)}")
    words.say(f"  look:   rlsearch top {as_word(folder)}")


def _next(document: dict[str, Any]) -> Iterator[str]:
    folder = as_word(document["run"])
    budget = document["budget"]
    more = "--proposals" if budget["proposals"] else "--minutes"
    total = 2 * (budget["proposals"] or budget["minutes"])
    done = f"{counted(document['proposals'], 'proposal')}, {counted(document['classes'], 'class')} trained"
    yield from fitting(f"{done}; report: {folder}/report.html")
    if document["expected"] and document["expected"]["budget"] == budget:
        yield from fitting(beside(document["expected"], document["proposals"], document["total_seconds"]))
    yield f"  go on:    rlsearch resume {folder} {more} {total:g}"
    confirmation = document["confirmation"]
    if confirmation["losses"] and confirmation["met"] < confirmation["planned"]:
        yield f"  confirm:  rlsearch resume {folder} --proposals {document['proposals']}"
    yield f"  report:   rlsearch report {folder} -o page.html"
    if document["top"]:
        baseline = next(iter(document["baselines"]), "dqn")
        env = "CartPole-v1,Catch"
        yield f"  read:     rlsearch show {folder}@best"
        yield f"  export:   rlsearch export {folder}@best --to python -o loss.py"
        yield f"  compare:  rlsearch compare {baseline} {folder}@best --envs {env} --seeds 10"
