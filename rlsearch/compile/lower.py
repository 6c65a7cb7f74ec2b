"""Lowering: a loss becomes one tape for each phase; rows are laid out, constants folded, instructions numbered."""

import numpy as np

from rlsearch.compile.folding import fold
from rlsearch.compile.tape import MAX_ARGS, WIDTH, Tape
from rlsearch.graph.graph import INPUT, Graph
from rlsearch.op import Type
from rlsearch.regimes.inputs import Sizes
from rlsearch.registry import op_codes, operations


def lower(graph: Graph, sizes: Sizes) -> tuple[Tape, ...]:
    """The tapes of a loss, one for each part that its regime cuts losses into; the last one computes the loss."""
    part_of, folded = _parts(graph), fold(graph, sizes)
    laid: list[dict[int, int]] = []  # of each tape so far, the first row of each node it holds
    tapes: list[Tape] = []
    for part in range(len(graph.regime.tapes)):
        tape, rows = _tape(graph, sizes, folded, part_of, part, laid)
        tapes.append(tape)
        laid.append(rows)
    return tuple(tapes)


def _parts(graph: Graph) -> list[int]:
    """The first tape that can compute each node: the latest of what it reads. The loss itself belongs to the last."""
    parts: list[int] = []
    for node in graph.nodes:
        own = graph.regime.inputs[str(node.leaf)].tape if node.op == INPUT else 0
        parts.append(max([own, *(parts[arg] for arg in node.args)]))
    parts[graph.root] = len(graph.regime.tapes) - 1
    return parts


def _tape(
    graph: Graph, sizes: Sizes, folded: dict[int, float], part_of: list[int], part: int, earlier: list[dict[int, int]]
) -> tuple[Tape, dict[int, int]]:
    """One tape, and the first row of each node on it."""
    regime, ops, codes = graph.regime, operations(), op_codes()
    view_rows, view_carries = np.full(len(regime.views), -1, np.int64), np.zeros(len(regime.views), np.int64)
    input_rows = np.full(len(regime.columns), -1, np.int64)
    here = {index for index in range(len(graph.nodes)) if part_of[index] == part}
    wanted = here | {arg for index in here for arg in graph.nodes[index].args}
    row_of: dict[int, int] = {}
    constants: list[tuple[int, float]] = []
    code: list[list[int]] = []
    carried: list[tuple[int, int, int, int]] = []
    rows = 0
    for index, node in enumerate(graph.nodes):
        if index not in wanted:
            continue
        kind = graph.types[index]
        row_of[index] = rows
        height = 0 if kind in (Type.NETWORK, Type.STATE) else sizes.width(kind)
        if index in folded:
            constants.append((rows, folded[index]))
        elif node.op == INPUT:
            if node.leaf in regime.columns:
                input_rows[regime.columns.index(str(node.leaf))] = rows
        elif index not in here:
            carried.append((part_of[index], earlier[part_of[index]][index], rows, height))
        elif ops[node.op].external:
            which = regime.views.index(graph.view(index))
            view_rows[which], view_carries[which] = rows, graph.carries[index]
        else:
            op = ops[node.op]
            instruction = [*codes[node.op], rows, height, _axis_size(graph, index, sizes)]
            for arg, partial in zip(node.args, op.partials, strict=True):
                step = int(op.elementwise and height > 1 and graph.types[arg].axis is not None)
                instruction += [row_of[arg], step, int(partial is not None and graph.carries[arg])]
            code.append(instruction + [0] * (3 * (MAX_ARGS - len(node.args))))
        rows += height
    return (
        Tape(
            regime=regime,
            sizes=sizes,
            code=np.array(code, np.int64).reshape(-1, WIDTH),
            rows=rows,
            root=row_of.get(graph.root, -1),
            view_rows=view_rows,
            view_carries=view_carries,
            input_rows=input_rows,
            constant_rows=np.array([row for row, _ in constants], np.int64),
            constants=np.array([value for _, value in constants], np.float64),
            carried=np.array(carried, np.int64).reshape(-1, 4),
        ),
        row_of,
    )


def _axis_size(graph: Graph, index: int, sizes: Sizes) -> int:
    """The size of the axis along which an op works or its value stands; the number of actions if there is none."""
    kinds = [graph.types[index], *(graph.types[arg] for arg in graph.nodes[index].args)]
    return next((sizes.along(kind.axis) for kind in kinds if kind.axis is not None), sizes.actions)
