"""A vocabulary of its own: discovery on demand, generations, and caches that are emptied with each."""

from functools import cache

import pytest

from rlsearch.errors import OpError
from rlsearch.registry.built_in import built_in_families
from rlsearch.registry.pack import make_pack
from rlsearch.registry.vocabulary import Vocabulary
from tests.support.packs import SPREAD, variant

TANH = variant("tanh")


def pack(text=TANH, name="my_ops"):
    return make_pack(name, text, f"{name}.py")


def vocabulary(*discovered):
    return Vocabulary(built_in_families, lambda: discovered)


def test_two_ops_of_one_name_are_refused():
    twice = {"arithmetic": built_in_families()["arithmetic"], "mine": built_in_families()["arithmetic"][:1]}
    with pytest.raises(OpError, match="op 'add' is declared by the families 'arithmetic' and 'mine'; rename one"):
        _ = Vocabulary(lambda: twice, lambda: ()).operations


def test_packs_are_discovered_when_somebody_asks():
    asked = []
    mine = Vocabulary(built_in_families, lambda: asked.append("once") or [pack()])
    assert not asked
    assert list(mine.packs) == ["my_ops"] and "mine" in mine.operations and list(mine.families)[-1] == "my_ops"
    assert asked == ["once"]


def test_a_pack_that_reads_the_ops_while_it_is_read_finds_what_is_built_in():
    met = []

    def discover():
        met.extend(mine.families)
        yield pack()

    mine = Vocabulary(built_in_families, discover)
    assert "my_ops" in mine.families
    assert met == list(built_in_families())


def test_a_discovery_that_failed_is_tried_again():
    found = [pack(name="powers")]
    mine = Vocabulary(built_in_families, lambda: found)
    for _ in range(2):
        with pytest.raises(OpError, match="there is a built-in family 'powers'"):
            _ = mine.packs
    found[:] = [pack()]
    assert list(mine.packs) == ["my_ops"]


def test_each_change_is_a_generation_and_empties_what_is_derived():
    mine = vocabulary()

    @mine.derived
    @cache
    def names():
        return sorted(mine.operations)

    assert "mine" not in names()
    before = mine.generation
    mine.use_only([pack()])
    assert "mine" in names() and mine.generation == before + 1
    known = names()
    mine.use_only([pack()])  # the same source again
    assert names() is known and mine.generation == before + 1
    with pytest.raises(OpError):
        mine.use_only([pack(), pack(SPREAD, "powers")])
    assert names() is known and mine.generation == before + 1
    mine.use_only([pack(SPREAD)])
    assert "spread" in names() and "mine" not in names() and mine.generation == before + 2
