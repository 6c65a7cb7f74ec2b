"""Shipped data files, and known losses: each is what the literature says."""

import pytest
import torch
from numpy.testing import assert_allclose

from rlsearch.compile.torch_source import arguments
from rlsearch.graph.text import parse, print_graph
from rlsearch.registry import agent_presets, known_losses, reference_loss, shipped_spaces
from rlsearch.registry.data import REFERENCE_LOSSES
from rlsearch.simplify.canonical import canonical
from rlsearch.train.trainer import TRAINERS
from tests.support.evaluate import by_torch, random_batch


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


def dqn_huber(*given):
    error = td_error(*given)
    return torch.nn.functional.huber_loss(error, torch.zeros_like(error), reduction="none")


def dqn_reg_printed(*given):
    return td_error(*given) ** 2 + of(given[0], given[2]) / 10


def dqn_reg_abs(*given):
    return td_error(*given) ** 2 / 2 + of(given[0], given[2]).abs() / 10


def dqn_clipped(q_online_s, q_target_s_next, a, r, discount):
    value, best = of(q_online_s, a), q_target_s_next.detach().amax(1)
    error = td_error(q_online_s, q_target_s_next, a, r, discount)
    return torch.max(value, error**2 + value - error) + torch.max(error, discount * best**2)


def cql(*given):
    taken = torch.distributions.Categorical(logits=given[0]).log_prob(given[2])
    return td_error(*given) ** 2 / 2 - taken / 10


def munchausen_dqn(q_online_s, q_target_s, q_target_s_next, a, r, discount):
    """With the policy and its entropy instead of the soft maximum: tau * logsumexp(q / tau) = E[q - tau * log pi]."""
    now, later = (torch.distributions.Categorical(logits=q.detach() / 0.03) for q in (q_target_s, q_target_s_next))
    soft = (later.probs * q_target_s_next.detach()).sum(1) + 0.03 * later.entropy()
    bonus = 0.9 * (0.03 * now.log_prob(a)).clamp(-1, 0)
    return (of(q_online_s, a) - (r + bonus + discount * soft)) ** 2 / 2


def expected_sarsa_soft(q_online_s, q_target_s_next, a, r, discount):
    policy = torch.distributions.Categorical(logits=q_target_s_next.detach()).probs
    return (of(q_online_s, a) - (r + discount * (policy * q_target_s_next.detach()).sum(1))) ** 2 / 2


def mellowmax_dqn(q_online_s, q_target_s_next, a, r, discount):
    soft = 0.1 * torch.log(torch.exp(q_target_s_next.detach().double() / 0.1).mean(1))
    return (of(q_online_s, a) - (r + discount * soft)) ** 2 / 2


def scratch_reg(*given):
    return td_error(*given) ** 2 / 2 + of(given[0], given[2]) + given[3]


def dqn_reward_shift(q_online_s, q_target_s_next, a, r, discount):
    """DQN with rewards lowered by 0.2, and what has no gradient taken off: 0.2 * target + 0.02."""
    lowered = td_error(q_online_s, q_target_s_next, a, r - 0.2, discount)
    return lowered**2 / 2 + 0.2 * (r + discount * q_target_s_next.detach().amax(1)) - 0.02


def expectile_td(*given):
    error = td_error(*given)
    return torch.abs(0.7 - (error > 0).float() * 0.4) * error**2


def shrunken_td(q_online_s, q_target_s_next, a, r, discount):
    return td_error(q_online_s, 0.9 * q_target_s_next, a, 0.9 * r, discount) ** 2 / 2


def advantage_learning(q_online_s, q_target_s, q_target_s_next, a, r, discount):
    advantage = of(q_target_s - q_target_s.amax(1, keepdim=True), a).detach()
    return td_error(q_online_s, q_target_s_next, a, r + 0.9 * advantage, discount) ** 2 / 2


def n_step_dqn(q_online_s, q_target_s_n, a, r_n, discount_n):
    return td_error(q_online_s, q_target_s_n, a, r_n, discount_n) ** 2 / 2


def dqn_centred(q_online_s, q_target_s_next, a, r, discount):
    return td_error(q_online_s, q_target_s_next, a, r - r.sum() / len(r), discount) ** 2 / 2


def mc_mix(q_online_s, q_target_s_next, a, r, discount, return_to_go, has_return):
    one_step = r + discount * q_target_s_next.detach().amax(1)
    target = torch.lerp(one_step, return_to_go, has_return / 2)
    return (of(q_online_s, a) - target) ** 2 / 2


def pessimistic_dqn(q_online_s, q_target_s_next, q_target_old_s_next, a, r, discount):
    promised = torch.stack([q_target_s_next.detach(), q_target_old_s_next.detach()]).amax(2).amin(0)
    return (of(q_online_s, a) - r - discount * promised) ** 2 / 2


def sarsa(q_online_s, q_target_s_next, a, r, discount, a_next):
    following = (q_target_s_next.detach() * torch.nn.functional.one_hot(a_next, q_target_s_next.shape[1])).sum(1)
    return (of(q_online_s, a) - r - discount * following) ** 2 / 2


def annealed_td(q_online_s, q_target_s_next, a, r, discount, progress):
    error = td_error(q_online_s, q_target_s_next, a, r, discount)
    return error**2 / 2 + of(q_online_s, a) * (1 - progress) / 10


FORMULAS = {
    f.__name__: f
    for f in (
        dqn,
        double_dqn,
        dqn_reg,
        scratch_td,
        dqn_huber,
        dqn_reg_printed,
        dqn_reg_abs,
        dqn_clipped,
        cql,
        munchausen_dqn,
        expected_sarsa_soft,
        mellowmax_dqn,
        scratch_reg,
        dqn_reward_shift,
        expectile_td,
        shrunken_td,
        advantage_learning,
        n_step_dqn,
        dqn_centred,
        mc_mix,
        pessimistic_dqn,
        annealed_td,
        sarsa,
    )
}


def test_every_known_loss_has_a_formula_here():
    assert FORMULAS.keys() == known_losses().keys(), "write each known loss in plain PyTorch above, and list it in FORMULAS"


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
    assert header and header[0].endswith("."), "the first line is a comment: one sentence that says what the loss is"
    assert any(line.startswith("# Source: ") for line in header), "a comment line '# Source: ...' says where it is from"
    graph = parse(text)
    assert parse(print_graph(graph)) == graph
    assert set(arguments(graph)) >= {"q_online_s", "a"}


def test_known_losses_differ():
    forms = [canonical(parse(text)) for text in known_losses().values()]
    assert len(set(forms)) == len(forms)


def test_every_regime_that_is_trained_has_a_loss_to_measure_others_by():
    assert REFERENCE_LOSSES.keys() == TRAINERS.keys(), (
        "REFERENCE_LOSSES of rlsearch/registry/data.py names one for each trainer"
    )
    assert all(parse(reference_loss(regime)).regime.name == regime for regime in REFERENCE_LOSSES)


def test_shipped_files_are_found():
    assert {"dqn", "double_dqn", "dqn_reg", "scratch_td"} <= set(known_losses())
    assert "fast" in agent_presets()
    assert all(entry.name.endswith(".yaml") for entry in shipped_spaces().values())
