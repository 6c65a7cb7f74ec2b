"""From a graph to a tape: rows are laid out for one number of actions, constants are folded, instructions numbered."""

import numpy as np

from rlsearch.compile.numpy_tape import fold
from rlsearch.compile.tape import MAX_ARGS, Q_INPUTS, SAMPLE_INPUTS, WIDTH, Tape
from rlsearch.graph.graph import INPUT, Graph
from rlsearch.op import Type
from rlsearch.registry import op_codes, operations

MANY = (Type.VECTOR, Type.SIMPLEX)


def lower(graph: Graph, num_actions: int) -> Tape:
    """The tape of a loss for environments with this many actions."""
    ops, codes, folded = operations(), op_codes(), fold(graph, num_actions)
    q_rows, q_carries = np.full(len(Q_INPUTS), -1), np.zeros(len(Q_INPUTS), np.int64)
    sample_rows = np.full(len(SAMPLE_INPUTS), -1)
    row_of: list[int] = []
    constants: list[tuple[int, float]] = []
    code: list[list[int]] = []
    rows = 0
    for index, node in enumerate(graph.nodes):
        kind = graph.types[index]
        row_of.append(rows)
        height = num_actions if kind in MANY else 0 if kind in (Type.NETWORK, Type.STATE) else 1
        if index in folded:
            constants.append((rows, folded[index]))
        elif node.op == INPUT:
            if node.leaf in SAMPLE_INPUTS:
                sample_rows[SAMPLE_INPUTS.index(str(node.leaf))] = rows
        elif ops[node.op].external:
            which = Q_INPUTS.index(tuple(graph.nodes[arg].leaf for arg in node.args))
            q_rows[which], q_carries[which] = rows, graph.carries[index]
        else:
            op = ops[node.op]
            instruction = [*codes[node.op], rows, height, num_actions]
            for arg, partial in zip(node.args, op.partials, strict=True):
                step = int(op.elementwise and height > 1 and graph.types[arg] in MANY)
                instruction += [row_of[arg], step, int(partial is not None and graph.carries[arg])]
            code.append(instruction + [0] * (3 * (MAX_ARGS - len(node.args))))
        rows += height
    return Tape(
        code=np.array(code, np.int64).reshape(-1, WIDTH),
        rows=rows,
        root=row_of[graph.root],
        q_rows=q_rows.astype(np.int64),
        q_carries=q_carries,
        sample_rows=sample_rows.astype(np.int64),
        constant_rows=np.array([row for row, _ in constants], np.int64),
        constants=np.array([value for _, value in constants], np.float64),
        num_actions=num_actions,
    )
