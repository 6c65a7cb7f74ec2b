"""Isotonic regression against a brute-force search."""

from itertools import product

import pytest

from rlsearch.report.dag_layout.isotonic import isotonic_regression


def test_targets_that_fit_are_met() -> None:
    assert isotonic_regression([[(0, 1)], [(10, 1)], [(30, 1)]], [5, 5], median=False) == [0, 10, 30]


def test_targets_that_clash_are_averaged() -> None:
    assert isotonic_regression([[(0, 1)], [(0, 1)]], [10], median=False) == [-5, 5]
    assert isotonic_regression([[(0, 3)], [(0, 1)]], [10], median=False) == [-2.5, 7.5]


@pytest.mark.parametrize("median", [False, True])
def test_no_other_positions_are_better(median: bool) -> None:
    targets = [[(4.0, 1.0), (0.0, 2.0)], [(1.0, 1.0)], [(2.0, 2.0), (7.0, 1.0)], [(3.0, 1.0)]]
    gaps = [1.0, 2.0, 1.0]

    def cost(positions: tuple[float, ...] | list[float]) -> float:
        return sum(
            w * (abs(y - t) if median else (y - t) ** 2)
            for y, wanted in zip(positions, targets, strict=True)
            for t, w in wanted
        )

    found = isotonic_regression(targets, gaps, median=median)
    grid = [k * 0.5 for k in range(-4, 20)]
    feasible = (p for p in product(grid, repeat=4) if all(p[k] + gaps[k] <= p[k + 1] for k in range(3)))
    assert all(b - a >= gap - 1e-9 for a, b, gap in zip(found, found[1:], gaps, strict=False))
    assert cost(found) <= min(map(cost, feasible)) + 1e-9
