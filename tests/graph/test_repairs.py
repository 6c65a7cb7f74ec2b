"""Repairs of what is no Python: the line that was meant, where it can be told."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.errors import LossError
from rlsearch.graph.repairs import repair
from rlsearch.graph.text import parse

Q = "q(online, s)[a]"
REPAIRED = {
    f"1e-3f * {Q}": f"1e-3 * {Q}",
    f"0.5F * {Q}": f"0.5 * {Q}",
    f"2 {Q}": f"2 * {Q}",
    f"2{Q}": f"2 * {Q}",
    f"(r + 1) {Q}": f"(r + 1) * {Q}",
    f"r {Q}": f"r * {Q}",
    f"½ {Q}": f"0.5 * {Q}",
    f"|{Q} - r|": f"abs({Q} - r)",
    f"{Q} > 0 && r > 0": f"{Q} > 0 and r > 0",
    f"({Q} > 0) || (r > 0)": f"({Q} > 0) or (r > 0)",
    f"where(r => 0, {Q}, r)": f"where(r >= 0, {Q}, r)",
    f"where(r =< 0, {Q}, r)": f"where(r <= 0, {Q}, r)",
    f"loss := {Q}": f"loss = {Q}",
    f"loss = r > 0 ? {Q} : r": f"loss = where(r > 0, {Q}, r)",
    f"{Q} - r // the error": f"{Q} - r",
    f"2 |{Q}|": f"2 * abs({Q})",
}


@pytest.mark.parametrize("typed", REPAIRED)
def test_the_line_that_was_meant_is_told(typed):
    with pytest.raises(LossError) as error:
        parse(typed)
    message = str(error.value)
    assert "not an expression" in message and message.endswith(f"; write {REPAIRED[typed]}")
    ast.parse(REPAIRED[typed])


@pytest.mark.parametrize("typed", ["\\gamma \\max_{a'} Q(s', a')", "$\\delta^2$", "\\frac{1}{2} r", "Q_{target}(s)"])
def test_latex_is_told_a_loss_that_can_be_read(typed):
    with pytest.raises(LossError, match="LaTeX is not read") as error:
        parse(typed)
    assert parse(str(error.value).rpartition("write ")[2]).size > 5


@pytest.mark.parametrize("typed", ["(", "r +", "r + )", "x = = r", "for r in s", "'", "if r > 0: r", "\x00"])
def test_where_nobody_knows_nothing_is_told(typed):
    assert repair(typed, 1) == ""


@given(st.text(max_size=80) | st.text(st.sampled_from("q(r)|&?:=<>!2.5fx \\$_{}"), max_size=60))
def test_whatever_is_told_is_python(text):
    for line in range(1, 3):
        told = repair(text, line).partition("write ")[2]
        ast.parse(told)
