import pytest

from rlsearch.bench import env_steps as figures
from rlsearch.bench.env_steps import oracle_of, walk, walk_oracle
from rlsearch.bench.inner_loop import task


def test_both_sides_walk_the_same_environment():
    # The random policy's episodes are 22.25 steps long, with a standard deviation of 11.9.
    cartpole = task()
    assert walk(cartpole, 20_000, seed=1) == pytest.approx(20_000 / 22.25, rel=0.08)
    assert walk_oracle(oracle_of("CartPole-v1"), 2, 500, 20_000, seed=1) == pytest.approx(20_000 / 22.25, rel=0.08)


def test_both_sides_cut_off_at_the_horizon():
    assert walk_oracle(oracle_of("CartPole-v1"), 2, 5, 100, seed=1) == 20


@pytest.mark.parametrize(
    ("measure", "envs"),
    [
        ("env_steps", figures.CLASSIC),
        ("acrobot_steps", ("Acrobot-v1",)),
        ("toy_text_steps", figures.TOY_TEXT),
        ("minigrid_steps", figures.MINIGRID),
        ("minigrid_resets", figures.MINIGRID),
    ],
)
def test_both_sides(measure, envs, sound):
    figure = getattr(figures, measure)(20, repetitions=2)
    sound(figure, measure, {*envs, *(f"{env} there" for env in envs)})
    assert set(figure.settings["per_second"]) == set(figure.settings["ratios"]) == set(envs)
    assert figure.value == min(figure.settings["ratios"].values())
