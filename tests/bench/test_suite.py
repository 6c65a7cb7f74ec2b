import pytest

from rlsearch.bench import suite
from rlsearch.bench.figure import Figure, Side, machine
from rlsearch.bench.suite import FIGURES, bench
from rlsearch.errors import RlsearchError
from rlsearch.provenance.stamp import commit, versions


def test_an_unknown_figure_is_refused_before_anything_is_measured():
    with pytest.raises(RlsearchError, match="unknown figure 'ration'; did you mean 'ratio'"):
        bench(["env_steps", "ration"])


def test_a_document_says_what_was_measured_and_where(monkeypatch):
    figure = Figure("help_time", 0.5, "seconds", "less", "a stub", {"one": Side("seconds", 0.5, 0.5, (0.5,))}, {}, "here")
    monkeypatch.setattr(suite, "PROCESSES", {"help_time": lambda: figure})
    document = bench(["help_time"])
    assert document["figures"] == {"help_time": figure.to_json()}
    assert (document["version"], document["commit"]) == (versions()["rlsearch"], commit())
    assert document["machine"] == machine()


@pytest.mark.slow
def test_a_figure_measured_in_its_own_process():
    seen: list[Figure] = []
    document = bench(["env_steps"], seen.append)
    assert document["figures"]["env_steps"] == seen[0].to_json()
    assert document["machine"] == seen[0].machine
    assert "ratio" in FIGURES
