"""`rlsearch report`."""

import re
from pathlib import Path

import click

from rlsearch.cli.argument_types import RUN_OR_LOSS
from rlsearch.cli.formula_argument import FormulaCommand
from rlsearch.cli.output import force_option, json_option, print_json, write_new
from rlsearch.cli.primitives_option import primitives_option
from rlsearch.errors import RlsearchError
from rlsearch.loss import NAME, Loss
from rlsearch.registry import known_losses
from rlsearch.runs.folders import is_folder, is_run, run_folder


@click.command("report", cls=FormulaCommand)
@click.argument("what", metavar="RUN|LOSS", type=RUN_OR_LOSS)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The page.  [default: RUN/report.html, LOSS.html]")
@primitives_option
@force_option
@json_option
def command(what: str, output: Path | None, force: bool, as_json: bool) -> None:
    """A web page about a run or a loss: one file, no network, no script.

    \b
    rlsearch report results/runs/quickstart-0 -o page.html
    rlsearch report dqn -o dqn.html
    """
    if is_run(what) or (what not in known_losses() and is_folder(what)):
        from rlsearch.report.from_run import run_page
        from rlsearch.runs.run import open_run

        folder = run_folder(what)
        with open_run(folder):
            page = run_page(folder)
        path = output or folder / "report.html"
        write_new(path, page, force or output is None)
        kind = "run"
    else:
        if NAME.fullmatch(what) and not what.endswith(".loss") and what not in known_losses():
            raise RlsearchError(
                f"'{what}' is neither a run nor a known loss; type a run's folder, one of "
                f"{', '.join(known_losses())}, a .loss file, an expression in quotes or RUN@HASH"
            )
        from rlsearch.report.page import render_loss

        loss = Loss(what)
        path = output or Path(re.sub(r"[^\w.-]+", "-", loss.name) + ".html")
        write_new(path, render_loss(loss.graph, loss.name), force)
        kind = "loss"
    if as_json:
        print_json({"what": what, "kind": kind, "page": str(path), "bytes": path.stat().st_size})
    else:
        click.echo(path)
