"""`rlsearch search`."""

from pathlib import Path

import click

from rlsearch.cli.argument_types import RUN_OR_LOSS, SPACE
from rlsearch.cli.budget_options import budget_options
from rlsearch.cli.confirm_options import confirm_options
from rlsearch.cli.executor_options import executor_options
from rlsearch.cli.output import Words, json_option, quiet_option
from rlsearch.cli.primitives_option import primitives_option
from rlsearch.evolve.strategies import STRATEGIES
from rlsearch.executor.config import ExecutorConfig
from rlsearch.runs.budget import MINUTES, Budget
from rlsearch.runs.confirm_request import ConfirmRequest


@click.command("search")
@click.argument("space", type=SPACE)
@click.option("-o", "--out", type=click.Path(path_type=Path), help="The run's folder.  [default: results/runs/SPACE-SEED]")
@budget_options(f"{MINUTES:g}")
@confirm_options("the space's")
@executor_options
@click.option("--seed", default=0, show_default=True, help="Same space, seed and proposals: same result.")
@click.option("--strategy", default="evolution", show_default=True, type=click.Choice(STRATEGIES), help="How to propose.")
@click.option(
    "--from",
    "begin",
    multiple=True,
    type=RUN_OR_LOSS,
    help="A loss to start from, or a run: its pick and its front; may be repeated. Replaces the space's `start` list.",
)
@primitives_option
@click.option("--dry-run", is_flag=True, help="Say what would be done and what it would cost; write nothing.")
@quiet_option
@json_option
def command(
    space: str,
    out: Path | None,
    minutes: float | None,
    proposals: int | None,
    confirm_request: ConfirmRequest,
    executor_config: ExecutorConfig,
    seed: int,
    strategy: str,
    begin: tuple[str, ...],
    dry_run: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Search a space for losses, then confirm the best ones on fresh seeds and unseen environments.

    SPACE is a shipped name (see `rlsearch spaces`) or the path of a YAML file. Ctrl-C gives the trials
    under way two seconds and stops, a second one stops at once; what is written is not lost.

    \b
    rlsearch search quickstart --minutes 2
    rlsearch search my_space.yaml --from dqn --seed 1 --out runs/mine
    rlsearch search my_space.yaml --from results/runs/quickstart-0
    """
    from rlsearch.cli.run_search import search_and_report  # heavy: numpy and pydantic, 0.3 s
    from rlsearch.run_front import starts
    from rlsearch.runs.run import Options, discarded_if_unbegun
    from rlsearch.runs.session import create

    budget = Budget(MINUTES if minutes is None and proposals is None else minutes, proposals)
    words = Words.beside(as_json, quiet)
    found = starts(begin)
    if line := found.said():
        words.say(line)
    options = Options(seed, strategy, *found, confirm_request.seeds())
    if dry_run:
        from rlsearch.cli.dry_run import print_plan

        print_plan(space, options, budget, executor_config, quiet, as_json)
        return
    folder = create(space, options, out, words.say)
    with discarded_if_unbegun(folder):
        search_and_report(folder, budget, executor_config, words, as_json)
