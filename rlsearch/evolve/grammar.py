"""The grammar of a search: inputs, given lines, ops, constants, the number of free lines; and random draws from it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from rlsearch.errors import LossError
from rlsearch.evolve.limits import NO_LIMITS, Limits
from rlsearch.graph.genome import Genome, Line, Ref, line_types
from rlsearch.op import ACCEPTS, NUMBERS, Op, Type
from rlsearch.registry import known_inputs, operations, regime_meant

T = TypeVar("T")

MAX_DRAWS = 200  # of a genome, until it is a loss at all


@dataclass(frozen=True)
class Grammar:
    """The language of one search space.

    Attributes:
        inputs: names that free lines may read.
        given: lines that every genome starts with.
        frozen: whether mutation leaves the given lines alone.
        free_nodes: at most so many further lines.
        ops: names of the ops that free lines apply.
        constants: literals that draws choose from.
        limits: what else losses keep to.
    """

    inputs: tuple[str, ...]
    given: tuple[Line, ...]
    frozen: bool
    free_nodes: int
    ops: tuple[str, ...]
    constants: tuple[float, ...]
    limits: Limits = NO_LIMITS
    _given_types: dict[str, Type] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        types = line_types(self.given)
        if types is None:
            raise LossError("the given lines do not fit together: an op does not take its arguments")
        object.__setattr__(self, "_given_types", types)

    @property
    def fixed(self) -> int:
        """The number of leading lines that mutation must not change."""
        return len(self.given) if self.frozen else 0

    def allows(self, genome: Genome) -> bool:
        """True if a genome is a loss that keeps the limits."""
        return is_loss(genome) and (not self.limits.some or self.limits.allow(genome.graph()))

    def allows_line(self, before: Sequence[Line], line: Line) -> bool:
        """True if a line after these keeps the limits with all that it reads."""
        return not self.limits.some or self.limits.allow(Genome((*before, line)).part())

    def readable(self, before: Sequence[Line]) -> list[tuple[str, Type]]:
        """The inputs and visible lines that a line after these may read, with their types."""
        types = line_types(before)
        assert types is not None
        inputs = [(name, known_inputs()[name].type) for name in self.inputs]
        return inputs + [(line.name, types[line.name]) for line in before if not line.hidden]


def pick(rng: np.random.Generator, items: Sequence[T]) -> T:
    """One of the items, each as likely."""
    return items[int(rng.random() * len(items))]


def choices(grammar: Grammar, op: Op, slot: int, readable: Sequence[tuple[str, Type]]) -> list[Ref]:
    """Everything that may be one argument of an op: readable names, then constants."""
    if op.args[slot] in op.literals:
        return list(grammar.constants)
    accepted = NUMBERS if op.elementwise else ACCEPTS[op.arg_types[slot]]
    names = [name for name, kind in readable if kind in accepted]
    return [*names, *grammar.constants] if Type.CONSTANT in accepted else [*names]


def draw_ref(grammar: Grammar, op: Op, slot: int, readable: Sequence[tuple[str, Type]], rng: np.random.Generator) -> Ref | None:
    """A random argument of an op: a readable name, or a constant as often as any single name."""
    allowed = choices(grammar, op, slot, readable)
    names = [ref for ref in allowed if isinstance(ref, str)]
    drawn = int(rng.random() * (len(names) + (len(allowed) > len(names))))
    if drawn < len(names):
        return names[drawn]
    return pick(rng, grammar.constants) if len(allowed) > len(names) else None


def draw_line(grammar: Grammar, name: str, before: Sequence[Line], rng: np.random.Generator) -> Line | None:
    """A random line that may stand after these; None where nothing fits the op that was drawn."""
    op = operations()[pick(rng, grammar.ops)]
    readable = grammar.readable(before)
    args: list[Ref] = []
    for slot in range(len(op.args)):
        ref = draw_ref(grammar, op, slot, readable, rng)
        if ref is None:
            return None
        args.append(ref)
    # An op on literals alone is a literal, and x - x is nothing: not worth a line.
    if all(isinstance(ref, float) for ref in args) or (len(args) == 2 and args[0] == args[1] and op.symbol in ("-", "/")):
        return None
    return Line(name, op.name, tuple(args))


def is_loss(genome: Genome) -> bool:
    """True if types fit, the last line is a Real and gradient reaches the network that learns."""
    try:
        genome.graph()
    except LossError:
        return False
    return line_types(genome.lines) is not None


def random_genome(grammar: Grammar, rng: np.random.Generator) -> Genome:
    """A new genome: between two and `free_nodes` random lines after the given ones.

    Raises:
        LossError: no loss was found in MAX_DRAWS draws, so the space hardly holds any.
    """
    for _ in range(MAX_DRAWS):
        lines = list(grammar.given)
        length = min(grammar.free_nodes, 2 + int(rng.random() * (grammar.free_nodes - 1)))
        for _ in range(20 * length):
            if len(lines) == len(grammar.given) + length:
                break
            line = draw_line(grammar, f"n{len(lines) - len(grammar.given) + 1}", lines, rng)
            if line is not None and grammar.allows_line(lines, line):
                lines.append(line)
        genome = renumber(lines, len(grammar.given))
        if len(genome.lines) > len(grammar.given) and grammar.allows(genome):
            return genome
    regime = regime_meant({*grammar.inputs})
    example = f", or give a line that reads {regime.trained_views[0].text}" if regime else ""
    wider = " or wider limits" if grammar.limits.some else ""
    raise LossError(f"{MAX_DRAWS} random genomes in a row were no losses; allow more ops or inputs{wider}{example}")


def renumber(lines: Sequence[Line], fixed: int) -> Genome:
    """Make a genome of lines: its free ones are named n1, n2, ... and the last one `loss`."""
    new: dict[Ref, Ref] = {}
    out: list[Line] = list(lines[:fixed])
    for number, line in enumerate(lines[fixed:], 1):
        name = "loss" if number == len(lines) - fixed else f"n{number}"
        out.append(Line(name, line.op, tuple([new.get(ref, ref) if isinstance(ref, str) else ref for ref in line.args])))
        new[line.name] = name
    return Genome(tuple(out))
