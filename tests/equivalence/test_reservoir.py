"""The reservoir: a pure function of what came, whatever the order, with some of everything."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from rlsearch.equivalence.reservoir import PARTS, PER_STRATUM, Recorded, Reservoir
from rlsearch.regimes.batch import Batch
from rlsearch.regimes.inputs import Sizes
from rlsearch.regimes.replay import REGIME

CAME = st.lists(
    st.tuples(st.sampled_from("abc"), st.floats(0, 1), st.integers(0, 10**6)), max_size=150, unique_by=lambda one: one[2]
)


def recorded(env, progress, rank):
    return Recorded(env, progress, rank, Batch(REGIME, Sizes(2), {}, {}))


def filled(came):
    reservoir = Reservoir()
    for one in came:
        reservoir.add(one)
    return reservoir


@given(CAME, st.randoms(use_true_random=False), st.integers(1, 100))
def test_the_order_of_arrival_does_not_matter(came, random, most):
    came = [recorded(*one) for one in came]
    shuffled = random.sample(came, len(came))
    assert filled(came).batches(most) == filled(shuffled).batches(most)


@given(CAME)
def test_of_each_stratum_the_lowest_ranks_are_kept(came):
    """Counted in another way: all of a stratum, sorted."""
    came = [recorded(*one) for one in came]
    strata = {}
    for one in came:
        strata.setdefault((one.env, min(int(PARTS * one.progress), PARTS - 1)), []).append(one)
    wanted = [one for _, held in sorted(strata.items()) for one in sorted(held, key=lambda one: one.rank)[:PER_STRATUM]]
    assert list(filled(came).batches(10**6)) == [one.batch for one in wanted]


@given(CAME, st.integers(1, 100))
def test_no_more_are_shown_than_were_asked_for_and_all_strata_if_possible(came, most):
    came = [recorded(*one) for one in came]
    reservoir = filled(came)
    every, shown = reservoir.batches(10**6), reservoir.batches(most)
    place = {id(one.batch): (one.env, min(int(PARTS * one.progress), PARTS - 1)) for one in came}
    assert len(shown) <= most and {id(batch) for batch in shown} <= {id(batch) for batch in every}
    strata = Counter(place[id(batch)] for batch in every)
    if len(strata) <= most:
        assert Counter(place[id(batch)] for batch in shown) == {
            stratum: min(count, max(1, most // len(strata))) for stratum, count in strata.items()
        }


@given(CAME)
def test_what_is_held_already_or_ranks_too_high_changes_nothing(came):
    came = [recorded(*one) for one in came]
    reservoir = filled(came)
    version = reservoir.version
    for one in came:
        reservoir.add(one)
    assert reservoir.version == version <= len(came)
