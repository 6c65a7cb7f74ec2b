"""The formula of a loss: a printed text and the definitions of the letters in it.

What is large and used more than once gets a letter, which is defined behind the formula.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from string import ascii_lowercase

from rlsearch.compile.literals import all_digits, few_digits
from rlsearch.compile.printer import Printer
from rlsearch.compile.sharing import shared_parts
from rlsearch.compile.style import Piece, Style
from rlsearch.compile.template import read_template
from rlsearch.graph.graph import Graph
from rlsearch.registry import operations

LETTERS = ascii_lowercase[ascii_lowercase.index("u") :] + ascii_lowercase  # the first that means nothing else
WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Definition:
    """A letter of a formula: the node's index, the letter, what it stands for, and whether digits of that were cut."""

    index: int
    letter: str
    text: str
    rounded: bool


@dataclass(frozen=True)
class Formula:
    """A loss in print.

    Attributes:
        text: the formula itself.
        rounded: whether it shows fewer digits than the loss has.
        definitions: of the letters in it and in each other, a part before those that hold it.
    """

    text: str
    rounded: bool
    definitions: tuple[Definition, ...]


def formula(
    graph: Graph,
    style: Style,
    letters: Mapping[int, str] | None = None,
    root: int | None = None,
    rounded: bool = False,
) -> Formula:
    """The formula of a loss.

    Args:
        graph: the loss.
        style: of the formula.
        letters: for nodes that are printed as a letter wherever they stand.
        root: the node to print; that of the loss by default.
        rounded: print literals in as few digits as tell them apart, not in all.
    """
    top, given = graph.root if root is None else root, letters or {}
    values = [node.leaf for node in graph.nodes if isinstance(node.leaf, float)]
    digits = few_digits(values) if rounded else {abs(value): all_digits(value) for value in values}
    parts: Collection[int] = shared_parts(
        graph, lambda node: read_template(style.template(operations()[node.op])).shown, top, given
    )
    while True:
        printer = Printer(graph, style, digits, given, _named(graph, style, given, parts))
        piece = printer.piece(top, style.action) if top not in given else printer.written_out(top, style.action)
        bodies = _bodies(printer, piece)
        if bodies.keys() >= set(parts):
            break
        parts = [part for part in parts if part in bodies]  # the others stand within what has a letter of its own
    # The given letters first, the one that holds most before those that it holds.
    order = [*sorted(bodies.keys() & given.keys(), reverse=True), *parts]
    names = {index: given[index] if index in given else printer.part(index, style.action) for index in order}
    found = tuple(Definition(index, names[index], bodies[index].text, bodies[index].rounded) for index in order)
    return Formula(piece.text, piece.rounded, found)


def _bodies(printer: Printer, piece: Piece) -> dict[int, Piece]:
    """What the letters in a piece stand for, and the letters in that."""
    bodies: dict[int, Piece] = {}
    spelled = replace(printer, letters={})
    pieces = [piece]
    while pieces:
        for index in pieces.pop().letters - bodies.keys():
            bodies[index] = (spelled if index in printer.letters else printer).written_out(index, printer.style.action)
            pieces.append(bodies[index])
    return bodies


def _named(graph: Graph, style: Style, letters: Mapping[int, str], parts: Collection[int]) -> dict[int, str]:
    """Letters for parts, which mean nothing else in the formula."""
    if not parts:
        return {}
    texts = [style.symbol(given) for given in graph.regime.inputs.values()]
    texts += [style.template(operations()[node.op]) for node in graph.nodes if node.args]
    taken = {word for text in (*texts, style.action, *letters.values()) for word in WORD.findall(text)}
    letter = next((letter for letter in LETTERS if letter not in taken), LETTERS[0])
    return {part: letter if len(parts) == 1 else style.numbered(letter, k) for k, part in enumerate(parts, 1)}
