import pytest

from rlsearch.bench.new_class import canonical_key, class_check, fingerprinting, random_losses
from rlsearch.simplify.canonical import canonical


@pytest.mark.parametrize("ops", [10, 20])
def test_losses_have_the_size_that_was_asked_for(ops):
    losses = random_losses(50, ops)
    assert {loss.size for loss in losses} == {ops}
    assert all(loss.carries[loss.root] for loss in losses)
    assert len({canonical(loss) for loss in losses}) > 45
    assert losses == random_losses(50, ops)


@pytest.mark.parametrize("measure", [canonical_key, fingerprinting, class_check])
def test_sound(measure, sound):
    sound(measure(count=5, repetitions=2), measure.__name__, {"10 ops", "20 ops"})
