"""Names of losses within a run."""

import pytest

from rlsearch.analysis.lookup import resolve_hash
from rlsearch.errors import RunError
from rlsearch.graph.text import parse
from rlsearch.runs.run import Options, create_run
from rlsearch.simplify.canonical import canonical, structural_key
from rlsearch.store.journal import Journal
from tests.support.confirmed_runs import LOSSES, SMALL, SPACE
from tests.support.tiny_runs import DQN, by_hand


def test_hashes_are_shortened_like_gits(tmp_path):
    with by_hand(tmp_path / "run", SPACE, LOSSES, {}) as journal:
        keys = [row.key for row in journal.proposals()]
        shared = next(key for key in keys if not any(other[:4] == key[:4] for other in keys if other != key))
        for length in (4, 8, len(shared)):
            assert structural_key(canonical(resolve_hash(journal, SPACE, shared[:length]))) == shared
        assert canonical(resolve_hash(journal, SPACE, "best")) == canonical(parse(SMALL))
        for wrong, said in (("zz", "no loss in"), ("", "4 losses ("), (shared + "0", "no loss in")):
            with pytest.raises(RunError, match="see `rlsearch top") as error:
                resolve_hash(journal, SPACE, wrong)
            assert said in str(error.value)


def test_a_hash_resolves_to_the_first_genome_that_had_it(tmp_path):
    with by_hand(tmp_path / "run", SPACE, [(DQN, []), (DQN.replace("r + ", "0 + r + "), [])], {}) as journal:
        first, second = journal.proposals()
        assert first.key == second.key and first.genome != second.genome
        assert canonical(resolve_hash(journal, SPACE, first.key[:6])) == canonical(parse(DQN))


def test_a_run_without_a_class_has_no_best(tmp_path):
    create_run(SPACE, Options(), tmp_path / "run")
    with Journal(tmp_path / "run") as journal, pytest.raises(RunError, match="has trained nothing yet; type `rlsearch resume"):
        resolve_hash(journal, SPACE, "best")
