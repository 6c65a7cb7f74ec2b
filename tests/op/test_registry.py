"""What is discovered: op families, shipped losses, each of which is what the literature says."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
import torch
from evaluate import by_torch, random_batch
from numpy.testing import assert_allclose

import rlsearch.registry as registry
from rlsearch.compile.torch_source import arguments
from rlsearch.errors import OpError
from rlsearch.graph.canonical import canonical
from rlsearch.graph.text import parse, print_graph
from rlsearch.registry import agent_presets, families, known_losses, operations, shipped_spaces


def of(q, a):
    return q[torch.arange(len(a)), a]


def td_error(q_online_s, q_target_s_next, a, r, discount):
    return of(q_online_s, a) - (r + discount * q_target_s_next.detach().amax(1))


def dqn(*given):
    return td_error(*given) ** 2 / 2


def double_dqn(q_online_s, q_online_s_next, q_target_s_next, a, r, discount):
    best = q_online_s_next.argmax(1)
    return (of(q_online_s, a) - r - discount * of(q_target_s_next.detach(), best)) ** 2 / 2


def dqn_reg(*given):
    q_online_s, _, a, _, _ = given
    return td_error(*given) ** 2 / 2 + of(q_online_s, a) / 10


def scratch_td(*given):
    return td_error(*given) ** 2


FORMULAS = {f.__name__: f for f in (dqn, double_dqn, dqn_reg, scratch_td)}


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("num_actions", [2, 5])
def test_known_loss_is_its_formula(name, num_actions):
    graph, batch = parse(known_losses()[name]), random_batch(num_actions, size=64)
    ours, theirs = by_torch(graph, batch), by_torch(graph, batch, FORMULAS[name])
    assert_allclose(ours.value, theirs.value, rtol=1e-6, atol=1e-6)
    assert_allclose(ours.grad, theirs.grad, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", known_losses())
def test_known_losses_say_what_they_are(name):
    text = known_losses()[name]
    header = [line for line in text.splitlines() if line.startswith("#")]
    assert header[0].endswith(".")
    assert any(line.startswith("# Source: ") for line in header)
    graph = parse(text)
    assert parse(print_graph(graph)) == graph
    assert set(arguments(graph)) >= {"q_online_s", "a"}


def test_known_losses_differ():
    forms = [canonical(parse(text)) for text in known_losses().values()]
    assert len(set(forms)) == len(forms)


def test_ops_have_one_name_each():
    named = [op.name for ops in families().values() for op in ops]
    assert sorted(named) == sorted(operations())
    assert list(families()) == sorted(families())


def test_two_ops_of_one_name_are_refused(monkeypatch):
    twice = {"arithmetic": families()["arithmetic"], "mine": families()["arithmetic"][:1]}
    monkeypatch.setattr(registry, "families", lambda: twice)
    with pytest.raises(OpError, match="op 'add' of family 'mine' is declared twice; rename one"):
        operations.__wrapped__()


def test_a_foreign_primitives_package_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(registry, "primitives", SimpleNamespace(__path__=[str(tmp_path)]))
    with pytest.raises(OpError, match="is not rlsearch's; uninstall the distribution that shadows it"):
        families.__wrapped__()


def test_discovery_loads_nothing_heavy():
    code = (
        "import sys; from rlsearch.registry import operations; from rlsearch.graph.text import parse; operations(); "
        "print([name for name in ('torch', 'numba', 'numpy', 'sympy') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_shipped_files_are_found():
    assert {"dqn", "double_dqn", "dqn_reg", "scratch_td"} <= set(known_losses())
    assert "fast" in agent_presets()
    assert all(entry.name.endswith(".yaml") for entry in shipped_spaces().values())
