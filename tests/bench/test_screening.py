from rlsearch.bench.screening import screening


def test_every_proposal_has_a_fate(sound):
    figure = screening(proposals=150, repetitions=1)
    sound(figure, "screening", {"screening"})
    assert sum(figure.settings["statuses"].values()) == 150
    assert figure.settings["statuses"]["trained"] > 0
