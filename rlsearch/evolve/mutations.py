"""Mutations: each turns a genome into a neighbour, or into None where it has nothing to do there."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from rlsearch.evolve.grammar import Grammar, draw_line, draw_ref, pick, renumber
from rlsearch.graph.genome import Genome, Line, line_types
from rlsearch.registry import operations

MAX_TRIES = 50


@dataclass(frozen=True)
class Site:
    """The arguments of a mutation."""

    grammar: Grammar
    genome: Genome
    donor: Genome  # the other parent, for grafts
    rng: np.random.Generator

    @property
    def free(self) -> range:
        """Indices of the lines that may change."""
        return range(self.grammar.fixed, len(self.genome.lines))

    @property
    def room(self) -> int:
        """The number of lines that may be added."""
        return len(self.grammar.given) + self.grammar.free_nodes - len(self.genome.lines)


def replace_node(site: Site) -> list[Line] | None:
    """Put another op in place of one; arguments that still fit are kept half of the time."""
    lines = list(site.genome.lines)
    index = pick(site.rng, site.free)
    old, new = lines[index], draw_line(site.grammar, lines[index].name, lines[:index], site.rng)
    if new is None:
        return None
    args = list(new.args)
    for k in range(min(len(args), len(old.args))):
        if site.rng.random() < 0.5:
            args[k] = old.args[k]
    lines[index] = new._replace(args=tuple(args))
    return lines


def rewire_input(site: Site) -> list[Line] | None:
    """Give one op another argument."""
    lines = list(site.genome.lines)
    index = pick(site.rng, site.free)
    line, op = lines[index], operations()[lines[index].op]
    k = int(site.rng.random() * len(line.args))
    ref = draw_ref(site.grammar, op, k, site.grammar.readable(lines[:index]), site.rng)
    if ref is None or ref == line.args[k]:
        return None
    lines[index] = line.reading(k, ref)
    return lines


def insert_on_edge(site: Site) -> list[Line] | None:
    """Insert an op on the way from a value to its reader: `f(x)` becomes `f(g(x, ...))`, or on the loss itself."""
    lines = _make_room(site, 1)
    if lines is None:
        return None
    index = site.grammar.fixed + int(site.rng.random() * (len(lines) - site.grammar.fixed + 1))
    new = draw_line(site.grammar, "inserted", lines[:index], site.rng)
    if new is None:
        return None
    slot = int(site.rng.random() * len(new.args))
    new = _read_something_new(site, lines[:index], new, slot)
    if index == len(lines):  # after the loss
        return [*lines, new.reading(slot, lines[-1].name)]
    reader = lines[index]
    k = int(site.rng.random() * len(reader.args))
    return [*lines[:index], new.reading(slot, reader.args[k]), reader.reading(k, new.name), *lines[index + 1 :]]


def _read_something_new(site: Site, before: list[Line], new: Line, slot: int) -> Line:
    """Half of the time, make another argument than `slot` something that the loss does not read yet: what a loss lacks is
    more often information than one more function of what it knows.
    """
    if len(new.args) < 2 or site.rng.random() < 0.5:
        return new
    read = {ref for line in site.genome.live() for ref in line.args}
    unread = [(name, kind) for name, kind in site.grammar.readable(before) if name not in read]
    other = (slot + 1) % len(new.args)
    ref = draw_ref(site.grammar, operations()[new.op], other, unread, site.rng)
    return new.reading(other, ref) if isinstance(ref, str) else new


def delete(site: Site) -> list[Line] | None:
    """Delete one op: its readers read one of its arguments instead."""
    lines = list(site.genome.lines)
    if len(site.free) < 2:
        return None
    index = pick(site.rng, site.free)
    gone = lines.pop(index)
    heir = pick(site.rng, gone.args)
    if index == len(lines):  # the loss itself: what it read becomes the loss
        above = [k for k, line in enumerate(lines) if line.name == heir and k >= site.grammar.fixed]
        return lines[: above[0] + 1] if above else None
    return [line._replace(args=tuple(heir if ref == gone.name else ref for ref in line.args)) for line in lines]


def perturb_constant(site: Site) -> list[Line] | None:
    """Change a number: a step along the grid, another of the space's constants, or, rarely, the other sign."""
    lines = list(site.genome.lines)
    literals = [(p, k) for p in site.free for k, ref in enumerate(lines[p].args) if isinstance(ref, float)]
    if not literals:
        return None
    index, k = pick(site.rng, literals)
    value, kind = lines[index].args[k], site.rng.random()
    assert isinstance(value, float)
    if kind < 0.1:
        value = -value
    elif kind < 0.4 and site.grammar.constants:
        value = pick(site.rng, site.grammar.constants)
    else:
        value = round_to_grid(value * 2.0 ** (2.0 * site.rng.random() - 1.0))
    lines[index] = lines[index].reading(k, value)
    return lines


def graft(site: Site) -> list[Line] | None:
    """Put a subexpression of the other parent in place of an argument (crossover)."""
    fixed, donor = site.grammar.fixed, site.donor
    root = pick(site.rng, range(fixed, len(donor.lines)))
    names = {line.name for line in donor.lines[:fixed]}
    branch = [line for line in Genome(donor.lines[: root + 1]).live() if line.name not in names]
    lines = _make_room(site, len(branch))
    if lines is None:
        return None
    index = fixed + int(site.rng.random() * (len(lines) - fixed))
    alias = {line.name: f"graft_{line.name}" for line in branch}
    grafted = [
        Line(alias[line.name], line.op, tuple(alias.get(ref, ref) if isinstance(ref, str) else ref for ref in line.args))
        for line in branch
    ]
    reader = lines[index]
    k = int(site.rng.random() * len(reader.args))
    return [*lines[:index], *grafted, reader.reading(k, grafted[-1].name), *lines[index + 1 :]]


def _make_room(site: Site, wanted: int) -> list[Line] | None:
    """The lines, less as many dead ones as it takes to add `wanted` new ones; None if that is not enough."""
    lines, live = list(site.genome.lines), {line.name for line in site.genome.live()}
    missing = wanted - site.room
    # From the last: a dead line is read by later dead lines only.
    for index in range(len(lines) - 1, site.grammar.fixed - 1, -1):
        if missing > 0 and lines[index].name not in live:
            del lines[index]
            missing -= 1
    return lines if missing <= 0 else None


def round_to_grid(value: float) -> float:
    """Round to two significant digits, so that constants, and with them classes, recur."""
    if value == 0 or not math.isfinite(value):
        return 0.0
    return round(value, 1 - math.floor(math.log10(abs(value))))


MUTATIONS: Mapping[str, Callable[[Site], list[Line] | None]] = {
    function.__name__: function for function in (replace_node, rewire_input, insert_on_edge, delete, perturb_constant, graft)
}


def mutate(
    grammar: Grammar, genome: Genome, donor: Genome, weights: Mapping[str, float], rng: np.random.Generator
) -> tuple[Genome, str] | None:
    """A neighbour that is a loss and differs from its parent, with the name of the mutation; None after TRIES failures."""
    names, shares = list(weights), np.cumsum(list(weights.values()))
    for _ in range(MAX_TRIES):
        name = names[int(np.searchsorted(shares, rng.random() * shares[-1], side="right"))]
        lines = MUTATIONS[name](Site(grammar, genome, donor, rng))
        if lines is None or line_types(lines) is None:
            continue
        child = renumber(lines, grammar.fixed)
        if child != genome and grammar.allows(child):
            return child, name
    return None
