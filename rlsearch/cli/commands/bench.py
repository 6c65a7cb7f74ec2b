"""`rlsearch bench`."""

from pathlib import Path

import click

from rlsearch.cli.argument_types import Names
from rlsearch.cli.output import SCHEMA, Words, json_option, print_json
from rlsearch.cli.tables import fitting


@click.command("bench")
@click.argument("figures", nargs=-1)
@click.option(
    "--against",
    metavar="FILE",
    type=Names("figures", files=(".json",)),
    help="Figures to compare with, as `bench --json` printed them.",
)
@json_option
def command(figures: tuple[str, ...], against: str | None, as_json: bool) -> None:
    """Measure the speed of this installation: the inner loop against eager PyTorch, environments, screening, scaling.

    Some minutes on a quiet machine; FIGURES names only some of them.

    \b
    rlsearch bench
    rlsearch bench ratio
    rlsearch bench --against results/bench/0.1.0-intel-xeon.json
    """
    from rlsearch.bench.figure import Figure, machine
    from rlsearch.bench.kept_figures import read_kept
    from rlsearch.bench.suite import FIGURES, bench, refuse_unknown

    refuse_unknown(figures)
    names = figures or FIGURES
    words, ratios = Words.beside(as_json), dict[str, float | None]()

    def say(line: str) -> None:
        for part in fitting(line, indent=" " * 19):
            words.say(part)

    kept = read_kept(Path(against), names, SCHEMA) if against is not None else None
    if kept and kept.machine != machine():
        say(f"the machines differ, and so may the figures: kept on {kept.machine}; here {machine()}")

    def tell(figure: Figure) -> None:
        say(f"{figure.name:<18} {figure.value:,.4g} {figure.unit}  ({figure.meaning})")
        if not kept:
            return
        ratios[figure.name] = ratio = kept.ratio(figure)
        before = kept.figures[figure.name][0] if ratio else 0.0
        found = f"{ratio:,.4g} times the kept {before:,.4g} {figure.unit}" if ratio else "not among the kept ones"
        say(f"{'':<18} {found}; {figure.better} is better")

    say(f"measuring {', '.join(names)} ...")
    document = bench(names, tell)
    if kept:
        document["against"] = {"file": against, "machine": kept.machine, "ratios": ratios}
    if as_json:
        print_json(document)
