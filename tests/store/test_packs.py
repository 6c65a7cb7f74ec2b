"""A run's copies of its packs: what was written is what is read, and a change is refused."""

import pytest

from rlsearch.errors import OpError, RunError
from rlsearch.provenance.stamp import stamp
from rlsearch.registry import operations, packs, use_only, use_primitives
from rlsearch.runs.run import read_run
from rlsearch.store.journal import Journal
from rlsearch.store.packs import run_packs, write_packs
from tests.support import tiny_runs
from tests.support.packs import SPREAD, variant, written

pytestmark = pytest.mark.usefixtures("no_packs")


def test_copies_are_the_packs_of_the_stamp(tmp_path):
    use_primitives(written(tmp_path, SPREAD), written(tmp_path, variant("tanh"), "more"))
    assert [entry["name"] for entry in stamp()["packs"]] == ["my_ops", "more"]
    (tmp_path / "run").mkdir()
    write_packs(tmp_path / "run", packs())
    found = run_packs(tmp_path / "run", stamp())
    assert [(pack.name, pack.source, pack.digest) for pack in found] == [(p.name, p.source, p.digest) for p in packs()]
    assert run_packs(tmp_path / "run", {}) == []  # a run of an earlier version


def test_a_copy_that_was_changed_or_lost_is_refused(tmp_path):
    use_primitives(written(tmp_path, SPREAD))
    (tmp_path / "run").mkdir()
    write_packs(tmp_path / "run", packs())
    copy = tmp_path / "run" / "primitives" / "my_ops.py"
    copy.write_text(SPREAD.replace("worst", "least"))
    with pytest.raises(RunError, match=r"my_ops.py' was changed after the run began \(hash \w{8}, then \w{8}\)"):
        run_packs(tmp_path / "run", stamp())
    copy.unlink()
    with pytest.raises(RunError, match=r"lacks its op pack '.*/primitives/my_ops.py'; put back the file"):
        run_packs(tmp_path / "run", stamp())
    (tmp_path / "run" / "primitives").rmdir()
    (tmp_path / "run" / "primitives").write_text("a file")
    with pytest.raises(RunError, match="cannot be written"):
        write_packs(tmp_path / "run", packs())


def test_reading_a_run_brings_its_packs_back(tmp_path):
    use_primitives(written(tmp_path, variant("tanh")))
    space = tiny_runs.tiny(ops=["add", "my_ops"])
    with tiny_runs.by_hand(tmp_path / "run", space, [("loss = mine(q(online, s)[a])", ())], {}):
        pass
    use_only(())
    with Journal(tmp_path / "run") as journal:
        assert read_run(journal)[0].grammar.ops == ("add", "mine")
    assert "mine" in operations()
    use_only(())
    use_primitives(written(tmp_path, SPREAD))
    with (
        Journal(tmp_path / "run") as journal,
        pytest.raises(OpError, match=r"two op packs are called 'my_ops': '.*' and "),
    ):
        read_run(journal)
