"""Searches that start from another run: which losses, that the run is not needed afterwards, and which runs are refused."""

import json
import shutil
from pathlib import Path

import pytest

from rlsearch.analysis.ranking import ranking
from rlsearch.errors import LossError, RunError
from rlsearch.graph.text import parse
from rlsearch.loss import Loss
from rlsearch.run_front import starts
from rlsearch.runs.run import Options, check_starts, create_run, open_run
from rlsearch.simplify.canonical import canonical, structural_key
from rlsearch.store.journal import Journal
from tests.support.tiny_runs import go_on, rows, search, tiny

PROPOSALS = 25


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run; not to be changed."""
    folder = tmp_path_factory.mktemp("runs") / "old"
    search(folder, tiny(start=["dqn"]), PROPOSALS)
    return folder


@pytest.fixture
def copied(old: Path, tmp_path: Path) -> Path:
    """A copy of it to be changed."""
    shutil.copytree(old, tmp_path / "copied")
    return tmp_path / "copied"


def test_a_run_stands_for_its_pick_and_its_front(old: Path) -> None:
    with open_run(old) as (journal, space, _):
        found = ranking(journal, space)
    assert found.pick is not None
    keys = list(dict.fromkeys([found.pick.key, *(entry.key for entry in found.front)]))
    begin = starts([str(old)])
    assert begin.origins == tuple(f"{old}@{key}" for key in keys)
    assert [structural_key(canonical(parse(text))) for text in begin.texts] == keys
    shown = ", ".join(f"{old}@{key[:8]}" for key in keys)
    assert begin.said() == f"starting from {len(keys)} loss{'es' * (len(keys) > 1)} of other runs: {shown}"


def test_losses_and_runs_may_be_given_together_and_each_loss_begins_once(old: Path) -> None:
    alone = starts([old])
    both = starts(["dqn", old, Loss("q(online, s)[a]**2"), old, "dqn"])
    assert both.texts == (
        Loss("dqn").text,
        *(text for text in alone.texts if text != Loss("dqn").text),
        "loss = q(online, s)[a]**2",
    )
    assert both.origins[0] == both.origins[-1] == "" and starts(["dqn"]).said() == ""


def test_the_old_run_is_not_needed_afterwards(copied: Path, tmp_path: Path) -> None:
    begin = starts([copied])
    for name, total in (("whole", 30), ("halves", 12)):
        search(tmp_path / name, tiny(), total, starts=begin.texts, origins=begin.origins)
    shutil.rmtree(copied)
    go_on(tmp_path / "halves", 30)
    assert rows(tmp_path / "whole") == rows(tmp_path / "halves")
    with open_run(tmp_path / "whole") as (journal, _, options):
        assert (options.starts, options.origins) == begin
        assert [row.origin for row in journal.proposals()][: len(begin.texts)] == ["start"] * len(begin.texts)
        assert journal.metadata()["origins"] == list(begin.origins)


def test_a_journal_of_an_earlier_version_has_no_origins(tmp_path: Path) -> None:
    create_run(tiny(), Options(starts=("loss = q(online, s)[a]**2",)), tmp_path / "run")
    with Journal(tmp_path / "run", write=True) as journal:
        journal._base.execute("DELETE FROM metadata WHERE name = 'origins'")
        journal._base.commit()
    with open_run(tmp_path / "run") as run:
        assert run.options.origins == () and len(run.options.starts) == 1


def test_a_run_that_has_not_come_to_its_end_is_refused(copied: Path) -> None:
    with Journal(copied, write=True) as journal:
        journal.set_metadata(finished=False)
    with pytest.raises(RunError, match="has not come to its end, so its front is not known; type `rlsearch resume") as error:
        starts([copied])
    assert "\n" not in str(error.value)


def test_a_run_with_other_ops_is_refused(copied: Path) -> None:
    with Journal(copied, write=True) as journal:
        ops = json.loads(json.dumps(journal.metadata()["ops"]))
        ops["abs"]["doc"] = "Another sentence."
        journal.set_metadata(ops=ops)
    assert starts([copied]).texts  # what it computes is the same
    with Journal(copied, write=True) as journal:
        ops["abs"]["numpy"] = "abs(a) + 1"
        journal.set_metadata(ops=ops)
    with pytest.raises(RunError, match=r"was made with other ops than are in use: op.abs.numpy was abs\(a\) \+ 1, is abs\(a\)"):
        starts([copied])


def test_a_run_without_a_front_is_refused(tmp_path: Path) -> None:
    create_run(tiny(), Options(), tmp_path / "empty")
    with Journal(tmp_path / "empty", write=True) as journal:
        journal.set_metadata(finished=True)
    with pytest.raises(RunError, match="has trained nothing, so it has no front"):
        starts([tmp_path / "empty"])


def test_what_is_neither_a_run_nor_a_loss_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    for given in ("dqm", "folder", "results/runs/nothing"):
        with pytest.raises(LossError, match="unknown loss"):
            starts([given])


def test_losses_of_another_regime_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    space = tiny()
    monkeypatch.setattr(type(space), "regime", "rollout")
    options = Options(starts=("loss = q(online, s)[a]**2",), origins=("runs/mine@1234",))
    with pytest.raises(LossError, match="'runs/mine@1234' is of the regime 'replay'; the space searches those of 'rollout'"):
        check_starts(space, options)
