"""Whether a run is what was written: a whole one has no problems, each change is found, and nothing is a traceback."""

import random
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlsearch.errors import RunError
from rlsearch.evaluation.trial import Phase
from rlsearch.graph.genome import genome_of, print_genome
from rlsearch.graph.text import parse
from rlsearch.registry import use_primitives
from rlsearch.simplify.canonical import canonical, structural_key
from rlsearch.store import integrity
from rlsearch.store.database import FILE
from rlsearch.store.integrity import Findings, examine
from rlsearch.store.journal import Journal, ProposalRow
from tests.support.packs import SPREAD, written
from tests.support.tiny_runs import DQN, by_hand, flat, tiny

pytestmark = pytest.mark.usefixtures("no_packs")

OTHERS = ("loss = abs(q(online, s)[a] - r)", "loss = q(online, s)[a] * r")


def made(folder: Path, space=None) -> Path:
    """Proposals 0 to 2 trained, 3 a duplicate of 1 with a further trial, 4 rejected; 0 is confirmed beside dqn."""
    rows = [flat(0, 0, 0, 0.5)]
    confirmed = {"#0": [flat(Phase.CONFIRM, 0, 0, 0.5)], "dqn": [flat(Phase.CONFIRM, 0, 0, 0.4)]}
    with by_hand(folder, space or tiny(), [(text, rows) for text in (DQN, *OTHERS)], confirmed) as journal:
        journal.add(replace(_row(3, OTHERS[0]), status="duplicate", class_index=1), [flat(1, 0, 2, 0.5)])
        journal.add(replace(_row(4, OTHERS[1]), status="rejected", reason="gradient is zero", class_index=-1), [])
    return folder


def _row(number: int, text: str) -> ProposalRow:
    form, genome = canonical(parse(text)), print_genome(genome_of(parse(text)))
    return ProposalRow(number, genome, "[]", "random", "trained", "", structural_key(form), number, form.size, "")


def found(folder: Path) -> Findings:
    with Journal(folder) as journal:
        return examine(journal)


def test_a_whole_run_has_no_problems(tmp_path):
    assert found(made(tmp_path / "run")) == Findings((), 5, 5)


def test_an_empty_run_has_no_problems(tmp_path):
    by_hand(tmp_path / "run", tiny(), (), {}).close()
    assert found(tmp_path / "run") == Findings((), 0, 0)


CHANGES = {
    "DELETE FROM proposals WHERE proposal = 4": None,  # a prefix of a run is a run
    "DELETE FROM named_trials": None,
    "UPDATE proposals SET proposal = 9 WHERE proposal = 4": "not numbered 0 to 4: there is no 4;",
    "UPDATE proposals SET status = 'rejected', class_index = -1 WHERE proposal = 2": "never trained: 2;",
    "UPDATE trials SET proposal = 4 WHERE proposal = 3": "never trained: 4;",
    "UPDATE trials SET proposal = 77 WHERE proposal = 3": "never trained: 77;",
    "UPDATE proposals SET class_index = 2 WHERE proposal = 1": "class numbers are no trained proposal's: those of proposals 1;",
    "UPDATE proposals SET class_index = 4 WHERE proposal = 3": "those of proposals 3;",
    "UPDATE proposals SET class_index = -1 WHERE proposal = 3": "those of proposals 3;",
    "UPDATE named_trials SET loss = '#3' WHERE loss = '#0'": "classes were confirmed that were never trained: #3;",
    "UPDATE proposals SET key = '00ff' || key WHERE proposal = 1": "1 of 5 genomes looked at are not what this version",
    "UPDATE proposals SET genome = 'loss = tahn(r)' WHERE proposal = 2": "unknown op 'tahn'; did you mean 'tanh'?",
    "UPDATE proposals SET genome = '' WHERE proposal < 4": "4 of 5 genomes looked at",
    "UPDATE trials SET curve = x'00' WHERE proposal = 0": "is damaged: a trial of 0 cannot be read",
    "DELETE FROM metadata WHERE name = 'yaml'": "it has no 'yaml'; restore the run",
    "UPDATE metadata SET value = '{' WHERE name = 'stamp'": "fact stamp cannot be read",
    "UPDATE metadata SET value = '[]' WHERE name = 'stamp'": "the metadata of",
    "UPDATE metadata SET value = replace(value, 'free_nodes', 'free_node') WHERE name = 'yaml'": "read it with that version",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_found(change, tmp_path):
    folder = made(tmp_path / "run")
    with sqlite3.connect(folder / FILE) as base:
        base.execute(change)
    base.close()
    problems, wanted = found(folder).problems, CHANGES[change]
    assert (problems == ()) == (wanted is None)
    assert all("\n" not in problem and "; " in problem for problem in problems)
    assert wanted is None or any(wanted in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (lambda copy: copy.write_bytes(b"\xff\xfe"), "cannot be read: "),
        (lambda copy: copy.unlink(), "there is no "),
    ],
)
def test_the_copy_of_the_space_can_be_read(change, wanted, tmp_path):
    folder = made(tmp_path / "run")
    change(folder / "space.yaml")
    (problem,) = found(folder).problems
    assert wanted in problem and "put " in problem


