"""`rlsearch search --dry-run`: the resolved space, how large the search is, three losses, and what it would cost."""

from collections.abc import Iterator

from rlsearch.cli.output import Words, counted, inline_loss, print_json
from rlsearch.cli.tables import fitting, sentence, width
from rlsearch.executor.config import ExecutorConfig
from rlsearch.graph.text import parse, print_graph
from rlsearch.runs.budget import Budget
from rlsearch.runs.estimate import CLIMB, COUNTED, NEW, expectation, in_words
from rlsearch.runs.run import Options
from rlsearch.runs.session import Plan, plan
from rlsearch.simplify.tidy import tidy

LONGEST_LINE = 120  # of the YAML


def print_plan(
    space: str, options: Options, budget: Budget, executor_config: ExecutorConfig, quiet: bool, as_json: bool
) -> None:
    """Print what a search would do; nothing is written."""
    planned = plan(space, options, executor_config, Words.beside(True, quiet).say)
    cost = expectation(planned.estimate, budget, planned.space.confirm.share)
    if as_json:
        print_json(_document(planned, cost))
    else:
        print("\n".join(_lines(planned, cost, quiet)))


def _lines(planned: Plan, cost: dict[str, object], quiet: bool) -> Iterator[str]:
    from rlsearch.space.writing import resolved_yaml

    found, seeds = planned.estimate, planned.space.confirm.seeds
    yield resolved_yaml(planned.space, min(width(), LONGEST_LINE))
    yield f"confirmation: {counted(seeds, 'fresh seed')} of each loss" if seeds else "confirmation: none (--no-confirm)"
    most = "at most " if planned.space.grammar.limits.some else ""
    lines = counted(planned.space.grammar.free_nodes, "free line")
    yield f"size: {most}{_short(planned.size.programs)} programs of up to {lines}"
    if planned.size.enumerated:
        more = "at least " if planned.size.enumerated == COUNTED else ""
        yield f"  enumerated first: {more}{counted(planned.size.enumerated, 'loss')}"
    yield "\nlosses such as"
    for text, seconds in zip(found.losses, found.trial_s, strict=True):
        yield from fitting(f"  {1e3 * seconds:6.1f} ms a trial  {inline_loss(print_graph(tidy(parse(text))))}", indent=" " * 20)
    ladder = ", ".join(f"{1e3 * seconds:.0f}" for seconds in found.rung_s)
    yield ""
    yield from sentence(f"a new class takes {ladder} ms on rungs 1 to {len(found.rung_s)},")
    yield f"a proposal {1e3 * found.screening_s:.2f} ms to screen"
    yield from fitting(f"{in_words(cost)} with {counted(found.slots, 'worker')}{'' if quiet else ':'}")
    if not quiet:
        yield from fitting(f"  supposing that {NEW:.0%} are new classes, and that {CLIMB:.0%} of what meets a bar passes it")
        yield from fitting(f"  (at one end {NEW / 2:.0%} are new and none passes; at the other all are new and pass every bar)")


def _short(number: int) -> str:
    """A number in words, which may have hundreds of digits."""
    return f"{number:,}" if number < 10**6 else f"about 10^{len(str(number)) - 1}"


def _document(planned: Plan, cost: dict[str, object]) -> dict[str, object]:
    found = planned.estimate
    return {
        "space": planned.space.name,
        "resolved": planned.space.written(),
        "confirm_seeds": planned.space.confirm.seeds,
        "size": planned.size._asdict(),
        "losses": [{"loss": text, "trial_seconds": seconds} for text, seconds in zip(found.losses, found.trial_s, strict=True)],
        "estimate": cost | {"screening_seconds": found.screening_s, "rung_seconds": list(found.rung_s), "workers": found.slots},
    }
