import pytest

from rlsearch.bench.env_steps import env_steps, walk, walk_gymnasium
from rlsearch.bench.inner_loop import task


def test_both_sides_walk_the_same_environment():
    # The random policy's episodes are 22.25 steps long, with a standard deviation of 11.9.
    cartpole = task()
    assert walk(cartpole, 20_000, seed=1) == pytest.approx(20_000 / 22.25, rel=0.08)
    assert walk_gymnasium(20_000, seed=1, horizon=500) == pytest.approx(20_000 / 22.25, rel=0.08)


def test_both_sides_cut_off_at_the_horizon():
    assert walk_gymnasium(100, seed=1, horizon=5) == 20


def test_both_sides(sound):
    figure = env_steps(steps=200, repetitions=2)
    sound(figure, "env_steps", {"rlsearch", "gymnasium"})
    assert figure.settings["steps_per_second"] > 0
