"""One self-contained HTML page for a run or a single loss: no network, no script."""

from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from rlsearch.compile.latex import mathml
from rlsearch.compile.torch_source import python_module
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse, print_graph
from rlsearch.report import charts
from rlsearch.report.axes import number
from rlsearch.report.drawing import LEGEND, draw
from rlsearch.report.tradeoff import tradeoff
from rlsearch.report.view import Baseline, ReportView
from rlsearch.simplify.canonical import canonical, loss_size

LONG = 150  # formulas that would be longer, in symbols, are better read in parts: the text form names them


@dataclass(frozen=True)
class Shown:
    """A loss made ready for the page; no formula where it would be unreadably long."""

    text: str
    formula: Markup | None
    drawing: Markup


def render(view: ReportView) -> str:
    """The page of a run.

    Raises:
        LossError: a text of the view is not a loss (an op pack is not loaded, say).
    """
    named = [("pick", view.pick.confirmed)] if view.pick else []
    named += [(baseline.name, baseline.score) for baseline in view.baselines]
    scored = [(name, estimate) for name, estimate in named if estimate]
    return _page(
        "page.html.j2",
        view=view,
        pick=_shown(parse(view.pick.text)) if view.pick else None,
        top=[(entry, _shown(parse(entry.text))) for entry in view.top],
        baselines=[(baseline, _formula(baseline)) for baseline in view.baselines],
        tradeoff=tradeoff("Confirmed score against size", view) if scored and view.pick and view.pick.confirmed else None,
        comparison=charts.dots("Confirmed scores with 95 % intervals", scored, 2 * charts.WIDTH) if scored else None,
        environments=[
            (
                environment,
                charts.dots(f"Scores in {environment.name}", [(loss.name, loss.score) for loss in environment.losses]),
                charts.curves(f"Learning curves in {environment.name}", environment.losses, environment.steps),
            )
            for environment in view.environments
            if environment.losses
        ],
        progress=charts.steps("Best selected score over proposals", view.progress, view.run.proposals)
        if view.progress
        else None,
        fates=charts.shares("What became of the proposals", view.fates) if any(f.count for f in view.fates) else None,
    )


def render_loss(graph: Graph, name: str) -> str:
    """The page of a single loss: formula, drawing, text, PyTorch source."""
    return _page(
        "loss.html.j2",
        name=name,
        loss=_shown(graph),
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
    jinja.filters |= {"estimate": charts.words, "number": number, "duration": duration}
    return jinja.get_template(template).render(**values, legend=LEGEND)


def _shown(graph: Graph) -> Shown:
    return Shown(print_graph(graph), _mathml(graph), Markup(draw(graph)))


def _formula(baseline: Baseline) -> Markup | None:
    """Its formula; a control (random search) may have no text."""
    return _mathml(parse(baseline.text)) if baseline.text else None


def _mathml(graph: Graph) -> Markup | None:
    symbols: list[int] = []
    for node in graph.nodes:  # written out, a shared part counts each time
        symbols.append(1 + sum(symbols[arg] for arg in node.args))
    return Markup(mathml(graph)) if symbols[-1] <= LONG else None


def duration(seconds: float) -> str:
    """`2 h 5 min`, `3 min 20 s`, `41 s`."""
    whole = round(seconds)
    if whole >= 3600:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 60} min {whole % 60} s" if whole >= 60 else f"{whole} s"
