"""Which op made a run diverge: against a walk in PyTorch, and in runs that are made to diverge."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rlsearch.compile.kernels import load_kernels
from rlsearch.compile.lower import lower
from rlsearch.compile.tape import Tape
from rlsearch.envs.signature import OBSERVE
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse
from rlsearch.numba_support.jit import njit
from rlsearch.regimes.inputs import Sizes
from rlsearch.train.divergence import first_nonfinite, named_cause
from rlsearch.train.program import Program, program, run_backward, run_forward
from rlsearch.train.replay.trainer import train
from tests.support.culprits import chains, named, walk
from tests.support.evaluate import Batch, random_batch
from tests.support.strategies import losses
from tests.support.tasks import DOUBLE_DQN, DQN, agent_with, clockwork

ACTIONS = 3
BATCH = random_batch(ACTIONS)
HUGE = BATCH.samples * np.where(np.arange(len(BATCH.samples)) == 1, 1e15, 1.0)[:, None]  # rewards
BATCHES = (Batch(1e15 * BATCH.q, HUGE), Batch(1e-25 * BATCH.q, HUGE))


def run_on(tape: Tape, batch: Batch) -> Program:
    """The registers that the trainer would leave behind after this batch."""
    ready = program(tape, load_kernels(), batch.samples.shape[1])
    for row, values in zip(tape.view_rows, batch.q, strict=True):
        if row >= 0:
            ready.registers[row : row + tape.sizes.actions] = values
    for row, column in zip(tape.input_rows, batch.samples, strict=True):
        if row >= 0:
            ready.registers[row] = column
    run_forward(ready)
    run_backward(ready)
    return ready


def found(graph: Graph, batch: Batch) -> str:
    (tape,) = lower(graph, Sizes(batch.num_actions))
    ready = run_on(tape, batch)
    return first_nonfinite(tape, load_kernels(), ready.registers, ready.gradients)


@settings(max_examples=200)
@given(losses(), chains(), st.sampled_from(BATCHES))
def test_the_culprit_is_what_torch_finds_first(one, other, batch):
    for graph in (one, other):
        theirs = walk(graph, batch, torch.float32)
        assert found(graph, batch) == (named(graph, [theirs]) if theirs.harmful else "network")


NAMES = "x = q(online, s)[a]\ny = q(online, s_next)[a]\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x * square(square(square(exp(100 * r))))", "square"),
        ("x * (1e30 * 1e30)", "constant"),
        ("((1e-30 * x) * (1e30 * r)) * (1e30 * r)", "derivative of mul"),
        ("tanh(1e-30 * x) * 1e30 + x", "network"),
        ("minimum(square(1e30 * r), 3) * x", "network"),  # it overflows, but does no harm
        ("where(square(1e30 * r) > 0, x, y)", "network"),
        # Of the two that read 1e-30 * x, the later adds a finite gradient to the sum that the earlier spoils.
        ("y + (z * (1e30 * r)) * (1e30 * r) + tanh(z)", "derivative of mul"),
    ],
)
def test_by_hand(text, expected):
    batch = Batch(np.ones_like(BATCH.q), np.where(np.arange(len(BATCH.samples)) == 1, 3.0, 0.0)[:, None] * np.ones(8))
    assert found(parse(f"{NAMES}z = 1e-30 * x\nloss = {text}"), batch) == expected


@pytest.mark.parametrize(
    ("text", "changes", "expected"),
    [
        ("x * square(square(square(exp(100 * r))))", {}, "square"),
        ("x * square(square(square(exp(100 * r))))", {"epsilon_end": 1.0}, "square"),  # seen on the next batch
        ("x * square(square(square(exp(100 * r))))", {"epsilon_start": 0.0, "epsilon_end": 0.0, "update_every": 40}, "square"),
        ("((1e-30 * x) * (1e30 * r)) * (1e30 * r)", {}, "derivative of mul"),
        ("-(x**2)", {"learning_rate": 1.0}, "network"),
        ("x * where(progress > 0.5, square(square(square(exp(100 * r)))), 1)", {}, "square"),
        ("x * square(square(square(exp(30 * progress))))", {}, "network"),  # Adam squares gradients: 2e19 is too large
    ],
)
def test_runs_that_diverge(text, changes, expected):
    loss = parse(f"x = q(online, s)[a]\nloss = {text}")
    history = train(loss, clockwork(5, 10), agent_with(**changes), seed=0, steps=2000)
    assert history.diverged_at >= (1000 if "where" in text else 31)
    assert history.culprit == expected


def test_a_run_that_goes_well_has_none():
    assert train(parse(DQN), clockwork(5, 10), agent_with(), seed=0, steps=200).culprit == ""


@njit(OBSERVE)
def nan_at_the_end(params, state, _grid, out):
    """Not a number where an episode has ended, and only there."""
    out[0] = np.nan if state[0] >= params[0] else 1.0


@njit(OBSERVE)
def nan_at_the_start(_params, state, _grid, out):
    """Not a number where an episode starts."""
    out[0] = np.nan if state[0] == 0.0 else 1.0


@njit(OBSERVE)
def infinite_later(_params, state, _grid, out):
    """Beyond float32 from the third step on."""
    out[0] = 1e39 if state[0] >= 3.0 else 1.0


@pytest.mark.parametrize("loss", [DQN, DOUBLE_DQN])
@pytest.mark.parametrize("epsilon", [1.0, 0.0])
@pytest.mark.parametrize("observe", [nan_at_the_end, nan_at_the_start, infinite_later])
def test_an_observation_that_is_not_finite_is_the_environments(loss, epsilon, observe):
    """Not the network's, under a finite loss, whether it is met in acting or in learning."""
    task = replace(clockwork(5, 10), observe=observe)
    history = train(parse(loss), task, agent_with(epsilon_start=epsilon, epsilon_end=epsilon), seed=0, steps=400)
    assert history.diverged_at >= 0 and history.culprit == "the environment's observation"


@pytest.mark.parametrize("reward", [np.nan, np.inf, -np.inf, 1e39])
@pytest.mark.parametrize("text", [DQN, "loss = half_square(q(online, s)[a] - r_n)"])
def test_a_reward_that_is_not_finite_is_the_environments(reward, text):
    """1e39 is finite, and infinite in float32, in which rewards are kept."""
    assert train(parse(text), clockwork(5, 10, reward), agent_with(), seed=0, steps=200).culprit == "the environment's reward"


@pytest.mark.parametrize(
    ("found", "given", "cause"),
    [
        ("network", {"observation": [1.0, np.nan], "reward": [1.0]}, "the environment's observation"),
        ("network", {"observation": [1.0], "reward": [np.inf]}, "the environment's reward"),
        ("network", {"observation": [1.0], "reward": [1.0]}, "network"),
        ("r", {"observation": [1.0], "reward": [np.nan]}, "the environment's reward"),
        ("r", {"observation": [1.0], "reward": [1.0]}, "r"),
        ("square", {"observation": [np.nan], "reward": [np.nan]}, "square"),  # it failed on finite numbers before
    ],
)
def test_causes_by_hand(found, given, cause):
    arrays = {word: [np.array(numbers, np.float32)] for word, numbers in given.items()}
    assert named_cause(found, ("a", "r"), arrays) == cause
