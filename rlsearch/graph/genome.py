"""A genome: an ordered list of single-op assignments, dead ones included. It is what mutation changes.

The last line is the loss. A graph is what that line reaches.
"""

import ast
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import NamedTuple

from rlsearch.errors import LossError, did_you_mean, quoted
from rlsearch.graph.advice import advice
from rlsearch.graph.graph import CONSTANT, INPUT, Builder, Graph, Node
from rlsearch.graph.respelling import respell
from rlsearch.graph.statements import fail, inputs_read, names_in, statements
from rlsearch.graph.text import ATOM, PRECEDENCE, application, expression, literal
from rlsearch.op import Type
from rlsearch.registry import derived, known_inputs, operations

Ref = str | float  # the name of an input or an earlier line, or a literal number
REMEMBERED = 64  # graphs of genomes: whoever breeds a loss asks whether it is one, and screens it next


class Line(NamedTuple):
    """One assignment: `name = op(args)`."""

    name: str
    op: str
    args: tuple[Ref, ...]

    @property
    def hidden(self) -> bool:
        """True if it is an unnamed part of a longer given line; mutation may not read it."""
        return self.name.startswith("_")

    def reading(self, place: int, ref: Ref) -> "Line":
        """The line with another argument at one index."""
        return self._replace(args=(*self.args[:place], ref, *self.args[place + 1 :]))


@dataclass(frozen=True)
class Genome:
    """Assignments in order; each reads inputs, numbers and earlier lines."""

    lines: tuple[Line, ...]

    def graph(self) -> Graph:
        """The graph of everything that the last line reaches.

        Raises:
            LossError: the types do not fit, the loss is not a Real, or no gradient reaches the online network.
        """
        return _graph_of(self)

    def part(self) -> Graph:
        """The same, where the last line need be no loss.

        Raises:
            LossError: the types do not fit.
        """
        builder, root = self._built()
        return builder.graph(root)

    def _built(self) -> tuple[Builder, int]:
        """What the last line reaches, and its node."""
        builder, names = Builder(), dict[str, int]()
        for line in self.live():
            args = (_node(builder, names, ref) for ref in line.args)
            names[line.name] = builder.apply(line.op, *args)
        return builder, names[self.lines[-1].name]

    def live(self) -> list[Line]:
        """The live lines, those that the loss needs, in order."""
        wanted, kept = {self.lines[-1].name}, list[Line]()
        for line in reversed(self.lines):
            if line.name in wanted:
                kept.append(line)
                wanted.update(ref for ref in line.args if isinstance(ref, str))
        return kept[::-1]


@derived
@lru_cache(maxsize=REMEMBERED)
def _graph_of(genome: Genome) -> Graph:
    builder, root = genome._built()
    return builder.loss(root)


def _node(builder: Builder, names: dict[str, int], ref: Ref) -> int:
    if isinstance(ref, str):
        return names[ref] if ref in names else builder.input(ref)
    return builder.constant(ref)


def print_line(line: Line) -> str:
    """The text of a line: `n3 = n1 * r`."""
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
    lines, problems = read_lines(text)
    if problems:
        raise problems[0]
    return lines


def read_lines(text: str) -> tuple[tuple[Line, ...], list[LossError]]:
    """Read assignments as `parse_lines` does, with every problem: a line that reads a wrong one is not held against."""
    found, problems, last = list[tuple[str, ast.expr]](), list[LossError](), list[LossError]()
    try:
        for line in statements(text):
            found.append(line)
    except LossError as error:
        last.append(error)
    reader, lost = _Lines(inputs_read(found), {name for name, _ in found}), set[str]()
    for name, at in found:
        try:
            if lost.isdisjoint(names_in(at)):
                reader.read(name, at)
            else:
                lost.add(name)
        except LossError as error:
            problems.append(error)
            lost.add(name)
        except RecursionError:
            last.append(LossError("the expression is nested too deeply; give its parts names", 1, 1))
            break
    return tuple(reader.lines), [*problems, *last]


def parse_genome(text: str) -> Genome:
    """Read a genome back."""
    lines = parse_lines(text)
    if not lines:
        raise LossError("an empty genome; the last line is the loss", 1, 1)
    return Genome(lines)


class _Lines:
    """Collects the lines of a text, checking types as they come."""

    def __init__(self, inputs: Collection[str], assigned: Collection[str]) -> None:
        self.lines: list[Line] = []
        self._inputs, self._assigned = inputs, assigned
        self._builder = Builder()
        self._names: dict[str, int] = {}

    def read(self, name: str, at: ast.expr) -> None:
        """Add `name = expression`, after lines for the expression's parts, also where it is spelt as others do."""
        held = len(self.lines)
        try:
            self._read(name, at)
        except LossError:
            for line in self.lines[held:]:
                del self._names[line.name]
            del self.lines[held:]
            plain = respell(at, self._assigned)
            if plain is None:
                raise
            self._read(name, plain)

    def _read(self, name: str, at: ast.expr) -> None:
        if name in self._inputs or name in self._names:
            raise LossError(f"{quoted(name)} is already the name of something; choose another", at.lineno, 1)
        if literal(at) is not None or isinstance(at, ast.Name):
            raise fail("a line applies an op; a bare name or number is not a line", at)
        op, parts = application(at)
        args: list[Ref] = []
        for part in parts:
            number = literal(part)
            if number is None and not isinstance(part, ast.Name):
                hidden = next(free for k in count(1) if (free := f"_{name}_{k}") not in self._names)
                self._read(hidden, part)
                args.append(hidden)
            else:
                args.append(part.id if isinstance(part, ast.Name) else float(number or 0.0))
                self._check(args[-1], part)
        nodes: list[int] = []
        try:
            nodes += [_node(self._builder, self._names, arg) for arg in args]
            self._names[name] = self._builder.apply(op, *nodes)
        except LossError as error:
            raise fail(f"{error}{advice(op, parts, [self._builder.types[node] for node in nodes])}", at) from None
        self.lines.append(Line(name, op, tuple(args)))

    def _check(self, ref: Ref, at: ast.expr) -> None:
        if isinstance(ref, str) and ref not in self._names and ref not in known_inputs():
            named = [name for name in self._names if not name.startswith("_")]  # see `Line.hidden`
            raise fail(f"unknown name {quoted(ref)}{did_you_mean(ref, [*named, *known_inputs()])}", at)


def line_types(lines: Sequence[Line]) -> dict[str, Type] | None:
    """The type of every line; None if an op does not take its arguments."""
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
        return types[ref] if ref in types else known_inputs()[ref].type
    return Type.CONSTANT


def genome_of(graph: Graph, prefix: str = "n") -> Genome:
    """A genome whose graph is the given one: one line for each op."""
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
