"""`rlsearch search`."""

from pathlib import Path

import click

from rlsearch.cli.argument_types import LOSS, SPACE
from rlsearch.cli.budget_options import budget_options
from rlsearch.cli.executor_options import executor_options
from rlsearch.cli.output import Words, json_option, quiet_option
from rlsearch.cli.primitives_option import primitives_option
from rlsearch.evolve.strategies import STRATEGIES
from rlsearch.executor.config import ExecutorConfig
from rlsearch.runs.budget import MINUTES, Budget


@click.command("search")
@click.argument("space", type=SPACE)
@click.option("--out", type=click.Path(path_type=Path), help="The run's folder.  [default: results/runs/SPACE-SEED]")
@budget_options(f"{MINUTES:g}")
@executor_options
@click.option("--seed", default=0, show_default=True, help="Same space, seed and proposals: same result.")
@click.option("--strategy", default="evolution", show_default=True, type=click.Choice(STRATEGIES), help="How to propose.")
@click.option("--from", "starts", multiple=True, type=LOSS, help="A loss to start from; may be repeated.")
@primitives_option
@click.option("--dry-run", is_flag=True, help="Say what would be done and what it would cost; write nothing.")
@quiet_option
@json_option
def command(
    space: str,
    out: Path | None,
    minutes: float | None,
    proposals: int | None,
    executor_config: ExecutorConfig,
    seed: int,
    strategy: str,
    starts: tuple[str, ...],
    dry_run: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Search a space for losses, then confirm the best ones on fresh seeds and unseen environments.

    SPACE is a shipped name (see `rlsearch spaces`) or the path of a YAML file. Ctrl-C finishes the
    trials under way and stops, a second one stops at once; nothing is lost.

    \b
    rlsearch search quickstart --minutes 2
    rlsearch search my_space.yaml --from dqn --seed 1 --out runs/mine
    """
    from rlsearch.api import texts  # heavy: numpy and pydantic, 0.3 s
    from rlsearch.cli.run_search import search_and_report
    from rlsearch.runs.run import Options, discarded_if_unbegun
    from rlsearch.runs.session import create

    budget = Budget(MINUTES if minutes is None and proposals is None else minutes, proposals)
    words = Words.beside(as_json, quiet)
    options = Options(seed, strategy, texts(starts))
    if dry_run:
        from rlsearch.cli.dry_run import print_plan

        print_plan(space, options, budget, executor_config, quiet, as_json)
        return
    folder = create(space, options, out, words.say)
    with discarded_if_unbegun(folder):
        search_and_report(folder, budget, executor_config, words, as_json)
