"""A run's folder and what was asked of its search."""

import sqlite3
from pathlib import Path

import pytest

from rlsearch.errors import RlsearchError, RunError, SpaceError
from rlsearch.runs import run as runs
from rlsearch.runs.run import (
    Options,
    check_starts,
    create_run,
    discarded_if_unbegun,
    enumerated_ops,
    evolution_of,
    new_folder,
    open_run,
)
from rlsearch.space.load import ENUMERATED_OPS
from rlsearch.store import database
from rlsearch.store.journal import Journal
from rlsearch.store.lock import has_writer
from tests.support.tiny_runs import DQN, TEXT, tiny


def test_options_that_cannot_be_met():
    with pytest.raises(SpaceError, match="unknown strategy 'evolve'; allowed: evolution, random, enumerate"):
        Options(strategy="evolve")
    for seed in (-1, 2**63):
        with pytest.raises(SpaceError, match="--seed"):
            Options(seed=seed)


def test_losses_to_start_from_are_checked_as_evolution_would():
    for make in (check_starts, evolution_of):
        with pytest.raises(RlsearchError, match="no gradient"):
            make(tiny(), Options(starts=("loss = r",)))
        make(tiny(), Options(starts=(DQN,)))
        make(tiny(start=["dqn"]), Options())


@pytest.mark.parametrize(
    ("start", "strategy", "ops"),
    [
        ("random", "evolution", 0),
        ("random", "enumerate", ENUMERATED_OPS),
        ({"enumerate": 1}, "evolution", 1),
        ({"enumerate": 1}, "enumerate", 1),
        ({"enumerate": 1}, "random", 0),
    ],
)
def test_how_much_is_enumerated(start, strategy, ops):
    space, options = tiny(start=start), Options(strategy=strategy)
    assert enumerated_ops(space, options) == ops == evolution_of(space, options).settings.enumerate_ops


def test_the_folder_of_a_run(tmp_path):
    assert new_folder(tiny(), 3, tmp_path) == tmp_path / "tiny-3"
    create_run(tiny(), Options(seed=3), tmp_path / "tiny-3")
    assert new_folder(tiny(), 3, tmp_path) == tmp_path / "tiny-3.2"
    text = (tmp_path / "tiny-3" / "space.yaml").read_text()
    assert text == tiny().text != TEXT


def test_an_open_run_is_what_was_asked_for(tmp_path):
    create_run(tiny(), Options(seed=3, starts=(DQN,)), tmp_path / "run")
    with open_run(tmp_path / "run") as (journal, space, options):
        assert (journal.count(), space, options) == (0, tiny(), Options(seed=3, starts=(DQN,)))
        assert not has_writer(tmp_path / "run")
    with open_run(tmp_path / "run", write=True):
        assert has_writer(tmp_path / "run")
        with pytest.raises(RunError, match="another process works on the run"), open_run(tmp_path / "run", write=True):
            pass
    assert not has_writer(tmp_path / "run")


def test_a_run_that_lacks_something_is_said_to_be_damaged(tmp_path):
    create_run(tiny(), Options(seed=3), tmp_path / "run")
    with Journal(tmp_path / "run", write=True) as journal:
        journal._base.execute("DELETE FROM metadata WHERE name = 'yaml'")
        journal._base.commit()
    said = r"is damaged, or of another version of rlsearch: it has no 'yaml'; choose another"
    with pytest.raises(RunError, match=said), open_run(tmp_path / "run", write=True):
        pass
    assert not has_writer(tmp_path / "run")


def full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def stopped(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("step", ["database", "draft", "texts", "packs"])
@pytest.mark.parametrize("error", [full, stopped])
@pytest.mark.parametrize("there", [False, True])
def test_a_run_that_cannot_be_made_leaves_nothing(step: str, error, there: bool, monkeypatch, tmp_path: Path) -> None:
    """And the next one is not blocked."""
    folder = tmp_path / "run"
    if there:
        folder.mkdir()
    with monkeypatch.context() as patch:
        match step:
            case "database":
                patch.setattr(database.sqlite3, "connect", error)
            case "draft":
                patch.setattr(Path, "replace", error)
            case "texts":
                patch.setattr(Path, "write_text", error)
            case "packs":
                patch.setattr(runs, "write_packs", error)
        with pytest.raises(RunError if error is full else KeyboardInterrupt) as said:
            create_run(tiny(), Options(), folder)
    assert error is stopped or "No space left on device; choose another --out" in str(said.value)
    assert [*tmp_path.rglob("*")] == ([folder] if folder.exists() else []) and (there or not folder.exists())
    create_run(tiny(), Options(seed=1), folder)


def test_a_damaged_database_of_a_start_is_an_error_and_leaves_nothing(monkeypatch, tmp_path: Path) -> None:
    def broken(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(database, "_write_database", broken)
    with pytest.raises(RunError, match="database or disk is full; choose another --out"):
        create_run(tiny(), Options(), tmp_path / "a" / "run")
    assert [*(tmp_path / "a").iterdir()] == []


def test_a_start_that_was_killed_blocks_no_other(tmp_path: Path) -> None:
    create_run(tiny(), Options(seed=3), tmp_path / "run")
    with open_run(tmp_path / "run", write=True), pytest.raises(RunError, match="already holds a run"):
        create_run(tiny(), Options(seed=4), tmp_path / "run")  # somebody works on it
    create_run(tiny(), Options(seed=5), tmp_path / "run")
    with open_run(tmp_path / "run") as run:
        assert run.options.seed == 5


def test_what_ends_before_it_has_begun_is_gone(tmp_path: Path) -> None:
    create_run(tiny(), Options(), tmp_path / "run")
    with discarded_if_unbegun(tmp_path / "run"):
        pass
    assert (tmp_path / "run").exists()
    with pytest.raises(KeyboardInterrupt), discarded_if_unbegun(tmp_path / "run"), open_run(tmp_path / "run", write=True):
        stopped()
    assert not (tmp_path / "run").exists()
