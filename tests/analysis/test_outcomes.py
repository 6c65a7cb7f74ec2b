"""Counts of a journal against counting by hand."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from rlsearch.analysis.outcomes import outcomes
from rlsearch.store.journal import Journal, ProposalRow
from tests.support.tiny_runs import flat, search, tiny

FATES = st.sampled_from([
    ("trained", ""), ("duplicate", ""), ("equivalent", ""), ("disagree", "value: 1 and 2"),
    ("rejected", "gradient is zero"), ("rejected", "gradient is not finite: exp"), ("rejected", "gradient is constant"),
])  # fmt: skip
TRIALS = st.sampled_from([(-1, ""), (7, "exp"), (0, "network"), (9, "derivative of mul"), (3, "")])


class Kept:
    """A journal's proposals and trials, as far as they are counted."""

    def __init__(self, fates, trials):
        self.fates, self.results = fates, trials

    def proposals(self):
        return (ProposalRow(k, "", "[]", "random", *fate, "", -1, 1, "") for k, fate in enumerate(self.fates))

    def trials(self):
        return {
            number: [flat(0, 0, seed, 0.5, diverged_at=at, culprit=name) for seed, (at, name) in enumerate(results)]
            for number, results in enumerate(self.results)
        }


@given(st.lists(FATES), st.lists(st.lists(TRIALS, max_size=4), max_size=4))
def test_everything_is_counted_once(fates, trials):
    found = outcomes(Kept(fates, trials))
    assert found.proposals == {fate: sum(fate == other for other, _ in fates) for fate, _ in fates}
    assert found.rejected == Counter(reason for fate, reason in fates if fate == "rejected")
    diverged = [name or "unknown" for results in trials for at, name in results if at >= 0]
    assert found.diverged == {name: diverged.count(name) for name in diverged}
    named = Counter(f"{fate}: {reason}" if fate == "rejected" else fate for fate, reason in fates)
    assert found.by_reason == named
    for counts in (found.proposals, found.rejected, found.diverged, found.by_reason):
        assert list(counts.values()) == sorted(counts.values(), reverse=True)


def test_a_search(tmp_path):
    rows = search(tmp_path / "run", tiny(), 40)
    with Journal(tmp_path / "run") as journal:
        found = outcomes(journal)
    proposed = [row[0] for row in rows if isinstance(row[0], tuple)]
    assert sum(found.proposals.values()) == 40 and found.proposals["rejected"] == sum(found.rejected.values()) > 0
    assert found.rejected == Counter(reason for _, _, _, _, fate, reason, *_ in proposed if fate == "rejected")
