"""PyTorch source: needs torch alone, reads like a person's, and is right for every mixture of arguments."""

import ast
import builtins
from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import assume, given

from rlsearch.compile.torch_source import arguments, python_module, torch_source
from rlsearch.graph.text import parse
from rlsearch.loss import Loss
from rlsearch.registry import known_losses
from tests.support.evaluate import by_tape, by_torch, random_batch, steady
from tests.support.strategies import losses

KINDS = {"real": "q(online, s)[a]", "vector": "q(target, s_next)", "number": "1.5"}
NAMES = "Q = q(online, s)[a]\n"


def run_module(source: str) -> dict[str, object]:
    """The names of a module that may import torch and nothing else."""

    def only_torch(name, *rest):
        assert name == "torch", f"imports {name}"
        return builtins.__import__(name, *rest)

    namespace: dict[str, object] = {"__builtins__": {**vars(builtins), "__import__": only_torch}}
    exec(compile(source, "loss.py", "exec"), namespace)
    return namespace


@given(losses())
def test_exported_module_is_the_loss(graph):
    batch = random_batch(3)
    ok = steady(graph, batch)
    assume(ok.any())
    loss = run_module(python_module(graph))["loss"]
    for one, other in zip(by_torch(graph, batch, loss), by_tape(graph, batch), strict=True):
        np.testing.assert_allclose(one[..., ok], other[..., ok], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("kinds", list(product(KINDS, repeat=4)), ids="-".join)
def test_where_takes_every_mixture_of_reals_vectors_and_numbers(kinds):
    a, b, c, d = (KINDS[kind] if kind != "number" else f"{k}.5" for k, kind in enumerate(kinds))
    graph = parse(f"{NAMES}loss = mean(where({a} > {b}, {c}, {d}) + 0 * q(online, s)) + Q")
    for num_actions, size in ((3, 3), (2, 7)):  # a batch as large as the number of actions hides wrong broadcasting
        batch = random_batch(num_actions, size)
        for one, other in zip(by_torch(graph, batch), by_tape(graph, batch), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("text", ["min({}, {})", "max({}, {})", "{} - {}", "{} / {}", "{} > {}"])
@pytest.mark.parametrize("kinds", list(product(KINDS, repeat=2)), ids="-".join)
def test_ops_of_two_take_every_mixture(text, kinds):
    graph = parse(f"{NAMES}loss = mean({text.format(*(KINDS[kind] for kind in kinds))} + 0 * q(online, s)) + Q")
    batch = random_batch(3, 3)
    for one, other in zip(by_torch(graph, batch), by_tape(graph, batch), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


def test_arguments_are_what_is_read_in_one_order():
    assert arguments(parse("discount * q(online, s)[a] + r * max(q(target, s_next))")) == (
        *("q_online_s", "q_target_s_next"),
        *("a", "r", "discount"),
    )
    assert arguments(parse("num_actions * max(q(online, s))")) == ("q_online_s",)


def test_source_reads_like_a_persons():
    graph = parse("0.5 * (q(online, s)[a] - (r + discount * max(q(target, s_next))))**2")
    assert torch_source(graph) == (
        "def loss(\n"
        "    q_online_s: torch.Tensor,\n"
        "    q_target_s_next: torch.Tensor,\n"
        "    a: torch.Tensor,\n"
        "    r: torch.Tensor,\n"
        "    discount: torch.Tensor,\n"
        ") -> torch.Tensor:\n"
        "    batch = q_online_s.shape[:-1]\n"
        "    if (\n"
        "        q_target_s_next.shape != q_online_s.shape\n"
        "        or a.shape != batch\n"
        "        or r.shape != batch\n"
        "        or discount.shape != batch\n"
        "    ):\n"
        "        for name, met, wanted in [\n"
        '            ("q_target_s_next", q_target_s_next.shape, q_online_s.shape),\n'
        '            ("a", a.shape, batch),\n'
        '            ("r", r.shape, batch),\n'
        '            ("discount", discount.shape, batch),\n'
        "        ]:\n"
        "            if met != wanted:\n"
        '                text = "{} is {}; wanted {}, as q_online_s [B, A] is {}"\n'
        "                raise ValueError(text.format(name, list(met), list(wanted), list(q_online_s.shape)))\n"
        "    if a.dtype != torch.int64 and a.dtype != torch.int32:\n"
        '        kind = "floats" if a.is_floating_point() else "integers"\n'
        '        raise ValueError("a holds {}-bit {}; wanted int64, as a.long() gives".format(8 * a.element_size(), kind))\n'
        "    q_target_s_next = q_target_s_next.detach()\n"
        "    q_sa = q_online_s.gather(-1, a.unsqueeze(-1)).squeeze(-1)\n"
        "    q_next = q_target_s_next.max(-1).values\n"
        "    td_target = r + discount * q_next\n"
        "    delta = q_sa - td_target\n"
        "    return 0.5 * (delta * delta)\n"
    )


def test_module_says_what_it_takes():
    source = python_module(parse("q(online, s)[a] * max(q(target, s_next)) * r"), title="A product")
    assert source.startswith('"""A product, one value per transition of a batch')
    assert "q_target_s_next: [B, A], the target network's action values in the next state." in source
    assert "    >>> loss(q_online_s, q_target_s_next, a, r).mean().backward()\n" in source
    assert "rlsearch" not in source.split('"""')[2]


def test_module_says_where_it_is_from():
    source = Loss("munchausen_dqn").source()
    assert "Source: Vieillard et al. 2020.\n" in source and "x1 = " not in source and "soft_value = " in source
    sly = python_module(parse("max(q(online, s))"), title='a "', about='some """quotes""" and a \\')
    assert "quotes" in str(ast.get_docstring(ast.parse(sly)))


@pytest.mark.parametrize("name", known_losses())
def test_source_names_what_it_computes(name):
    """At most one line in three of the known losses has no better name than a number."""
    lines = [line for line in torch_source(Loss(name).graph).splitlines() if " = " in line]
    assert sum(line.strip().startswith("x") for line in lines) <= len(lines) / 3


def test_constants_beyond_floats_are_spelt():
    graph = parse("q(online, s)[a] * (min(-((((1e30**2)**2)**2)**2), 0) > r)")
    assert "float('-inf')" in torch_source(graph)
    assert torch.equal(torch.as_tensor(by_torch(graph, random_batch(2)).value), torch.zeros(8, dtype=torch.float64))


def test_text_that_doubles_with_every_line_stays_small():
    lines = [f"x{i + 1} = x{i} * x{i} * 0.5" for i in range(60)]
    source = torch_source(parse("\n".join(["x0 = q(online, s)[a]", *lines, "loss = x60"])))
    assert len(source) < 10_000
