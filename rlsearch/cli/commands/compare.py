"""`rlsearch compare`."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rlsearch.cli.argument_types import ENVIRONMENTS, LOSS, PRESET
from rlsearch.cli.executor_options import workers_option
from rlsearch.cli.formula_argument import FormulaCommand
from rlsearch.cli.output import (
    Words,
    check_vacant,
    counted,
    force_option,
    inline_loss,
    json_option,
    print_json,
    quiet_option,
    write_new,
)
from rlsearch.cli.primitives_option import primitives_option
from rlsearch.cli.tables import fitting, table
from rlsearch.errors import SpaceError
from rlsearch.executor.config import ExecutorConfig

if TYPE_CHECKING:
    from rlsearch.envs import EnvSpec
    from rlsearch.evaluation.comparison import Comparison, Summary

LINE_INTERVAL_S = 15.0  # seconds between lines about progress
CULPRITS = {"network": "the network, under a finite loss"}  # what needs more words than the culprit's own


@click.command("compare", cls=FormulaCommand)
@click.argument("losses", metavar="LOSS...", nargs=-1, required=True, type=LOSS)
@click.option("--envs", required=True, type=ENVIRONMENTS, help="Environments, by commas: CartPole-v1,Garnet(states=8).")
@click.option("--seeds", default=10, show_default=True, help="Of each loss in each environment.")
@click.option("--steps", default=10_000, show_default=True, help="Environment steps of each training.")
@click.option("--preset", default="fast", show_default=True, type=PRESET, help="The agent.")
@workers_option
@click.option(
    "--trial-limit",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True),
    help="After which a training is cut.  [default: 60 and ten times what its steps take]",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Draw the means with their intervals into this SVG file.")
@force_option
@primitives_option
@quiet_option
@json_option
def command(
    losses: tuple[str, ...],
    envs: str,
    seeds: int,
    steps: int,
    preset: str,
    workers: int | None,
    trial_limit: float | None,
    output: Path | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Train losses side by side on common seeds; the first is the reference of the differences.

    LOSS is a known name, a .loss file, an expression in quotes, RUN@HASH or RUN@best.

    \b
    rlsearch compare dqn double_dqn --envs CartPole-v1,Catch
    rlsearch compare dqn mine.loss --envs Catch -o mine.svg
    """
    from rlsearch.api import compare, named  # heavy: numpy and pydantic, 0.3 s

    words, said = Words.beside(as_json, quiet), time.monotonic()

    def tell(done: int, all_: int) -> None:
        nonlocal said
        if done == 0:
            losses_, envs_ = counted(len(given), "loss"), counted(len(specs), "environment")
            where = f", {ExecutorConfig(workers=0)}" if workers == 0 else ""
            words.say(f"training {losses_} in {envs_}, {counted(seeds, 'seed')} of {counted(steps, 'step')} each{where}")
        elif time.monotonic() - said >= LINE_INTERVAL_S and done < all_:
            said = time.monotonic()
            words.say(f"{done} of {all_} trainings")

    if output is not None:
        check_vacant(output, force)
    given, specs = list(named(losses).values()), parse_envs(envs)
    found = compare(
        given,
        specs,
        seeds=seeds,
        steps=steps,
        preset=preset,
        workers=workers,
        trial_limit_s=trial_limit,
        on_progress=tell,
        on_message=words.say,
    )
    if output is not None:
        from rlsearch.report.comparison_chart import comparison_chart  # heavy: markupsafe

        write_new(output, comparison_chart(found) + "\n", force)
    if as_json:
        print_json(found.to_json())
    else:
        print("\n".join(_lines(found, quiet)))


def parse_envs(text: str) -> "list[EnvSpec]":
    """Environments as tables print them: `CartPole-v1, Garnet(states=8, gamma=0.9..0.95)`.

    Raises:
        SpaceError: one line for each environment, or option of one, that there is not.
    """
    from rlsearch.envs import EnvSpec  # heavy: numpy, 0.1 s

    specs, wrong = list[EnvSpec](), list[str]()
    for entry in re.split(r",(?![^()]*\))", text):
        try:
            specs += [EnvSpec.parse(entry.strip())] if entry.strip() else []
        except SpaceError as error:
            wrong += [message for _, message in error.found] or [str(error)]
    if wrong:
        raise SpaceError("\n".join(wrong))
    return specs


def _lines(found: "Comparison", quiet: bool) -> Iterator[str]:
    if not quiet:
        yield ""
    for name, text in found.losses.items():
        same = f"  (trains like {found.same_as[name]}: same canonical form)" if name in found.same_as else ""
        yield from fitting(f"{name}: {inline_loss(_bare(text))}{same}")
    yield ""
    head = ("loss", "environment", "area (95 %, seeds)", f"minus {found.reference}", "final (95 %, seeds)")
    final = {(row.loss, row.env): row for row in found.summaries if row.measure == "final"}
    rows = [
        (row.loss, row.env or "all", _score(row), _difference(row), _score(final[row.loss, row.env]))
        for row in found.summaries
        if row.measure == "area" and (row.env is not None or len(found.envs) > 1)
    ]
    yield from table(head, rows)
    yield ""
    for name in found.losses:
        results = [row.trial.result for row in found.rows if row.loss == name]
        if lost := Counter(result.culprit for result in results if result.diverged_at >= 0):
            all_ = f"{lost.total()} of {counted(len(results), 'training')}"
            first = ", ".join(f"{CULPRITS.get(culprit, culprit)} ({times})" for culprit, times in lost.most_common())
            yield from fitting(
                f"{name} diverged in {all_}: values left +-1e6; what follows counts as 0. First to leave: {first}."
            )
        if cut := [result.cut_after_s for result in results if result.cut_after_s is not None]:
            yield from fitting(
                f"{name} was cut in {len(cut)} of {counted(len(results), 'training')} by a time limit of {max(cut):.3g} s; "
                "they count as 0."
            )
    if not quiet:
        yield from fitting("area: mean over training; final: over its last fifth; 0 is the random policy, 1 the best known.")


def _bare(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))


def _score(row: "Summary") -> str:
    from rlsearch.cli.run_result import interval_document, interval_text  # heavy: numpy and pydantic, 0.3 s

    return interval_text(interval_document(row.score))


def _difference(row: "Summary") -> str:
    if row.difference is None:
        return "-"
    mean, low, high = row.difference.mean, row.difference.low, row.difference.high
    return f"{mean:+.3f}" + ("" if low is None else f" [{low:+.3f}, {high:+.3f}]")
