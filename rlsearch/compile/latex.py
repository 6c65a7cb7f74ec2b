"""LaTeX and MathML of a loss, from the ops' templates."""

from rlsearch.compile.formula import Style, formula
from rlsearch.compile.precedence import Binds
from rlsearch.graph.graph import Graph

LATEX = Style(
    template=lambda op: op.latex,
    symbol=lambda given: given.latex,
    action="a'",
    brackets=r"\left({}\right)",
    minus="-",
    times=r" \cdot ",
    power=lambda exponent: f"10^{{{exponent}}}",
    binds={"div": Binds.PRODUCT},  # its bar says how far a fraction goes
)


def latex(graph: Graph) -> str:
    """The formula of a loss."""
    return formula(graph, LATEX)


def mathml(graph: Graph) -> str:
    """The formula as MathML, which browsers draw without a script."""
    from latex2mathml.converter import convert  # 40 ms, wanted by reports only

    return str(convert(latex(graph), display="block"))
