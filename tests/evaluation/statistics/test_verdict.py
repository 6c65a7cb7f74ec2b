import pytest

from rlsearch.evaluation.statistics import verdict


@pytest.mark.parametrize(
    "low, high, n, word",
    [
        (0.01, 0.2, 6, "better"),
        (-0.2, -0.01, 6, "worse"),
        (-0.1, 0.1, 50, "too few to tell"),
        (0.0, 0.1, 50, "too few to tell"),
        (0.01, None, 6, "better"),
        (None, -0.01, 6, "worse"),
        (None, None, 1, "too few to tell"),
        (0.5, 0.6, 5, "too few to tell"),
        (-0.6, -0.5, 5, "too few to tell"),
    ],
)
def test_no_word_below_six_replicates(low, high, n, word):
    assert verdict(low, high, n) == word
