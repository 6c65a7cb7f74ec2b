"""The proposals of a recorded search are made again, the same to the last letter, whatever was rebuilt meanwhile.

The first 3,000 proposals of quickstart with seed 0: genomes, parents, keys, classes, population. Scores are recorded as well
and given back to evolution, not trained again: trials are equal on processors of one model only, and this test must pass on
all. Where what a search proposes is changed on purpose (an op, a rewrite, a probe, a mutation, a draw), the record is made
anew from a search by that version, and the commit says why:

    python -m tests.support.screening_rows results/runs/quickstart-0 3000 tests/runs/screening_rows.jsonl.xz
"""

from collections import Counter, deque
from dataclasses import astuple
from pathlib import Path

from rlsearch.runs.run import Options, create_run, evolution_of
from rlsearch.runs.search_state import row_of
from rlsearch.space.load import parse_space
from rlsearch.store.journal import Journal, ProposalRow
from tests.support.screening_rows import record, recorded
from tests.support.tiny_runs import flat, search, tiny

RECORD = Path(__file__).with_name("screening_rows.jsonl.xz")


def test_what_was_recorded_is_proposed_again():
    asked, lines = recorded(RECORD)
    space = parse_space(asked["yaml"], asked["space"], resolved=asked["resolved"])
    evolution = evolution_of(space, Options(**asked["options"] | {"starts": tuple(asked["options"]["starts"])}))
    pending, origins, scored = deque(), Counter(), 0
    for index, (*row, scores) in enumerate(lines):
        if len(pending) >= space.evolution.in_flight:
            evolution.apply(*pending.popleft())
        proposal = evolution.propose(index)
        assert proposal is not None and row_of(proposal) == ProposalRow(*row)
        pending.append((proposal, [dict(map(tuple, seeds)) for seeds in scores]))
        origins[proposal.origin] += 1
        scored += bool(scores)
    assert len(lines) == 3000 and scored > 1000 and len(origins) > 5, "the record says little"


def test_a_record_is_what_the_journal_holds(tmp_path):
    search(tmp_path / "run", tiny(), 20, seed=3)
    record(tmp_path / "run", 15, tmp_path / "rows.xz")
    asked, lines = recorded(tmp_path / "rows.xz")
    assert parse_space(asked["yaml"], asked["space"], resolved=asked["resolved"]) == tiny() and asked["options"]["seed"] == 3
    with Journal(tmp_path / "run") as journal:
        rows, trials = list(journal.proposals())[:15], journal.trials()
    assert [tuple(line[:-1]) for line in lines] == [astuple(row) for row in rows]
    assert [bool(line[-1]) for line in lines] == [row.index in trials for row in rows]


def test_scores_are_recorded_by_rung_and_seed(tmp_path):
    create_run(tiny(), Options(), tmp_path / "run")
    row = ProposalRow(0, "loss = r", "[]", "random", "trained", "", "00ff", 0, 1, "")
    with Journal(tmp_path / "run", write=True) as journal:
        journal.add(row, [flat(0, 0, 0, 0.5), flat(1, 0, 0, 0.25), flat(1, 1, 0, 0.25), flat(1, 0, 1, 1.0), flat(1, 1, 1, 1.0)])
    record(tmp_path / "run", 9, tmp_path / "rows.xz")
    ((*_, scores),) = recorded(tmp_path / "rows.xz")[1]
    assert scores == [[[0, 0.5]], [[0, 0.25], [1, 1.0]]]
