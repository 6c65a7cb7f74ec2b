"""`rlsearch top`."""

import click

from rlsearch.cli.argument_types import RUN
from rlsearch.cli.output import counted, json_option, print_json, quiet_option
from rlsearch.cli.tables import fitting
from rlsearch.runs.folders import run_folder


@click.command("top")
@click.argument("run", type=RUN)
@click.option("-n", "count", default=10, show_default=True, type=click.IntRange(min=1), help="How many losses.")
@quiet_option
@json_option
def command(run: str, count: int, quiet: bool, as_json: bool) -> None:
    """The best losses of a run, confirmed ones first; it may still be running.

    RUN is a run's folder, or its name under results/runs.

    \b
    rlsearch top results/runs/quickstart-0
    """
    from rlsearch.analysis.run_result import run_result
    from rlsearch.cli.run_result import document, lines, ops_tried, rejections
    from rlsearch.runs.run import open_run  # heavy: numpy and pydantic, 0.3 s

    with open_run(run_folder(run)) as opened:
        found = document(run_result(opened.journal, opened.space, count), count)
    if as_json:
        print_json(found)
        return
    state = "finished" if found["finished"] else "not finished"
    summary = (
        f"{found['run']}: {counted(found['proposals'], 'proposal')}, "
        f"{counted(found['classes'], 'class')} trained, "
        f"{found['search_seconds'] / 60:.1f} minutes of search, {state}"
    )
    if not quiet:
        said = [part for part in (summary, rejections(found), ops_tried(found)) if part]
        print("\n".join([*(line for part in said for line in fitting(part)), ""]))
    print("\n".join(lines(found, not quiet)))
