"""One self-contained HTML page for a run or a single loss: no network, no script."""

from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from rlsearch.analysis.result import Baseline
from rlsearch.compile.latex import mathml
from rlsearch.compile.torch_source import python_module
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse, print_graph
from rlsearch.report import charts
from rlsearch.report.axes import short_number
from rlsearch.report.drawing import LEGEND, draw
from rlsearch.report.run_report import RunReport
from rlsearch.report.tradeoff import tradeoff
from rlsearch.simplify.canonical import canonical, loss_size


@dataclass(frozen=True)
class ShownLoss:
    """A loss made ready for the page."""

    text: str
    formula: Markup
    drawing: Markup


def render(report: RunReport) -> str:
    """The page of a run.

    Raises:
        LossError: a known loss cannot be read (an op pack is not loaded, say).
    """
    result, ranking = report.result, report.result.ranking
    pick, outcomes = ranking.pick, result.outcomes.by_reason
    named = [("pick", pick.confirmed)] if pick else []
    named += [(name, known.confirmed) for name, known in ranking.baselines.items()]
    scored = [(name, confirmed.score) for name, confirmed in named if confirmed]
    return _page(
        "page.html.j2",
        report=report,
        result=result,
        ranking=ranking,
        confirmation=ranking.confirmation,
        pick=pick,
        shown_pick=_prepare_loss(pick.graph) if pick else None,
        top=[(entry, _prepare_loss(entry.graph)) for entry in ranking.top],
        baselines=[(name, known, _formula(known)) for name, known in ranking.baselines.items()],
        tradeoff=tradeoff("Confirmed score against size", ranking) if scored and pick and pick.confirmed else None,
        comparison=charts.interval_chart("Confirmed scores with 95 % intervals", scored, 2 * charts.WIDTH) if scored else None,
        environments=[
            (
                env,
                charts.interval_chart(f"Scores in {env.name}", [(loss.name, loss.score) for loss in env.losses]),
                charts.learning_curves(f"Learning curves in {env.name}", env.losses, env.steps),
            )
            for env in report.environments
            if env.losses
        ],
        progress=charts.progress_chart("Best selected score over proposals", report.progress, result.proposals)
        if report.progress
        else None,
        outcomes=outcomes,
        outcome_bar=charts.outcome_bar("Proposals by outcome", outcomes) if any(outcomes.values()) else None,
    )


def render_loss(graph: Graph, name: str) -> str:
    """The page of a single loss: formula, drawing, text, PyTorch source."""
    return _page(
        "loss.html.j2",
        name=name,
        loss=_prepare_loss(graph),
        size=loss_size(graph, canonical(graph)),
        source=python_module(graph, name),
    )


def _page(template: str, **values: object) -> str:
    jinja = Environment(
        loader=PackageLoader("rlsearch.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.filters |= {"interval": str, "short": short_number, "duration": duration}
    return jinja.get_template(template).render(**values, legend=LEGEND)


def _prepare_loss(graph: Graph) -> ShownLoss:
    return ShownLoss(print_graph(graph), _mathml(graph), Markup(draw(graph)))


def _formula(baseline: Baseline) -> Markup | None:
    """The formula of a loss; None if it has no text, as a control (random search) may have none."""
    return _mathml(parse(baseline.text)) if baseline.text else None


def _mathml(graph: Graph) -> Markup:
    return Markup(mathml(graph, rounded=True))


def duration(seconds: float) -> str:
    """A time in words: `2 h 5 min`, `3 min 20 s`, `41 s`."""
    whole = round(seconds)
    if whole >= 3600:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 60} min {whole % 60} s" if whole >= 60 else f"{whole} s"
