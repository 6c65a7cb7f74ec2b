from rlsearch.bench.ratio import ratio


def test_fused_and_every_adam(sound):
    figure = ratio(steps=20, warm_up=5, repetitions=2)
    sound(figure, "ratio", {"fused", "eager, Adam default", "eager, Adam foreach", "eager, Adam fused"})
    assert figure.settings["fastest_eager"] in figure.sides
    assert figure.settings["agent"]["batch"] == 32
