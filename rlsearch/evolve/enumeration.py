"""Every expression of up to so many ops, smallest first, each canonical form once."""

from collections.abc import Iterator
from itertools import product

from rlsearch.errors import LossError
from rlsearch.evolve.grammar import Grammar, is_loss
from rlsearch.graph.canonical import Form
from rlsearch.graph.genome import Genome, Line, Ref
from rlsearch.op import NUMBERS, Type
from rlsearch.registry import operations

Expression = tuple[Line, ...]  # lines that end in the expression's value; () for a leaf


def enumerate_genomes(grammar: Grammar, max_ops: int) -> Iterator[Genome]:
    """Losses of one op, of two, ...; expressions that simplify to a smaller one are left out."""
    form = Form(limit=None)
    nodes: dict[str, int] = {}

    def node(ref: Ref) -> int:
        if isinstance(ref, str):
            return nodes[ref] if ref in nodes else form.input(ref)
        return form.constant(ref)

    for line in grammar.given:
        nodes[line.name] = form.make(line.op, *(node(ref) for ref in line.args))
    kinds = {*NUMBERS, Type.ACTION}
    if any(operations()[name].external for name in grammar.ops):
        kinds |= {Type.NETWORK, Type.STATE}
    leaves: list[Ref] = [name for name, kind in grammar.readable(grammar.given) if kind in kinds]
    leaves += list(grammar.constants)
    # For each size: expressions as (lines, the name or number that stands for their value, its node).
    sizes: list[list[tuple[Expression, Ref, int]]] = [[((), leaf, node(leaf)) for leaf in leaves]]
    seen = {index for _, _, index in sizes[0]}
    fresh = 0
    for size in range(1, max_ops + 1):
        level: list[tuple[Expression, Ref, int]] = []
        sizes.append(level)
        for name in grammar.ops:
            op = operations()[name]
            for parts in _splits(size - 1, len(op.args)):
                if op.commutes and len(parts) == 2 and parts[0] > parts[1]:
                    continue
                for chosen in product(*(sizes[part] for part in parts)):
                    if op.commutes and chosen[0][2] > chosen[-1][2] and len(set(parts)) == 1:
                        continue
                    try:
                        index = form.make(name, *(index for _, _, index in chosen))
                    except LossError:
                        continue  # types do not fit
                    if index in seen:
                        continue
                    seen.add(index)
                    fresh += 1
                    lines = tuple(dict.fromkeys(line for part, _, _ in chosen for line in part))
                    lines = (*lines, Line(f"e{fresh}", name, tuple(ref for _, ref, _ in chosen)))
                    level.append((lines, lines[-1].name, index))
                    genome = _genome(grammar, lines)
                    if form.carries[index] and len(lines) <= grammar.free_nodes and is_loss(genome):
                        yield genome


def _splits(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Ways to share ops among arguments."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _splits(total - first, parts - 1):
            yield (first, *rest)


def _genome(grammar: Grammar, lines: Expression) -> Genome:
    names: dict[Ref, Ref] = {line.name: f"n{place}" for place, line in enumerate(lines, 1)}
    names[lines[-1].name] = "loss"
    return Genome(
        (
            *grammar.given,
            *(Line(str(names[line.name]), line.op, tuple(names.get(ref, ref) for ref in line.args)) for line in lines),
        )
    )
