"""Losses from outside, known ones or the user's own, as genomes that a space's mutations can work on."""

from rlsearch.evolve.grammar import Grammar, renumber
from rlsearch.graph.genome import Genome, Line, Ref
from rlsearch.graph.graph import CONSTANT, INPUT, Builder, Graph


def start_genome(grammar: Grammar, graph: Graph) -> Genome:
    """A loss as a genome: the given lines, then whatever else it needs, however many lines."""
    builder, names = Builder(limit=None), dict[int, Ref]()
    refs: dict[Ref, int] = {}

    def node(ref: Ref) -> int:
        if isinstance(ref, str):
            return refs[ref] if ref in refs else builder.input(ref)
        return builder.constant(ref)

    for line in grammar.given:
        refs[line.name] = builder.apply(line.op, *(node(ref) for ref in line.args))
        names.setdefault(refs[line.name], line.name)
    lines = list(grammar.given)
    number: list[int] = []
    for index, (op, args, leaf) in enumerate(graph.nodes):
        if op in (INPUT, CONSTANT):
            assert leaf is not None
            number.append(node(leaf))
            names[number[-1]] = leaf
            continue
        number.append(builder.apply(op, *(number[arg] for arg in args)))
        # The loss is a line of its own even if it stands among the given ones: the last line is the loss.
        if number[-1] not in names or index == graph.root:
            lines.append(Line(f"start{index}", op, tuple(names[number[arg]] for arg in args)))
            names[number[-1]] = lines[-1].name
    return renumber(lines, len(grammar.given))
