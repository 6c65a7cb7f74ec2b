"""Ops of a run's classes, against counting them in the text."""

import re
from collections import Counter

from rlsearch.analysis import ops_used as module
from rlsearch.analysis.ops_used import ops_used
from rlsearch.runs.run import Options, create_run
from rlsearch.store.journal import Journal
from tests.support.tiny_runs import DQN, by_hand, flat, tiny

LOSSES = [DQN, "loss = abs(q(online, s)[a])", "loss = half_square(q(online, s)[a])", "loss = abs(q(online, s)[a] - log(r))"]


def test_ops_are_counted_once_a_class(tmp_path, monkeypatch) -> None:
    space = tiny()
    with by_hand(tmp_path / "run", space, [(text, [flat(0, 0, 0, 0.5)]) for text in LOSSES], {}) as journal:
        found = ops_used(journal, space)
        words = Counter(word for text in LOSSES for word in {*re.findall(r"(\w+)\(", text)} & {*space.grammar.ops})
        assert found.looked == 4 and found.classes.keys() == {*space.grammar.ops}
        assert {op: found.classes[op] for op in ("abs", "half_square", "log", "minimum")} == {**words, "minimum": 0}
        assert found.classes["sub"] == 2 and next(iter(found.classes.values())) == max(found.classes.values())
        monkeypatch.setattr(module, "SAMPLE", 2)
        assert ops_used(journal, space).looked == 2


def test_of_no_class_nothing_is_said(tmp_path) -> None:
    create_run(tiny(), Options(), tmp_path / "run")
    with Journal(tmp_path / "run") as journal:
        found = ops_used(journal, tiny())
    assert found.looked == 0 and not any(found.classes.values())
