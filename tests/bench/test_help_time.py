import pytest

from rlsearch.bench.help_time import help_time
from rlsearch.errors import RunFailed


def test_what_is_imported_is_seen(sound):
    figure = help_time("import sympy, sys; print(sys.argv[1])", repetitions=1)
    sound(figure, "help_time", {"rlsearch --help", "python"})
    assert figure.settings["imported"] == ["sympy"]


def test_nothing_heavy_and_an_exit():
    assert help_time("import sys; sys.exit(0)", repetitions=1).settings["imported"] == []


def test_a_program_that_fails_is_shown():
    with pytest.raises(RunFailed, match=r"exit code 1: ZeroDivisionError"):
        help_time("1 / 0", repetitions=1)
