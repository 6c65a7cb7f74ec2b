"""Updates on given batches against torch: gradient, weights after many steps, what is left uncomputed."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from rlsearch.compile.kernels import load_kernels
from rlsearch.registry import known_losses
from rlsearch.train.network import initial_theta
from rlsearch.train.program import program
from rlsearch.train.replay.buffer import Batch, empty_batch
from rlsearch.train.replay.learner import batch_gradient, copy_target, learner, update, within_limit
from tests.support import oracle
from tests.support.evaluate import COLUMNS
from tests.support.tasks import DOUBLE_DQN, DQN, RESIDUAL, THREE_PASSES, agent_with, tape_of

ACTIONS = 3


def random_batch(rng: np.random.Generator, size: int, observation_size: int = 5) -> tuple[Batch, oracle.Transitions]:
    """The same transitions for both."""
    batch = empty_batch(size, observation_size)
    batch.observations[...] = rng.standard_normal(batch.observations.shape)
    batch.samples[0] = rng.integers(0, ACTIONS, size)
    batch.samples[1] = rng.standard_normal(size)
    batch.samples[2] = 0.97 * (rng.random(size) > 0.1)
    batch.samples[3:-1] = rng.random((6, size))
    batch.samples[-1] = rng.integers(0, ACTIONS, size)
    s, s_next, s_n = (torch.tensor(x.T.copy()) for x in batch.observations)
    named = {name: torch.tensor(x.copy()) for name, x in zip(COLUMNS, batch.samples, strict=True)}
    return batch, oracle.Transitions(
        **(named | {"a": named["a"].long(), "a_next": named["a_next"].long()}), s=s, s_next=s_next, s_n=s_n
    )


@pytest.mark.parametrize("hidden", [(24,), (16, 8), (20, 7, 12)])
@pytest.mark.parametrize(
    ("text", "loss"),
    [
        (DQN, oracle.dqn),
        (DOUBLE_DQN, oracle.double_dqn),
        (RESIDUAL, oracle.residual),
        (THREE_PASSES, oracle.three_passes),
        (known_losses()["pessimistic_dqn"], oracle.pessimistic_dqn),
        (known_losses()["dqn_centred"], oracle.dqn_centred),
        (known_losses()["sarsa"], oracle.sarsa),
    ],
)
def test_updates_are_torchs(hidden: tuple[int, ...], text: str, loss: oracle.TorchLoss) -> None:
    rng = np.random.default_rng(1)
    agent = agent_with(hidden=hidden)
    widths = (5, *hidden, ACTIONS)
    ours = learner(agent, widths, initial_theta(widths, rng))
    theirs = oracle.TorchLearner(agent, widths, ours.theta, loss)
    ready = program(tape_of(text, ACTIONS), load_kernels(), agent.batch)
    for count in range(1, 101):
        batch, transitions = random_batch(rng, agent.batch)
        assert update(ours, ready, batch, count)
        theirs.update(transitions)
        if count == 1:
            gradient = torch.cat([p.grad.flatten() for p in theirs.nets.online.parameters()]).numpy()
            np.testing.assert_allclose(ours.gradient[0], gradient, atol=1e-6)
        if count % 10 == 0:
            copy_target(ours, True)
            theirs.copy()
    # Of a path of up to 0.1; where a gradient is nothing but rounding, Adam still steps by its sign.
    apart = np.abs(ours.theta - oracle.flat(theirs.nets.online))
    assert apart.max() < 2e-3
    assert apart.mean() < 1e-4


def test_an_older_target_is_kept_only_if_it_is_read() -> None:
    ours = learner(agent_with(), (5, 16, 12, ACTIONS), np.zeros(351, np.float32))
    ours.theta[:] = 1
    copy_target(ours, False)
    assert (ours.theta_target == 1).all() and (ours.theta_old == 0).all()
    ours.theta[:] = 2
    copy_target(ours, True)
    assert (ours.theta_target == 2).all() and (ours.theta_old == 1).all()


def test_only_what_is_read_is_computed() -> None:
    rng = np.random.default_rng(2)
    agent = agent_with()
    widths = (5, *agent.hidden, ACTIONS)
    ours = learner(agent, widths, initial_theta(widths, rng))
    ours.theta_target[:] = np.nan
    ours.hidden[...] = -1
    batch, _ = random_batch(rng, agent.batch)
    ready = program(tape_of("loss = half_square(q(online, s)[a] - r)", ACTIONS), load_kernels(), agent.batch)
    assert batch_gradient(ours, ready, batch)
    assert (ours.hidden[0] >= 0).all()
    assert (ours.hidden[1:] == -1).all()


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf, 1.1e6, -1.1e6])
@pytest.mark.parametrize("place", [0, 7, 31])
def test_beyond_the_limit(wrong: float, place: int) -> None:
    q = np.full(32, 9e5, np.float32)
    assert within_limit(q)
    q[place] = wrong
    assert not within_limit(q)


@pytest.mark.parametrize("where", ["first weight", "last bias"])
@pytest.mark.parametrize("network", ["theta", "theta_target"])
def test_a_nan_stops_before_the_step(where: str, network: str) -> None:
    rng = np.random.default_rng(3)
    agent = agent_with(hidden=(8,))
    widths = (5, 8, ACTIONS)
    ours = learner(agent, widths, initial_theta(widths, rng))
    parameters = getattr(ours, network)
    if where == "last bias":
        parameters[-1] = np.nan
    else:
        parameters[:40] = np.nan
        # A ReLU may turn NaN into 0; what gradient makes NaN is always the last layer too.
        parameters[-ACTIONS:] = np.inf
    before = ours.theta.copy()
    batch, _ = random_batch(rng, agent.batch)
    ready = program(tape_of(DQN, ACTIONS), load_kernels(), agent.batch)
    assert not update(ours, ready, batch, 1)
    np.testing.assert_array_equal(ours.theta, before)


def test_a_program_keeps_the_last_batch_whose_loss_was_computed() -> None:
    rng = np.random.default_rng(5)
    agent = agent_with(hidden=(8,))
    widths = (5, 8, ACTIONS)
    ours = learner(agent, widths, initial_theta(widths, rng))
    ready = program(tape_of(DQN, ACTIONS), load_kernels(), agent.batch)
    assert update(ours, ready, random_batch(rng, agent.batch)[0], 1)
    before = ready.registers.copy(), ready.gradients.copy()
    ours.theta_target[-1] = np.inf  # the online network's outputs come first, and are fine
    assert not update(ours, ready, random_batch(rng, agent.batch)[0], 2)
    np.testing.assert_array_equal(ready.registers, before[0])
    np.testing.assert_array_equal(ready.gradients, before[1])


def test_a_nan_reward_reaches_the_outputs() -> None:
    rng = np.random.default_rng(4)
    agent = replace(agent_with(), hidden=(8, 8))
    widths = (5, 8, 8, ACTIONS)
    ours = learner(agent, widths, initial_theta(widths, rng))
    ready = program(tape_of(DQN, ACTIONS), load_kernels(), agent.batch)
    batch, _ = random_batch(rng, agent.batch)
    batch.samples[1, 3] = np.nan
    assert update(ours, ready, batch, 1)
    assert not update(ours, ready, batch, 2)
