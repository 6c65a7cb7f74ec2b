"""The verbs in Python."""

import math
from pathlib import Path

import pytest
import torch

import rlsearch
from rlsearch.api import named
from rlsearch.errors import LossError, RunError, SpaceError
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
    assert "dqn" in run.ranking().baselines
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
    found = rlsearch.compare(["dqn", "q(online, s)[a] - r"], ["Catch"], seeds=2, steps=100, workers=1)
    assert list(found.losses) == ["dqn", rlsearch.Loss("q(online, s)[a] - r").key[:8]] and len(found.rows) == 4


def test_names_are_distinct() -> None:
    found = named(["dqn", "dqn", "q(online, s)[a] - r", rlsearch.Loss("double_dqn")])
    assert list(found) == ["dqn", "dqn (2)", rlsearch.Loss("q(online, s)[a] - r").key[:8], "double_dqn"]


def test_bad_requests(tmp_path: Path) -> None:
    with pytest.raises(SpaceError, match="quickstart"):
        rlsearch.search("quickstrt")
    with pytest.raises(LossError, match="dqn"):
        rlsearch.search("quickstart", start=["dqm"], out=tmp_path / "run")
    with pytest.raises(RunError, match="--workers is 0"):
        rlsearch.search("quickstart", workers=0, out=tmp_path / "run")
    assert cores() >= 1
