"""Arguments of the wrong shape are refused by both forms of a loss, by name; what worked before works."""

import warnings

import pytest
import torch

from rlsearch.compile.torch_source import torch_source
from rlsearch.compile.torchscript import compile_loss, save_loss
from rlsearch.graph.text import parse
from rlsearch.registry import known_losses

DQN = parse(known_losses()["dqn"])
Q, A, R, D = torch.randn(5, 3), torch.tensor([0, 1, 2, 0, 1]), torch.randn(5), torch.rand(5)
BATCH = {"q_online_s": Q, "q_target_s_next": Q + 1, "a": A, "r": R, "discount": D}
BAD = {
    "rewards in a column": ({"r": R[:, None]}, r"r is \[5, 1\]; wanted \[5\], as q_online_s \[B, A\] is \[5, 3\]"),
    "one reward": ({"r": R[:1]}, r"r is \[1\]; wanted \[5\]"),
    "one discount": ({"discount": D[0]}, r"discount is \[\]; wanted \[5\]"),
    "another batch": ({"r": R[:4], "a": A[:4]}, r"a is \[4\]; wanted \[5\]"),
    "actions in a column": ({"a": A[:, None]}, r"a is \[5, 1\]; wanted \[5\]"),
    "actions one-hot": ({"a": torch.eye(3)[A]}, r"a is \[5, 3\]; wanted \[5\]"),
    "values of the action": (
        {"q_online_s": Q[:, 0]},
        r"q_target_s_next is \[5, 3\]; wanted \[5\], as q_online_s \[B, A\] is \[5\]",
    ),
    "targets of the action": ({"q_target_s_next": Q[:, 0]}, r"q_target_s_next is \[5\]; wanted \[5, 3\]"),
    "other actions": ({"q_target_s_next": Q[:, :2]}, r"q_target_s_next is \[5, 2\]; wanted \[5, 3\]"),
    "one dimension more": ({"q_online_s": Q[:, None], "q_target_s_next": Q[:, None]}, r"a is \[5\]; wanted \[5, 1\]"),
    "float actions": ({"a": A.float()}, r"a holds 32-bit floats; wanted int64, as a.long\(\) gives"),
    "short actions": ({"a": A.short()}, "a holds 16-bit integers; wanted int64"),
    "true or false": ({"a": A.bool()}, "a holds 8-bit integers; wanted int64"),
    "an action too many": ({"a": A + 2}, "out of bounds"),
    "an action below 0": ({"a": A - 1}, "out of bounds"),
}


def python_form(graph):
    """The function of the exported source."""
    namespace = {"torch": torch}
    exec(torch_source(graph), namespace)
    return namespace["loss"]


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    """DQN in Python, in TorchScript, and saved and loaded."""
    path = tmp_path_factory.mktemp("saved") / "loss.pt"
    save_loss(DQN, path)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`torch.jit.load` is", DeprecationWarning)
        return {"python": python_form(DQN), "torchscript": compile_loss(DQN), "loaded": torch.jit.load(path)}


@pytest.mark.parametrize("form", ["python", "torchscript", "loaded"])
@pytest.mark.parametrize("what", BAD)
def test_what_does_not_fit_is_named(forms, form, what):
    changes, said = BAD[what]
    with pytest.raises((ValueError, RuntimeError, torch.jit.Error), match=said):
        forms[form](*(BATCH | changes).values())


@pytest.mark.parametrize("form", ["python", "torchscript", "loaded"])
def test_what_fits_is_computed(forms, form):
    """Also no sample at all, one without a batch, samples along two axes, int32 actions and whole rewards."""
    loss, value = forms[form], forms["python"](*BATCH.values())
    torch.testing.assert_close(loss(*BATCH.values()), value)
    assert loss(*(one[:0] for one in BATCH.values())).shape == (0,)
    torch.testing.assert_close(loss(*(one[2] for one in BATCH.values())), value[2])
    torch.testing.assert_close(loss(*(torch.stack([one, one]) for one in BATCH.values())), torch.stack([value, value]))
    torch.testing.assert_close(loss(*(BATCH | {"a": A.int()}).values()), value)
    assert loss(*(BATCH | {"r": torch.ones(5, dtype=torch.int64)}).values()).shape == (5,)


def test_the_python_form_is_transformed_as_before(forms):
    loss, given = forms["python"], tuple(BATCH.values())
    torch.testing.assert_close(torch.vmap(loss)(*given), loss(*given))
    slopes = torch.func.grad(lambda q: loss(q, *given[1:]).sum())(Q)
    torch.testing.assert_close(torch.vmap(torch.func.grad(loss))(*given), slopes)
    compiled = torch.compile(loss, backend="eager", fullgraph=True)
    for size in (5, 4):
        part = [one[:size] for one in given]
        torch.testing.assert_close(compiled(*part), loss(*part))


def test_a_loss_of_one_argument_has_nothing_to_compare():
    assert "raise" not in torch_source(parse("max(q(online, s))"))
    assert torch_source(parse("max(q(online, s)) * q(online, s)[a]")).count("raise") == 2
