"""`rlsearch bench`."""

import click

from rlsearch.cli.output import Words, json_option, print_json


@click.command("bench")
@click.argument("figures", nargs=-1)
@json_option
def command(figures: tuple[str, ...], as_json: bool) -> None:
    """Measure the speed of this installation: the inner loop against eager PyTorch, environments, screening, scaling.

    Some minutes on a quiet machine; FIGURES names only some of them.

    \b
    rlsearch bench
    rlsearch bench ratio
    """
    from rlsearch.bench.figure import Figure
    from rlsearch.bench.suite import FIGURES, bench, known

    known(figures)
    words = Words.beside(as_json)

    def tell(figure: Figure) -> None:
        words.say(f"{figure.name:<18} {figure.value:,.4g} {figure.unit}  ({figure.meaning})")

    words.say(f"measuring {', '.join(figures or FIGURES)} ...")
    document = bench(figures or FIGURES, tell)
    if as_json:
        print_json(document)
