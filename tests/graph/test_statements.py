"""Statements: assignments in order, and a bare expression at the end; others are refused with the assignment that they mean."""

import ast

import pytest

from rlsearch.errors import LossError
from rlsearch.graph.statements import inputs_read, names_in, statements, written
from rlsearch.graph.text import parse

Q = "q(online, s)[a]"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (Q, ["loss"]),
        (f"y = r; loss = {Q} - y", ["y", "loss"]),
        (f"y = r; {Q} - y", ["y", "loss"]),
        (f"# of mine\ny = r  # so\n{Q} - y\n", ["y", "loss"]),
        (f"    y = r\n    loss = {Q} - y\n", ["y", "loss"]),
        (f"y = max(r, 0,);\nloss = {Q} - y;", ["y", "loss"]),
    ],
)
def test_assignments_come_in_order(text, names):
    assert [name for name, _ in statements(text)] == names
    assert parse(text).size > 1


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        (f"x = {Q}\nx += r", "x_2 = x + r"),
        (f"x = {Q}\nx *= 2", "x_2 = x * 2"),
        (f"loss: Real = {Q}", f"loss = {Q}"),
        (f"loss: {Q}", f"loss = {Q}"),
        (f"return 0.5 * {Q}**2", f"loss = 0.5 * {Q}**2"),
        (f"loss = r\n{Q}", ""),
        ("def loss(): return 1", ""),
        ("import torch", ""),
        ("x = y = r", ""),
    ],
)
def test_other_statements_are_told_as_assignments(text, instead):
    with pytest.raises(LossError) as error:
        list(statements(text))
    assert "only lines of the form 'name = expression' are allowed" in str(error.value)
    assert str(error.value).partition("write ")[2] == instead


@pytest.mark.parametrize("name", ["y", "td_loss", "L"])
def test_a_result_of_another_name_is_told_its_own(name):
    with pytest.raises(LossError, match=r"no line 'loss = ...', which names the result; write loss = ") as error:
        parse(f"x = r; {name} = ({Q} - x)**2")
    assert str(error.value).endswith(f"write loss = ({Q} - x)**2")


def test_what_is_read_tells_the_regime():
    lines = list(statements(f"x = r; loss = {Q} - x"))
    assert {"r", "online"} <= {*inputs_read(lines)} and names_in(lines[1][1]) == {"q", "online", "s", "a", "x"}


def test_source_is_on_one_line():
    assert written(ast.parse("x ** 2 + f(\n1)", mode="eval").body) == "x**2 + f(1)"
    assert written(ast.parse("9" * 5000 if False else "0x" + "f" * 9000, mode="eval").body) == "..."
