"""Others' names in the replay regime: none is a name of ours, none means two things, and what is told can be read."""

import re
from collections import Counter

from rlsearch.graph.text import parse_expression
from rlsearch.regimes.replay_spellings import SPELLINGS
from rlsearch.registry import known_inputs, operations


def test_a_bare_name_means_one_thing():
    names = Counter(
        name for spelling in SPELLINGS if re.fullmatch(r"[\w|]+", spelling.theirs) for name in spelling.theirs.split("|")
    )
    assert {name for name, count in names.items() if count > 1} == set()
    assert not names.keys() & {*known_inputs(), *operations()}


def test_what_is_told_of_names_can_be_read():
    for spelling in SPELLINGS:
        if spelling.ours and re.fullmatch(r"[\w|]+", spelling.theirs):
            assert parse_expression(spelling.ours).regime.name == "replay"
        assert spelling.ours or spelling.why
