"""From a graph to a tape: rows, folded constants, instructions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.compile.lower import lower
from rlsearch.compile.tape import ARGS, AXIS_SIZE, CARRIES, FIRST, MAX_ARGS, OUT, ROWS, STEP, WIDTH
from rlsearch.graph.text import parse
from rlsearch.regimes.inputs import Sizes
from rlsearch.registry import op_codes, operations
from tests.support.strategies import losses


def test_td_by_hand():
    (tape,) = lower(parse("(q(online, s)[a] - (r + discount * max(q(target, s_next))))**2"), Sizes(3))
    assert tape.view_rows.tolist() == [0, -1, -1, 7] + [-1] * 5  # a is row 3, q_sa 4, r 5, discount 6
    assert tape.view_carries.tolist() == [1] + [0] * 8
    assert tape.input_rows.tolist() == [3, 5, 6] + [-1] * 7
    assert tape.reads("s_next")
    assert not tape.reads("s_n", "progress")
    assert tape.rows == 15
    assert tape.root == 14
    names = {code: name for name, code in op_codes().items()}
    assert [names[int(line[0]), int(line[1])] for line in tape.code] == ["select", "max", "mul", "add", "sub", "square"]
    assert tape.code[0, ARGS : ARGS + 6].tolist() == [0, 0, 1, 3, 0, 0]
    assert tape.code[4, ARGS : ARGS + 6].tolist() == [4, 0, 1, 12, 0, 0]  # gradient into q_sa, none into the target


@pytest.mark.parametrize(
    ("text", "constants"),
    [
        ("max(q(online, s)) * (2 + 0.5 * 4)", [2.0, 0.5, 4.0, 2.0, 4.0]),
        ("max(q(online, s)) / log(num_actions)", [3.0, np.log(3)]),
    ],
)
def test_what_is_the_same_for_every_sample_is_folded(text, constants):
    (tape,) = lower(parse(text), Sizes(3))
    assert sorted(tape.constants) == pytest.approx(sorted(constants))
    assert len(tape.code) == 2


@given(losses(), st.sampled_from([2, 5]))
def test_a_tape_is_well_formed(graph, num_actions):
    (tape,) = lower(graph, Sizes(num_actions))
    assert tape.code.shape[1] == WIDTH
    assert tape.code.dtype == np.int64
    ready = {row + i for row in tape.view_rows.tolist() if row >= 0 for i in range(num_actions)}
    ready |= {row for row in tape.input_rows.tolist() if row >= 0} | set(tape.constant_rows.tolist())
    for line in tape.code.tolist():
        assert line[AXIS_SIZE] == num_actions
        assert line[ROWS] in (1, num_actions)
        for k in range(MAX_ARGS):
            first, step, carries = (line[ARGS + 3 * k + column] for column in (FIRST, STEP, CARRIES))
            assert step in (0, 1) and carries in (0, 1)
            assert {first + i * step for i in range(line[ROWS])} <= ready or first == step == carries == 0
        made = set(range(line[OUT], line[OUT] + line[ROWS]))
        assert not made & ready, "a row is written twice"
        ready |= made
    assert tape.root in ready
    assert max(ready) < tape.rows
    assert not tape.view_carries[2:].any(), "gradient into the target network"


def test_no_op_has_more_arguments_than_an_instruction_holds():
    assert max(len(op.args) for op in operations().values()) <= MAX_ARGS
