"""The record of a run and what it has found: every value is the journal's."""

from rlsearch.analysis.outcomes import outcomes
from rlsearch.analysis.ranking import ranking
from rlsearch.analysis.run_result import run_result
from rlsearch.store.journal import Journal
from tests.support.confirmed_runs import LOSSES, SPACE
from tests.support.tiny_runs import by_hand, search, tiny


def test_a_finished_run(tmp_path):
    search(tmp_path / "run", tiny(), 40)
    with Journal(tmp_path / "run") as journal:
        found, facts = run_result(journal, tiny()), journal.metadata()
        assert found.ranking == ranking(journal, tiny()) and found.outcomes == outcomes(journal)
    assert (found.folder, found.space, found.seed, found.strategy) == (tmp_path / "run", "tiny", 1, "evolution")
    assert (found.rungs, found.proposals, found.ranking.finished) == (2, 40, True)
    assert found.search_seconds == facts["search_seconds"] <= found.total_seconds == facts["total_seconds"]


def test_a_run_without_a_session(tmp_path):
    with by_hand(tmp_path / "run", SPACE, LOSSES, {}) as journal:
        found = run_result(journal, SPACE, limit=1)
    assert (found.budget, found.expected, found.total_seconds, found.search_seconds) == (None, None, None, 0.0)
    assert (found.proposals, len(found.ranking.top), found.ranking.classes) == (4, 1, 4)
