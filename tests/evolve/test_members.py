"""Members: who is looked at next, who is forgotten, and where those go that leave."""

from rlsearch.evolve.members import MEMBERS, Form, Members


def form(number):
    return Form(number, f"key{number}", f"genome {number}")


def filled(*classes):
    """A member of each of these classes, numbered from 0."""
    members = Members()
    for number, class_index in enumerate(classes):
        members.add(form(number), class_index)
    return members


def numbers(found):
    return [member.form.proposal for member in found]


def looked(found, version):
    for member in found:
        member.looks, member.version = member.looks + 1, version


def test_guarded_classes_come_first_then_the_oldest_of_others_then_guarded_ones_again():
    members = filled(100, 200, 100, 300, 200)
    first = members.due([200], version=1, count=3)
    assert numbers(first) == [1, 4, 0]
    looked(first, 1)
    assert numbers(members.due([200], version=1, count=9)) == [2, 3]  # nothing new was recorded for 1 and 4
    looked(members.of(100)[1:], 1)
    looked(members.of(300), 1)
    again = members.due([200], version=2, count=9)
    assert numbers(again) == [1, 4]
    looked(again[:1], 2)
    assert numbers(members.due([200, 100], version=3, count=3)) == [0, 2, 4]  # the least looked at


def test_nobody_is_looked_at_twice_at_once():
    members = filled(100, 100)
    assert numbers(members.due([100, 100], version=1, count=9)) == [0, 1]
    looked(members.of(100), 1)
    assert numbers(members.due([100, 100], version=2, count=9)) == [0, 1]


def test_of_many_members_the_most_looked_at_is_forgotten_then_the_oldest():
    members = filled(*[100] * MEMBERS)
    looked(members.of(100)[5:6], 1)
    members.add(form(1000), 100)
    assert 5 not in numbers(members.of(100)) and len(members.of(100)) == MEMBERS
    members.add(form(1001), 100)
    assert 0 not in numbers(members.of(100)) and numbers(members.of(100))[-2:] == [1000, 1001]


def test_a_member_that_leaves_is_of_its_new_class_or_of_none():
    members = filled(100, 100, 100)
    one, other, _ = members.of(100)
    members.move(one, 1)
    members.move(other, None)
    assert numbers(members.of(100)) == [2] and numbers(members.of(1)) == [0] and members.of_all([100, 1, 7]) != []
    assert numbers(members.due([], version=1, count=9)) == [0, 2]  # what has a class of its own is no member
