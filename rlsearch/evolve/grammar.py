"""What a search may write: inputs, given lines, ops, constants, and how many free lines. Draws are made here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from rlsearch.errors import LossError
from rlsearch.graph.genome import Genome, Line, Ref, line_types
from rlsearch.op import ACCEPTS, NUMBERS, Op, Type
from rlsearch.registry import known_inputs, operations

T = TypeVar("T")

ATTEMPTS = 200  # draws until a genome is a loss at all


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
    """

    inputs: tuple[str, ...]
    given: tuple[Line, ...]
    frozen: bool
    free_nodes: int
    ops: tuple[str, ...]
    constants: tuple[float, ...]
    _given_types: dict[str, Type] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        types = line_types(self.given)
        if types is None:
            raise LossError("the given lines do not fit together: an op does not take its arguments")
        object.__setattr__(self, "_given_types", types)

    @property
    def fixed(self) -> int:
        """How many leading lines mutation must not change."""
        return len(self.given) if self.frozen else 0

    def readable(self, before: Sequence[Line]) -> list[tuple[str, Type]]:
        """What a line may read that comes after these lines: inputs and visible lines, with their types."""
        types = line_types(before)
        assert types is not None
        inputs = [(name, known_inputs()[name].type) for name in self.inputs]
        return inputs + [(line.name, types[line.name]) for line in before if not line.hidden]


def pick(rng: np.random.Generator, items: Sequence[T]) -> T:
    """One of the items, each as likely."""
    return items[int(rng.random() * len(items))]


def choices(grammar: Grammar, op: Op, place: int, readable: Sequence[tuple[str, Type]]) -> list[Ref]:
    """Everything that may stand in one place of an op: readable names, then constants."""
    if op.args[place] in op.literals:
        return list(grammar.constants)
    accepted = NUMBERS if op.elementwise else ACCEPTS[op.arg_types[place]]
    names = [name for name, kind in readable if kind in accepted]
    return [*names, *grammar.constants] if Type.CONSTANT in accepted else [*names]


def draw_ref(
    grammar: Grammar, op: Op, place: int, readable: Sequence[tuple[str, Type]], rng: np.random.Generator
) -> Ref | None:
    """An argument for one place of an op: a readable name, or a constant as often as any single name."""
    allowed = choices(grammar, op, place, readable)
    names = [ref for ref in allowed if isinstance(ref, str)]
    place_of = int(rng.random() * (len(names) + (len(allowed) > len(names))))
    if place_of < len(names):
        return names[place_of]
    return pick(rng, grammar.constants) if len(allowed) > len(names) else None


def draw_line(grammar: Grammar, name: str, before: Sequence[Line], rng: np.random.Generator) -> Line | None:
    """A random line that may stand after these; None where nothing fits the op that was drawn."""
    op = operations()[pick(rng, grammar.ops)]
    readable = grammar.readable(before)
    args: list[Ref] = []
    for place in range(len(op.args)):
        ref = draw_ref(grammar, op, place, readable, rng)
        if ref is None:
            return None
        args.append(ref)
    # An op on literals alone is a literal, and x - x is nothing: not worth a line.
    if all(isinstance(ref, float) for ref in args) or (len(args) == 2 and args[0] == args[1] and op.symbol in ("-", "/")):
        return None
    return Line(name, op.name, tuple(args))


def is_loss(genome: Genome) -> bool:
    """Whether types fit, the last line is a Real and gradient reaches the online network."""
    try:
        genome.graph()
    except LossError:
        return False
    return line_types(genome.lines) is not None


def random_genome(grammar: Grammar, rng: np.random.Generator) -> Genome:
    """A new genome: between two and `free_nodes` random lines after the given ones.

    Raises:
        LossError: no loss was found in ATTEMPTS draws, so the space hardly holds any.
    """
    for _ in range(ATTEMPTS):
        lines = list(grammar.given)
        length = min(grammar.free_nodes, 2 + int(rng.random() * (grammar.free_nodes - 1)))
        for _ in range(20 * length):
            if len(lines) == len(grammar.given) + length:
                break
            line = draw_line(grammar, f"n{len(lines) - len(grammar.given) + 1}", lines, rng)
            if line is not None:
                lines.append(line)
        genome = renumbered(lines, len(grammar.given))
        if len(genome.lines) > len(grammar.given) and is_loss(genome):
            return genome
    raise LossError(
        f"{ATTEMPTS} random genomes in a row were no losses; allow more ops or inputs, or give a line that reads q(online, s)"
    )


def renumbered(lines: Sequence[Line], fixed: int) -> Genome:
    """The genome with its free lines named n1, n2, ... and the last one `loss`."""
    new: dict[Ref, Ref] = {}
    out: list[Line] = list(lines[:fixed])
    for place, line in enumerate(lines[fixed:], 1):
        name = "loss" if place == len(lines) - fixed else f"n{place}"
        out.append(Line(name, line.op, tuple([new.get(ref, ref) if isinstance(ref, str) else ref for ref in line.args])))
        new[line.name] = name
    return Genome(tuple(out))
