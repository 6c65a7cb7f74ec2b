import pytest

from rlsearch.bench.worker_scaling import worker_scaling


@pytest.mark.slow
def test_one_and_two_workers(sound):
    figure = worker_scaling(seconds=4.0, repetitions=1)
    sound(figure, "worker_scaling", {"1 worker", "2 workers"})
    assert figure.settings["candidates"] == 300
