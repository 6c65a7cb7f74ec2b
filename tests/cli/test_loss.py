"""A loss by every way of naming it, and the API around it."""

import doctest
import xml.etree.ElementTree as ElementTree
from inspect import signature
from pathlib import Path

import pytest
import sympy
import torch

import rlsearch
import rlsearch.loss
from rlsearch.cli.output import inline_loss
from rlsearch.errors import LossError, RunError
from rlsearch.graph.text import parse
from rlsearch.loss import Loss
from rlsearch.registry import known_losses
from rlsearch.runs.folders import run_folder

DQN = "0.5 * (q(online, s)[a] - (r + discount * max(q(target, s_next))))**2"


def test_every_way_to_name_a_loss(tmp_path: Path, finished_run: Path) -> None:
    file = tmp_path / "mine.loss"
    file.write_text("\ufeff# from elsewhere\nloss = " + DQN, encoding="utf-8")
    for what in ("dqn", DQN, f"loss = {DQN}", f"target_ = discount * max(q(target, s_next)); loss = {DQN}", str(file)):
        assert Loss(what) == Loss("dqn"), what
    assert Loss(parse(DQN)) == Loss("dqn") and Loss(str(file)).name == "mine"
    best = Loss(f"{finished_run}@best")
    assert best.key.startswith(best.key[:8]) and best == Loss(f"{finished_run}@{best.key[:10]}")


def test_a_run_is_found_by_its_name(tmp_path: Path, finished_run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "runs").symlink_to(finished_run.parent)
    assert run_folder("run").resolve() == finished_run.resolve()
    assert Loss("run@best") == Loss(f"{finished_run}@best")
    with pytest.raises(RunError, match="did you mean 'run'"):
        run_folder("rum")


def test_equality_is_by_canonical_form() -> None:
    one, other = Loss("q(online, s)[a] - r"), Loss("-r + q(online, s)[a] * 1")
    assert one == other and hash(one) == hash(other) and one.key == other.key
    assert one != Loss("dqn") and one != "dqn"


@pytest.mark.parametrize("name", known_losses())
def test_forms(name: str) -> None:
    loss = Loss(name)
    assert Loss(loss.text) == loss
    assert Loss(inline_loss(loss.text)) == loss
    assert Loss("q_sa = q(online, s)[a]; loss = q_sa / (q_sa - r)") == Loss(
        inline_loss("q_sa = q(online, s)[a]\nloss = q_sa / (q_sa - r)")
    )
    assert isinstance(loss.sympy(), sympy.Expr)
    assert loss._repr_latex_() == f"$\\displaystyle {loss.latex()}$"
    assert loss._repr_svg_().startswith("<svg")
    assert name in loss.relation


def test_a_notebook_shows_formula_text_and_graph() -> None:
    """Well-formed together, and nothing of it a script."""
    loss = Loss("where(r > 0, 1, 2) * (q(online, s)[a] - r)**2")
    page = ElementTree.fromstring(loss._repr_html_())
    tags = {str(part.tag).split("}")[-1] for part in page.iter()}
    assert {"div", "math", "pre", "svg"} <= tags and "script" not in tags
    assert page.findtext("pre") == loss.text and "p" not in tags
    assert ElementTree.fromstring(Loss("dqn")._repr_html_()).findtext("p") == Loss("dqn").relation


def test_gradient_classes() -> None:
    dqn, twice, shifted = Loss("dqn"), Loss("scratch_td"), Loss("dqn_reg")
    padded = Loss(f"{DQN} + log(r)")
    assert dqn != padded and dqn.gradient_class == padded.gradient_class and padded.gradient_class.known == ("dqn",)
    assert dqn.gradient_class != twice.gradient_class and dqn.gradient_class.same_direction(twice.gradient_class)
    assert not dqn.gradient_class.same_direction(shifted.gradient_class) and "scratch_td" in dqn.gradient_class.aligned
    assert not dqn.gradient_class.same_direction(Loss(f"-{DQN}").gradient_class)
    flat = Loss("q(online, s)[a] - q(online, s)[a]").gradient_class
    assert flat.flaw and flat == flat and flat != Loss("0 * q(online, s)[a]").gradient_class and "flaw=" in repr(flat)
    assert dqn.gradient_class != "dqn" and "known=('dqn',)" in repr(dqn.gradient_class)
    with pytest.raises(TypeError, match="unhashable"):
        hash(dqn.gradient_class)


def test_the_docstring_is_true_and_nothing_is_undocumented() -> None:
    assert doctest.testmod(rlsearch.loss) == (0, 8)
    names = (
        "text",
        "key",
        "size",
        "relation",
        "gradient_class",
        "latex",
        "sympy",
        "sympy_parts",
        "source",
        "arguments",
        "torch",
    )
    for name in (*names, "_repr_svg_", "_repr_latex_", "_repr_html_"):
        assert getattr(Loss, name).__doc__, name


def test_torch_and_source_compute_the_same() -> None:
    loss = Loss("dqn")
    assert loss.arguments() == ("q_online_s", "q_target_s_next", "a", "r", "discount")
    batch = (torch.randn(5, 3), torch.randn(5, 3), torch.tensor([0, 1, 2, 0, 1]), torch.randn(5), torch.rand(5))
    held: dict = {}
    exec(loss.source(), held)
    torch.testing.assert_close(loss.torch()(*batch), held["loss"](*batch))
    by_hand = 0.5 * (batch[0].gather(1, batch[2][:, None])[:, 0] - (batch[3] + batch[4] * batch[1].max(1).values)) ** 2
    torch.testing.assert_close(loss.torch()(*batch), by_hand)


def test_lazy_names_of_the_package() -> None:
    assert rlsearch.Loss is Loss and callable(rlsearch.search) and callable(rlsearch.compare)
    assert "proposals" in signature(rlsearch.search).parameters and "steps" in signature(rlsearch.compare).parameters
    with pytest.raises(AttributeError, match="has no attribute 'serach'"):
        _ = rlsearch.serach  # type: ignore[attr-defined]


@pytest.mark.parametrize("what", ["dqm", "", "runs/mine", "a b", "r", "online"])
def test_what_is_no_loss(what: str) -> None:
    with pytest.raises(LossError):
        Loss(what)


@pytest.mark.parametrize("what", [3, None, ["dqn"]])
def test_what_is_no_loss_at_all_is_said(what):
    with pytest.raises(LossError, match="is no loss; wanted: a known name, a text, a path, RUN@HASH or a graph"):
        Loss(what)


def test_a_path_is_a_loss(tmp_path):
    path = tmp_path / "mine.loss"
    path.write_text(Loss("dqn").text, encoding="utf-8")
    assert Loss(path) == Loss("dqn") and Loss(path).name == "mine"


def test_what_there_is_can_be_listed():
    assert {"Loss", "search", "compare"} <= set(dir(rlsearch))
