import pytest

from rlsearch.bench.figure import Figure
from rlsearch.bench.suite import FIGURES, bench
from rlsearch.errors import RlsearchError


def test_an_unknown_figure_is_refused_before_anything_is_measured():
    with pytest.raises(RlsearchError, match="unknown figure 'ration'; did you mean 'ratio'"):
        bench(["env_steps", "ration"])


@pytest.mark.slow
def test_a_figure_measured_in_its_own_process():
    seen: list[Figure] = []
    document = bench(["env_steps"], seen.append)
    assert document["figures"]["env_steps"] == seen[0].to_json()
    assert document["machine"] == seen[0].machine
    assert "ratio" in FIGURES
