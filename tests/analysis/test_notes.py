"""Notes on how a run checked its classes: sentences that count."""

from rlsearch.analysis.notes import guard_notes
from rlsearch.evaluation.twins import Twin
from rlsearch.evolve.split import Split


def split(member, new_class):
    return Split(63, member, 17, new_class, 0.5, "where the reward is 0")


def test_a_run_without_members_and_splits_says_nothing():
    assert guard_notes(None, {}, (), ()) == guard_notes(17, {17: 1}, (), ()) == ()


def test_members_that_were_trained_beside_the_pick_are_counted_once_and_those_that_left_not():
    twins = [Twin(member, class_index, env, 0.0, 0.0) for member, class_index in ((3, 17), (5, 17), (7, 2)) for env in "ab"]
    (said,) = guard_notes(17, {17: 31, 2: 9}, (), twins)
    assert said.startswith("2 of the 30 other ways in which the search wrote the pick were trained beside it, each once")
    said, left = guard_notes(17, {17: 31}, [split(5, 5)], twins)
    assert said.startswith("1 of the 30 other ways in which the search wrote the pick was trained")
    assert left.startswith("1 form that was called equivalent was found to train differently: class 17: #5 trains differently")
    assert guard_notes(4, {4: 3}, (), twins) == ()


def test_of_many_splits_the_first_are_told():
    (said,) = guard_notes(None, {}, [split(212, 212), *(split(member, 212) for member in range(213, 230))], ())
    assert said.startswith("18 forms that were called equivalent were found to train differently: ")
    assert "class 17: #212 trains differently where the reward is 0; divided; " in said
    assert "class 17: #213 trains differently where the reward is 0; it is of class 212" in said
    assert said.endswith("; and 15 more.") and "#216" not in said
