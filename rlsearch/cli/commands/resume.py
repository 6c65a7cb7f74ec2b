"""`rlsearch resume`."""

import click

from rlsearch.cli.argument_types import RUN
from rlsearch.cli.budget_options import budget_options
from rlsearch.cli.confirm_options import confirm_options
from rlsearch.cli.executor_options import executor_options
from rlsearch.cli.output import Words, json_option, quiet_option
from rlsearch.executor.config import ExecutorConfig
from rlsearch.runs.budget import Budget
from rlsearch.runs.confirm_request import ConfirmRequest
from rlsearch.runs.folders import run_folder


@click.command("resume")
@click.argument("run", type=RUN)
@budget_options("the run's last budget")
@confirm_options("as before")
@executor_options
@quiet_option
@json_option
def command(
    run: str,
    minutes: float | None,
    proposals: int | None,
    confirm_request: ConfirmRequest,
    executor_config: ExecutorConfig,
    quiet: bool,
    as_json: bool,
) -> None:
    """Go on with a search: as if it had never been stopped.

    --minutes and --proposals are totals, what was spent before included; without either, the run's last budget holds.
    A confirmation that was cut short, or left out, is made up for where nothing is left to search.

    \b
    rlsearch resume results/runs/quickstart-0 --minutes 20
    """
    from rlsearch.cli.run_search import search_and_report  # heavy: numpy and pydantic, 0.3 s

    budget = None if minutes is None and proposals is None else Budget(minutes, proposals)
    words = Words.beside(as_json, quiet)
    search_and_report(run_folder(run), budget, executor_config, words, as_json, confirm_request)
