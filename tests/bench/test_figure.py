import json
import time

import pytest

from rlsearch.bench.figure import Figure, cpu_seconds, interleaved, machine
from rlsearch.provenance.stamp import cpu_model, versions


def test_sides_take_turns():
    calls: list[str] = []
    numbers = iter([4.0, 1.0, 2.0, 3.0, 6.0, 5.0])

    def side(name: str) -> float:
        calls.append(name)
        return next(numbers)

    sides = interleaved({"a": lambda: side("a"), "b": lambda: side("b")}, "us", 3)
    assert calls == ["a", "b"] * 3
    assert sides["a"].repetitions == (4.0, 2.0, 6.0)
    assert (sides["a"].minimum, sides["a"].median, sides["a"].unit) == (2.0, 4.0, "us")
    assert (sides["b"].minimum, sides["b"].median) == (1.0, 3.0)


def test_waiting_costs_no_processor_time():
    assert cpu_seconds(lambda: time.sleep(0.3)) < 0.2


def test_a_figure_says_where_it_was_measured():
    figure = Figure("name", 1.0, "times", "more", "a sentence", interleaved({"a": lambda: 2.0}, "us", 1), {"steps": 3})
    read = json.loads(json.dumps(figure.to_json(), allow_nan=False))
    assert read["machine"] == machine()
    assert "cores" in machine() and "torch 2" in machine() and "\n" not in machine()
    assert machine().startswith(f"{cpu_model()}, ") and f"Python {versions()['python']}, " in machine()
    assert read["better"] == "more"
    assert read["sides"]["a"] == {"unit": "us", "minimum": 2.0, "median": 2.0, "repetitions": [2.0]}
    assert read["value"] == pytest.approx(1.0)


def test_products_that_are_not_the_usual_ones_are_said(monkeypatch):
    monkeypatch.setenv("RLSEARCH_MATMUL", "tiles")
    usual = machine.__wrapped__()
    monkeypatch.setenv("RLSEARCH_MATMUL", "blas")
    assert machine.__wrapped__() == f"{usual}, RLSEARCH_MATMUL=blas"
