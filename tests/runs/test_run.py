"""A run's folder and what was asked of its search."""

import pytest

from rlsearch.errors import RlsearchError, RunError, SpaceError
from rlsearch.runs.run import Options, check_starts, create_run, enumerated_ops, evolution_of, new_folder, open_run
from rlsearch.space.load import ENUMERATED_OPS
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
