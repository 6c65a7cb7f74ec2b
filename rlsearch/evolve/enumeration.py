"""Enumeration of every expression of up to so many ops, smallest first, each canonical form once."""

from collections.abc import Iterator
from itertools import product

from rlsearch.errors import LossError
from rlsearch.evolve.grammar import Grammar
from rlsearch.graph.genome import Genome, Line, Ref
from rlsearch.op import NUMBERS, Type
from rlsearch.registry import operations
from rlsearch.simplify.canonical import standard_table
from rlsearch.simplify.form import Form

Expression = tuple[Line, ...]  # lines that end in the expression's value; () for a leaf


def enumerate_genomes(grammar: Grammar, max_ops: int) -> Iterator[Genome]:
    """Losses of one op, of two, ...; expressions that simplify to a smaller one, or break a limit, are left out."""
    form = Form(standard_table())
    nodes: dict[str, int] = {}

    def node(ref: Ref) -> int:
        if isinstance(ref, str):
            return nodes[ref] if ref in nodes else form.input(ref)
        return form.constant(ref)

    for line in grammar.given:
        nodes[line.name] = form.make(line.op, *(node(ref) for ref in line.args))
    readable = grammar.readable(grammar.given)
    if not any(operations()[name].external for name in grammar.ops):
        readable = [(name, kind) for name, kind in readable if kind in (*NUMBERS, Type.ACTION)]  # all that ops take then
    leaves: list[tuple[Ref, Type]] = [*readable, *((value, Type.CONSTANT) for value in grammar.constants)]
    # For each size: expressions as (lines, the name or number that stands for their value, its node, its type).
    sizes: list[list[tuple[Expression, Ref, int, Type]]] = [[((), leaf, node(leaf), kind) for leaf, kind in leaves]]
    seen = {index for _, _, index, _ in sizes[0]}
    count = 0
    for size in range(1, max_ops + 1):
        level: list[tuple[Expression, Ref, int, Type]] = []
        sizes.append(level)
        for name in grammar.ops:
            op = operations()[name]
            for parts in _splits(size - 1, len(op.args)):
                if op.commutes and len(parts) == 2 and parts[0] > parts[1]:
                    continue
                for chosen in product(*(sizes[part] for part in parts)):
                    if op.commutes and chosen[0][2] > chosen[-1][2] and len(set(parts)) == 1:
                        continue
                    kind = op.result_type(tuple([kind for _, _, _, kind in chosen]))
                    if kind is None:
                        continue
                    index = _canonical_node(form, name, [index for _, _, index, _ in chosen])
                    if index is None or index in seen:
                        continue
                    lines = tuple(dict.fromkeys(line for part, _, _, _ in chosen for line in part))
                    lines = (*lines, Line(f"e{count + 1}", name, tuple(ref for _, ref, _, _ in chosen)))
                    if not grammar.allows_line((*grammar.given, *lines[:-1]), lines[-1]):
                        continue
                    seen.add(index)
                    count += 1
                    level.append((lines, lines[-1].name, index, kind))
                    if form.carries[index] and len(lines) <= grammar.free_nodes and kind == Type.REAL:
                        yield _genome(grammar, lines)


def _canonical_node(form: Form, op: str, args: list[int]) -> int | None:
    """The canonical node of an op applied to nodes; None for a literal out of range."""
    try:
        return form.make(op, *args)
    except (LossError, ArithmeticError):
        return None


def _splits(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Ways to share ops among arguments."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _splits(total - first, parts - 1):
            yield (first, *rest)


def _genome(grammar: Grammar, lines: Expression) -> Genome:
    names: dict[Ref, Ref] = {line.name: f"n{number}" for number, line in enumerate(lines, 1)}
    names[lines[-1].name] = "loss"
    return Genome(
        (
            *grammar.given,
            *(Line(str(names[line.name]), line.op, tuple(names.get(ref, ref) for ref in line.args)) for line in lines),
        )
    )
