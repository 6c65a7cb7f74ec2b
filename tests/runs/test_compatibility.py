"""A run whose space or ops were changed does not go on, and says what was changed."""

import gzip
import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from rlsearch.analysis.ranking import ranking
from rlsearch.equivalence.identity import IDENTITY
from rlsearch.errors import RunError, SpaceError
from rlsearch.executor.config import ExecutorConfig
from rlsearch.registry import operations
from rlsearch.runs import compatibility
from rlsearch.runs.budget import Budget
from rlsearch.runs.compatibility import SPACE, facets_of, refuse_changes
from rlsearch.runs.run import open_run, read_run
from rlsearch.runs.session import run_session
from rlsearch.space.load import load_space, parse_space
from rlsearch.space.writing import resolved_yaml
from rlsearch.store.journal import FILE, Journal
from tests.support.tiny_runs import Here, go_on, rows, search, tiny


@pytest.fixture
def folder(tmp_path):
    search(tmp_path / "run", tiny(), 10)
    return tmp_path / "run"


def check(folder):
    with Journal(folder) as journal:
        refuse_changes(folder, read_run(journal)[0], journal.metadata())


def test_a_run_that_told_losses_apart_in_another_way_is_refused_with_the_reason(folder):
    check(folder)
    before = rows(folder)
    for other in (IDENTITY - 1, IDENTITY + 1):
        with Journal(folder, write=True) as journal:
            journal.set_metadata(identity=other)
        said = rf"cannot go on: losses are told apart .* \(identity {other}, now {IDENTITY}\).*can still be read"
        with pytest.raises(RunError, match=said) as error:
            check(folder)
        assert "\n" not in str(error.value)
    assert rows(folder) == before


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_run_of_an_earlier_schema_is_read_and_does_not_go_on(version, tmp_path):
    """It says nothing of its identity, which was the first."""
    old = Path(__file__).parents[1] / "store" / f"schema_{version}.sqlite.gz"
    (tmp_path / FILE).write_bytes(gzip.decompress(old.read_bytes()))
    with open_run(tmp_path) as run:
        assert ranking(run.journal, run.space).top
    with open_run(tmp_path, write=True) as run, pytest.raises(RunError, match=r"\(identity 1, now"):
        run_session(run, Budget(proposals=60), ExecutorConfig())


def edited(folder, old, new):
    text = (folder / SPACE).read_text()
    assert old in text
    (folder / SPACE).write_text(text.replace(old, new))


def test_what_was_not_changed_goes_on(folder):
    check(folder)
    (folder / SPACE).write_text("# a comment changes nothing\n" + (folder / SPACE).read_text())
    check(folder)
    (folder / SPACE).unlink()  # the journal has its own
    check(folder)


def test_every_changed_key_is_named(folder):
    edited(folder, "population: 10", "population: 20")
    edited(folder, "steps: 300", "steps: 400")
    edited(folder, "learning_rate: 5e-3", "learning_rate: 0.01")
    edited(folder, "- 0.5\n", "- 0.25\n")
    before = rows(folder)
    with pytest.raises(RunError) as error:
        check(folder)
    said = str(error.value)
    assert "\n" not in said and str(folder / SPACE) in said
    changes = re.search(r"has changed: (.*?)\. Put that back", said)[1].split("; ")
    assert set(changes) == {
        "evolution.population was 10, is 20",
        "rungs[0].steps was 300, is 400",
        "rungs[1].steps was 300, is 400",
        "agent.learning_rate was 0.005, is 0.01",
        "constants[1] was 0.5, is 0.25",
    }
    assert rows(folder) == before


def test_a_copy_that_is_no_space_any_more_says_where(folder):
    edited(folder, "free_nodes: 5", "free_nodes: many")
    with pytest.raises(SpaceError, match=r"space\.yaml: line \d+: free_nodes: must be a whole number"):
        check(folder)


def test_a_copy_that_is_no_text_any_more_is_said_to_be(folder):
    (folder / SPACE).write_bytes(b"\xff\xfe")
    with pytest.raises(RunError, match=r"space\.yaml' is not UTF-8 text"):
        check(folder)


def test_a_default_of_another_version_counts_as_a_change(folder):
    with Journal(folder, write=True) as journal:
        written = journal.metadata()["written"]
        written["evolution"]["extend"] = 0.25  # a run of a version whose default that was
        journal.set_metadata(written=written)
    with pytest.raises(RunError, match=r"evolution\.extend was 0\.25, is 0\.5"):
        check(folder)


def test_a_changed_facet_of_an_op_is_named(folder, monkeypatch):
    other = dict(operations()) | {"abs": replace(operations()["abs"], numpy="sqrt(a * a)")}
    monkeypatch.setattr(compatibility, "operations", lambda: other)
    with pytest.raises(RunError, match=r"op\.abs\.numpy was abs\(a\), is sqrt\(a \* a\)"):
        check(folder)


def written_without(folder, facet, **changes):
    """The journal as a version wrote it that did not know a facet."""
    with Journal(folder, write=True) as journal:
        ops = journal.metadata()["ops"]
        for facets in ops.values():
            del facets[facet]
        for op, values in changes.items():
            ops[op] |= values
        journal.set_metadata(ops=ops)


def test_a_facet_that_the_journal_does_not_know_is_no_change(folder):
    written_without(folder, "plain")
    check(folder)
    assert len(go_on(folder, 15, Here())) > 10


def test_beside_a_facet_that_the_journal_does_not_know_others_are_compared(folder):
    written_without(folder, "plain", abs={"latex": "abs {a}"})
    with pytest.raises(RunError, match=r"has changed: op\.abs\.latex was abs {a}, is \\left\|{a}\\right\|\. Put that back"):
        check(folder)


def test_a_facet_that_went_is_a_change(folder):
    with Journal(folder, write=True) as journal:
        ops = journal.metadata()["ops"]
        ops["abs"]["colour"] = "blue"
        journal.set_metadata(ops=ops)
    with pytest.raises(RunError, match=r"op\.abs\.colour was blue, is missing"):
        check(folder)


def test_kernels_over_actions_are_compared_by_their_source():
    facets = facets_of(load_space("quickstart"))
    assert set(facets) == {*load_space("quickstart").grammar.ops, "q", "select", "max"} | set()
    assert "def " in facets["max"]["forward"] and facets["abs"]["forward"] is None


@pytest.mark.parametrize("change", ["population: 10", "steps: 300"])
def test_resuming_refuses(folder, change):
    edited(folder, change, change.replace("0", "1"))
    with open_run(folder, write=True) as run, pytest.raises(RunError, match="cannot go on"):
        run_session(run, Budget(proposals=20), ExecutorConfig())
    with Journal(folder) as journal:
        assert journal.count() == 10


def test_the_resolved_space_reads_back_to_the_same_search(tmp_path):
    for space in (tiny(), tiny(start=["dqn"], score={"measure": "final"}), load_space("quickstart")):
        text = resolved_yaml(space)
        again = parse_space(text, space.name)
        assert again.written() == space.written() == yaml.safe_load(text)
        assert (again.grammar, again.agent, again.starts, again.baselines) == (
            space.grammar,
            space.agent,
            space.starts,
            space.baselines,
        )
    found = search(tmp_path / "one", tiny(), 20)
    assert found == search(tmp_path / "two", parse_space(resolved_yaml(tiny()), "tiny"), 20)
    assert (tmp_path / "one" / "resolved.yaml").read_text() == resolved_yaml(tiny())
    assert go_on(tmp_path / "one", 25, Here()) == search(tmp_path / "three", tiny(), 25)
