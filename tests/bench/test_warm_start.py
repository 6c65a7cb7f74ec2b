"""The launch of a search is timed up to a trial that really ran."""

import pytest

from rlsearch.bench import warm_start as room


@pytest.mark.slow
def test_a_search_reaches_its_first_trial():
    figure = room.warm_start(repetitions=1)
    assert figure.name == "warm_start" and figure.unit == "seconds"
    assert 0 < figure.value < room.START_TIMEOUT_S


def test_no_run_is_no_trial(tmp_path):
    assert not room._has_trial(tmp_path / "nothing")
