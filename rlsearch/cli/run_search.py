"""A search from the command line, new or resumed: its messages before, while and after."""

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from rlsearch.analysis.run_result import run_result
from rlsearch.cli.output import Words, counted, print_json, write_new
from rlsearch.cli.progress_view import Live
from rlsearch.cli.run_result import document, lines
from rlsearch.cli.signals import obeying
from rlsearch.executor.config import ExecutorConfig
from rlsearch.runs.budget import Budget, Stop
from rlsearch.runs.confirm_request import ConfirmRequest
from rlsearch.runs.estimate import beside
from rlsearch.runs.run import open_run
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
            with Live(words.stream, str(folder), rungs, budget, held) as live, obeying(stop, live.stopping) as exit_code:
                ended = run_session(run, budget, executor_config, live.update, live.announce, stop)
        except BaseException as error:
            if not isinstance(error, Exception):  # the second Ctrl-C or TERM
                _say_stopped(folder, words)
            raise
        if not ended:
            _say_stopped(folder, words)
            raise click.exceptions.Exit(exit_code())
        from rlsearch.report.from_run import run_page  # heavy: networkx and jinja2, 0.3 s

        write_new(folder / "report.html", run_page(folder), force=True)
        found = document(run_result(run.journal, run.space))
    if as_json:
        print_json(found)
    words.say()
    for line in (*lines(found), "", *_next(found)):
        words.say(line)


def _say_stopped(folder: Path, words: Words) -> None:
    words.say(f"\nstopped; everything so far is in {folder}")
    words.say(f"  go on:  rlsearch resume {shlex.quote(str(folder))}")
    words.say(f"  look:   rlsearch top {shlex.quote(str(folder))}")


def _next(document: dict[str, Any]) -> Iterator[str]:
    folder = shlex.quote(document["run"])
    budget = document["budget"]
    more = "--proposals" if budget["proposals"] else "--minutes"
    total = 2 * (budget["proposals"] or budget["minutes"])
    done = f"{counted(document['proposals'], 'proposal')}, {counted(document['classes'], 'class')} trained"
    yield f"{done}; report: {folder}/report.html"
    if document["expected"] and document["expected"]["budget"] == budget:
        yield beside(document["expected"], document["proposals"], document["total_seconds"])
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
