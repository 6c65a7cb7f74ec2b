"""Where a loss comes from: back to a proposal that was bred from none, each step by the journal's own word."""

import json

from rlsearch.analysis.lineage import lineage
from rlsearch.graph.genome import parse_genome
from rlsearch.graph.text import parse
from rlsearch.simplify.canonical import canonical, structural_key
from rlsearch.store.journal import Journal
from tests.support.tiny_runs import search, tiny


def test_every_loss_of_a_run_has_a_lineage(tmp_path) -> None:
    search(tmp_path / "run", tiny(start=["dqn"]), 60)
    lengths = []
    with Journal(tmp_path / "run") as journal:
        rows = list(journal.proposals())
        assert [journal.proposal(row.index) for row in rows] == rows and journal.proposal(len(rows)) is None
        for row in rows:
            steps = lineage(journal, row.key)
            assert steps[0].proposal == min(other.index for other in rows if other.key == row.key)
            assert steps[-1].parents == () and steps[-1].origin in ("random", "start", "enumerate")
            for step, before in zip(steps, steps[1:], strict=False):
                assert step.parents[0] == before.proposal < step.proposal
            for step in steps:
                stored = rows[step.proposal]
                assert (step.origin, list(step.parents), step.key) == (stored.origin, json.loads(stored.parents), stored.key)
                if stored.status == "rejected":  # maybe without a gradient, which does not read back
                    continue
                key = structural_key(canonical(parse(step.loss)))
                assert key == structural_key(canonical(parse_genome(stored.genome).graph())) == step.key
            lengths.append(len(steps))
        assert max(lengths) > 1 and lineage(journal, "no such key") == ()
