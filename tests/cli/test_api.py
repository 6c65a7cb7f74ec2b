"""The verbs in Python."""

import math
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch

import rlsearch
from rlsearch.api import listed, named
from rlsearch.errors import LossError, OpError, RlsearchError, RunError, SpaceError
from rlsearch.executor.config import cores
from tests.cli.conftest import SPACE
from tests.support.packs import SPREAD, variant, written


def test_search_top_resume(tmp_path: Path) -> None:
    (tmp_path / "tiny.yaml").write_text(SPACE)
    seen = []
    run = rlsearch.search(
        str(tmp_path / "tiny.yaml"), proposals=4, workers=1, out=tmp_path / "run", start=["dqn"], watch=seen.append
    )
    assert run.folder == tmp_path / "run" and seen[-1].phase == "confirm"
    assert run.best == rlsearch.Loss(f"{run.folder}@{run.top(1)[0].key}") and run.top(1)[0].is_pick
    assert "dqn" in run.ranking().baselines and len(repr(run.ranking())) < 1000
    assert run.top(1)[0].key[:8] in str(run) and "<table>" in run._repr_html_()
    for frame in (run.trials, run.curves):
        if find_spec("pandas"):
            assert {"rung", "confirm"} == set(frame()["phase"])
        else:
            with pytest.raises(RlsearchError, match="pip install pandas"):
                frame()
    with pytest.raises(RunError, match="is a total, of 4"):
        run.resume()
    run.resume(proposals=6, workers=1)
    assert repr(rlsearch.Run(run.folder)) == repr(run)


@pytest.mark.usefixtures("no_packs")
def test_ops_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "tiny.yaml").write_text(SPACE.replace("half_square]", "half_square, spread]"))
    with pytest.raises(SpaceError, match="unknown op or family 'spread'"):
        rlsearch.search(str(tmp_path / "tiny.yaml"), out=tmp_path / "run")
    pack = written(tmp_path, SPREAD)
    run = rlsearch.search(str(tmp_path / "tiny.yaml"), primitives=[pack], proposals=2, workers=1, out=tmp_path / "run")
    assert (run.folder / "primitives" / "my_ops.py").read_text() == SPREAD
    rlsearch.use_primitives(written(tmp_path, variant("tanh"), "more"))
    loss = rlsearch.Loss("mine(q(online, s)[a]) - spread(q(online, s))")
    q = torch.tensor([[0.5, 2.0, -1.0]])
    assert loss.torch()(q, torch.tensor([1])).item() == pytest.approx(math.tanh(2.0) - 3.0)


def test_compare() -> None:
    found = rlsearch.compare({"dqn": "dqn", "mine": "q(online, s)[a] - r"}, "Catch", seeds=2, steps=100, workers=1)
    assert list(found.losses) == ["dqn", "mine"] and len(found.rows) == 4
    assert repr(found) == "<Comparison: dqn, mine; 2 losses in 1 environment, 2 seeds of 100 steps each>"
    assert "minus dqn" in str(found) and "<td>mine</td>" in found._repr_html_()
    assert list(named(["dqn", "q(online, s)[a] - r"])) == ["dqn", rlsearch.Loss("q(online, s)[a] - r").key[:8]]


@pytest.mark.parametrize("one", ["dqn", rlsearch.Loss("dqn"), rlsearch.Loss("dqn").graph])
def test_one_is_a_list_of_one(one) -> None:
    assert list(named(one).values()) == [rlsearch.Loss("dqn")]
    assert listed({"env": "Catch"}, "envs", (str, Mapping)) == [{"env": "Catch"}]


def test_names_are_distinct() -> None:
    found = named(["dqn", "dqn", "q(online, s)[a] - r", rlsearch.Loss("double_dqn")])
    assert list(found) == ["dqn", "dqn (2)", rlsearch.Loss("q(online, s)[a] - r").key[:8], "double_dqn"]


def test_bad_requests(tmp_path: Path) -> None:
    with pytest.raises(SpaceError, match="quickstart"):
        rlsearch.search("quickstrt")
    with pytest.raises(LossError, match="dqn"):
        rlsearch.search("quickstart", start=["dqm"], out=tmp_path / "run")
    with pytest.raises(RunError, match="--workers is -1"):
        rlsearch.search("quickstart", workers=-1, out=tmp_path / "run")
    with pytest.raises(RlsearchError, match=r'envs is nothing; allowed: one or a list of them, such as \["Catch"'):
        rlsearch.compare("dqn", None)
    with pytest.raises(RlsearchError, match="losses is 3; allowed"):
        rlsearch.compare(3, "Catch")
    with pytest.raises(RlsearchError, match=r"seeds is 2\.0, allowed is a whole number from 1"):
        rlsearch.compare("dqn", "Catch", seeds=2.0)
    with pytest.raises(OpError, match=r"no_ops\.py"):
        rlsearch.search("quickstart", primitives="no_ops.py", out=tmp_path / "run")
    with pytest.raises(SpaceError, match="space: key 'ops' is missing; add it"):
        rlsearch.search({"inputs": ["online", "s", "a", "r"]}, out=tmp_path / "run")
    with pytest.raises(RlsearchError, match="watch is 3; allowed: None for a bar"):
        rlsearch.search("quickstart", watch=3, out=tmp_path / "run")
    with pytest.raises(SpaceError, match="--seed is 'x'"):
        rlsearch.search("quickstart", seed="x", out=tmp_path / "run")
    assert cores() >= 1 and not (tmp_path / "run").exists()
