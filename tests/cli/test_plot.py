"""Plots in a terminal: a dot for each point, where the point is."""

import pytest

from rlsearch.cli.plot import BLANK, DOTS, HEIGHT, LABEL, beside, dots, plot
from rlsearch.registry import operations
from rlsearch.report.op_slices import slices


def places(lines: list[str]) -> list[tuple[int, int]]:
    """(column, row) of every dot."""
    found = []
    for row, line in enumerate(lines[1 : 1 + HEIGHT]):
        for column, char in enumerate(line[LABEL + 2 :]):
            bits = ord(char) - BLANK if ord(char) >= BLANK else 0
            found += [(2 * column + i, 4 * row + j) for i in (0, 1) for j in range(4) if bits & DOTS[i][j]]
    return sorted(found)


@pytest.mark.parametrize("width", [32, 48, 80])
def test_every_dot_is_a_computed_value(width: int) -> None:
    """Against the values of a hand-computed square, row by row."""
    (cut,) = slices(operations()["square"])
    at = cut.grid(dots(width))
    lines = plot("value", "a", at.tolist(), cut.value(at).tolist(), width)
    top, bottom = 9.0, float((at**2).min())
    wanted = [(k, round((top - x * x) / (top - bottom) * (4 * HEIGHT - 1))) for k, x in enumerate(at)]
    assert places(lines) == wanted and len(wanted) == dots(width)
    assert all(len(line) == width for line in lines)
    assert lines[1].startswith(f"{'9':>{LABEL}} ┤") and lines[-1].split() == ["−3", "a", "3"]


def test_a_constant_has_one_label_and_one_level() -> None:
    lines = plot("t", "x", [0.0, 1.0, 2.0], [0.25, 0.25, 0.25], 40)
    assert {row for _, row in places(lines)} == {2 * HEIGHT} and sum("┤" in line for line in lines) == 1
    assert "0.25" in lines[1 + HEIGHT // 2]


def test_side_by_side() -> None:
    assert beside(["ab", "cd"], ["x ", "y "]) == ["ab  x", "cd  y"]


@pytest.mark.parametrize("name", operations())
@pytest.mark.parametrize("columns", [24, 50, 80, 200])
def test_every_op_fits_every_terminal(name: str, columns: int, say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    said = say("ops", name)
    assert said.code == 0 and said.err == ""
    drawn = [line for line in said.out.splitlines() if any(char in line for char in "│┤")]
    cuts = slices(operations()[name])
    assert (len(drawn) >= HEIGHT * len(cuts)) and bool(drawn) == (name != "q")
    assert max(map(len, drawn), default=0) <= columns
    words = " ".join(said.out.split())  # which wrap
    for cut in cuts:
        assert cut.result in words and cut.held.replace("-", "−") in words


def test_an_op_in_words_and_as_data(say) -> None:
    out = say("ops", "minimum").out
    assert "formula    min(a, b)\n" in out and "domain     a in [-3, 3], b in [-3, 3]\n" in out
    assert "algebra    commutes, associates, idempotent: f(x, x) = x\n" in out
    assert "algebra    commutes, associates, identity 1\n" in say("ops", "mul").out
    assert "low in [-1, -0.5] (a literal)" in say("ops", "clip").out
    assert "d/da: no gradient" in say("ops", "sign").out and "g: the gradient by the result" in say("ops", "softmax").out
    (op,) = say("ops", "add", "--json").json["ops"]
    assert op["algebra"] == {
        "commutes": True,
        "associates": True,
        "idempotent": False,
        "identity": 0.0,
        "even": False,
        "odd": False,
        "projection": False,
        "nonnegative": False,
    }
    assert op["domain"] == {"a": [-3.0, 3.0], "b": [-3.0, 3.0]} and op["formula"] == "a + b"
    (op,) = say("ops", "where", "--json").json["ops"]
    assert op["formula"] == "(c, if a > b, else d)" and op["algebra"]["identity"] is None
    assert op["latex"] == r"\left(c \text{ if } a > b \text{ else } d\right)"
