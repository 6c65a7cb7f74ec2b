"""How the workers of one machine, which may begin together, come by their machine code."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from rlsearch.envs import EnvSpec
from rlsearch.runs import warmup
from rlsearch.space.presets import resolve_agent

ENVS = [EnvSpec.parse("Catch"), EnvSpec.parse("Garnet")]


@pytest.fixture
def empty_cache(monkeypatch, tmp_path):
    """A machine on which nothing was compiled."""
    monkeypatch.setenv("RLSEARCH_CACHE", str(tmp_path))
    warmup._markers.cache_clear()
    yield
    warmup._markers.cache_clear()


@pytest.mark.usefixtures("empty_cache")
def test_the_first_worker_of_a_machine_compiles_and_the_others_wait(monkeypatch):
    begun, filled = [], []

    def slowly(envs, agent, regime, _):
        filled.append([spec.env for spec in envs])
        time.sleep(0.3)
        for spec in envs:
            warmup.mark(spec, regime)

    monkeypatch.setattr(warmup, "prepare_trials", begun.append)
    monkeypatch.setattr(warmup, "fill", slowly)
    with ThreadPoolExecutor(4) as workers:
        for worker in [workers.submit(warmup.begin_node, ENVS, resolve_agent("fast"), "replay") for _ in range(4)]:
            worker.result()
    assert [names for names in filled if names] == [["Catch", "Garnet"]]
    assert len(begun) >= 4 and {*begun} == {"replay"} and warmup.missing(ENVS, "replay") == []
