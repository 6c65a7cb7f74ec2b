"""LaTeX and MathML of a loss, from the ops' templates."""

from collections.abc import Iterator
from html import unescape
from xml.etree.ElementTree import Element, SubElement, tostring

from rlsearch.compile.formula import Formula, formula
from rlsearch.compile.style import Style
from rlsearch.graph.graph import Graph

LATEX = Style(
    template=lambda op: op.latex,
    symbol=lambda given: given.latex,
    action="a'",
    brackets=r"\left({}\right)",
    grouped="{{{}}}",
    minus="-",
    times=r" \cdot ",
    power=lambda exponent: f"10^{{{exponent}}}",
    numbered=lambda letter, k: f"{letter}_{{{k}}}",
)


def latex(graph: Graph, rounded: bool = False) -> str:
    r"""The formula of a loss, with an array of lines where letters are defined.

    Literals have all their digits, or, if `rounded`, as few as tell them apart, and then \approx says where some were cut.
    """
    first, *more = _lines(formula(graph, LATEX, rounded=rounded))
    if not more:
        return first
    return r"\begin{array}{l} " + r" \\ ".join(rf"\displaystyle {line}" for line in (first, *more)) + r" \end{array}"


def mathml(graph: Graph, rounded: bool = False) -> str:
    """The formula as MathML, which browsers draw without a script; `rounded` as in `latex`."""
    from latex2mathml.converter import convert_to_element  # 40 ms, wanted by reports only

    first, *more = _lines(formula(graph, LATEX, rounded=rounded))
    math: Element = convert_to_element(first, display="block")
    if more:
        table = Element("mtable", displaystyle="true")
        for line in (first, *more):
            cell = SubElement(SubElement(table, "mtr"), "mtd", columnalign="left")
            cell.extend(convert_to_element(line, display="block"))
        math[:] = [table]
    for element in math.iter():  # signs come as references, which would be escaped
        element.text = element.text and unescape(element.text)
    return tostring(math, encoding="unicode")


def _lines(found: Formula) -> Iterator[str]:
    """The formula, then the definitions of its letters."""
    yield (r"\approx " if found.rounded else "") + found.text
    for place, line in enumerate(found.definitions):
        word, sign = "and" if place else "where", r"\approx" if line.rounded else "="
        yield rf"\text{{{word} }} {line.letter} {sign} {line.text}"
