"""A genome: an ordered list of single-op assignments, dead ones included. It is what mutation changes.

The last line is the loss. A graph is what that line reaches.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rlsearch.errors import LossError
from rlsearch.graph.graph import CONSTANT, INPUT, Builder, Graph, Node
from rlsearch.graph.inputs import INPUTS
from rlsearch.graph.text import ATOM, PRECEDENCE, application, expression, fail, literal, statements
from rlsearch.op import Type
from rlsearch.registry import operations

Ref = str | float  # the name of an input or an earlier line, or a literal number


class Line(NamedTuple):
    """One assignment: `name = op(args)`."""

    name: str
    op: str
    args: tuple[Ref, ...]

    @property
    def hidden(self) -> bool:
        """Whether it is an unnamed part of a longer given line; mutation may not read it."""
        return self.name.startswith("_")


@dataclass(frozen=True)
class Genome:
    """Assignments in order; each reads inputs, numbers and earlier lines."""

    lines: tuple[Line, ...]

    def graph(self) -> Graph:
        """What the last line reaches.

        Raises:
            LossError: the types do not fit, the loss is not a Real, or no gradient reaches the online network.
        """
        builder, names = Builder(), dict[str, int]()
        for line in self.live():
            args = (_node(builder, names, ref) for ref in line.args)
            names[line.name] = builder.apply(line.op, *args)
        return builder.loss(names[self.lines[-1].name])

    def live(self) -> list[Line]:
        """The lines that the loss needs, in order."""
        wanted, kept = {self.lines[-1].name}, list[Line]()
        for line in reversed(self.lines):
            if line.name in wanted:
                kept.append(line)
                wanted.update(ref for ref in line.args if isinstance(ref, str))
        return kept[::-1]


def _node(builder: Builder, names: dict[str, int], ref: Ref) -> int:
    if isinstance(ref, str):
        return names[ref] if ref in names else builder.input(ref)
    return builder.constant(ref)


def print_line(line: Line) -> str:
    """`n3 = n1 * r`."""
    parts: list[tuple[str, int]] = []
    for ref in line.args:
        if isinstance(ref, str):
            parts.append((ref, ATOM))
        else:
            text, _ = expression(Node(CONSTANT, (), ref), [])
            parts.append((text, ATOM if ref >= 0 else PRECEDENCE["neg"]))
    return f"{line.name} = {expression(Node(line.op), parts)[0]}"


def print_genome(genome: Genome) -> str:
    """The text of a genome; `parse_genome(print_genome(genome)) == genome`."""
    return "\n".join(print_line(line) for line in genome.lines)


def parse_lines(text: str) -> tuple[Line, ...]:
    """Read assignments; a nested expression becomes several lines, of which all but the last are hidden.

    Raises:
        LossError: with line and column.
    """
    lines: list[Line] = []
    known: dict[str, str] = {}
    for name, at in statements(text):
        if name in INPUTS or name in known:
            raise LossError(f"'{name}' is already the name of something; choose another", at.lineno, 1)
        if literal(at) is not None or isinstance(at, ast.Name):
            raise fail("a line applies an op; a bare name or number is not a line", at)
        lines.extend(_flatten(name, at, {line.name for line in lines}))
        known[name] = name
    return tuple(lines)


def parse_genome(text: str) -> Genome:
    """Read a genome back."""
    lines = parse_lines(text)
    if not lines:
        raise LossError("an empty genome; the last line is the loss", 1, 1)
    return Genome(lines)


def _flatten(name: str, at: ast.expr, names: set[str]) -> Iterator[Line]:
    op, parts = application(at)
    args: list[Ref] = []
    for part in parts:
        number = literal(part)
        if number is not None:
            args.append(number)
        elif isinstance(part, ast.Name):
            if part.id not in names and part.id not in INPUTS:
                raise fail(f"unknown name '{part.id}'", part)
            args.append(part.id)
        else:
            hidden = next(f"_{name}_{k}" for k in range(1, 10_000) if f"_{name}_{k}" not in names)
            for line in _flatten(hidden, part, names):
                names.add(line.name)
                yield line
            args.append(hidden)
    names.add(name)
    yield Line(name, op, tuple(args))


def line_types(lines: Sequence[Line]) -> dict[str, Type] | None:
    """Type of every line; None where an op does not take its arguments."""
    types: dict[str, Type] = {}
    ops = operations()
    for line in lines:
        given = tuple([_type(types, ref) for ref in line.args])
        kind = ops[line.op].result_type(given)
        if kind is None:
            return None
        types[line.name] = kind
    return types


def _type(types: dict[str, Type], ref: Ref) -> Type:
    if isinstance(ref, str):
        return types[ref] if ref in types else INPUTS[ref].type
    return Type.CONSTANT


def genome_of(graph: Graph, prefix: str = "n") -> Genome:
    """A genome whose graph is the given one: a line for each op."""
    refs: list[Ref] = []
    lines: list[Line] = []
    for node in graph.nodes:
        if node.op in (INPUT, CONSTANT):
            assert node.leaf is not None
            refs.append(node.leaf)
        else:
            lines.append(Line(f"{prefix}{len(lines) + 1}", node.op, tuple(refs[arg] for arg in node.args)))
            refs.append(lines[-1].name)
    return Genome((*lines[:-1], lines[-1]._replace(name="loss")))
