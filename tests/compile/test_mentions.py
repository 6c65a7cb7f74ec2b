"""How often a facet reads an argument."""

from rlsearch.compile.mentions import mentions


def test_every_reading_counts_and_nothing_else():
    assert mentions("torch.where(a > b, a, torch.abs(a) - 0.5)", "a") == 3
    assert mentions("ab + b.a + abs(b)", "a") == 0 and mentions("ab + b.a + abs(b)", "b") == 2