def test_op_packs_are_those_of_the_beginning(tmp_path):
    """Without them genomes say nothing, so none is looked at."""
    use_primitives(written(tmp_path, SPREAD))
    folder = made(tmp_path / "run", tiny(ops=["arithmetic", "spread"]))
    assert found(folder) == Findings((), 5, 5)
    copy = folder / "primitives" / "my_ops.py"
    copy.write_text(SPREAD.replace("worst", "least"))
    changed = found(folder)
    assert len(changed.problems) == 1 and "was changed after the run began" in changed.problems[0] and changed.genomes == 0
    copy.unlink()
    assert "lacks its op pack" in found(folder).problems[0]


def test_of_many_genomes_a_sample_is_looked_at(tmp_path, monkeypatch):
    """Spread from the first on, never more than were asked for."""
    folder = made(tmp_path / "run")
    with Journal(folder, write=True) as journal:
        for number in range(5, 20):
            row = replace(_row(3, OTHERS[0]), index=number, status="duplicate", class_index=1, key=str(number % 5))
            journal.add(row, [])
    monkeypatch.setattr(integrity, "SAMPLE", 4)
    findings = found(folder)
    assert (findings.proposals, findings.genomes) == (20, 4)  # 0, 5, 10, 15
    assert "3 of 4 genomes looked at" in findings.problems[0]


def test_a_search_that_goes_on_meanwhile_is_no_damage(tmp_path, monkeypatch):
    folder, proposals = made(tmp_path / "run"), Journal.proposals
    with Journal(folder, write=True) as writer:

        def interrupted(journal):
            yield from list(proposals(journal))
            writer.add(replace(_row(5, DQN), status="duplicate", class_index=0), [flat(1, 0, 2, 0.5)])

        monkeypatch.setattr(Journal, "proposals", interrupted)
        assert found(folder) == Findings((), 5, 5)
        assert writer.count() == 6


@given(seed=st.integers(0, 2**32), blocks=st.integers(1, 40))
def test_whatever_is_overwritten_is_no_traceback(seed, blocks, tmp_path_factory):
    rng = random.Random(seed)
    folder = made(tmp_path_factory.mktemp("runs") / "run")
    content = bytearray((folder / FILE).read_bytes())
    for _ in range(blocks):
        start = rng.randrange(len(content))
        content[start : start + 64] = rng.randbytes(len(content[start : start + 64]))
    (folder / FILE).write_bytes(content)
    try:
        problems = found(folder).problems
    except RunError as error:  # it could not be opened
        problems = (str(error),)
    assert all(problem.isprintable() for problem in problems)
