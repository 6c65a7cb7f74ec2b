"""One update of the online network: batch, networks, loss tape forward and backward, networks backward, Adam."""

from typing import Any, NamedTuple

import numpy as np
from numba import types
from numpy.typing import NDArray

from rlsearch.regimes.replay import REGIME
from rlsearch.train.adam import adam
from rlsearch.train.kernel import FLOAT_1, FLOAT_2, FLOAT_3, INT_1, kernel
from rlsearch.train.network import backward, forward
from rlsearch.train.program import PROGRAM, run_backward, run_forward
from rlsearch.train.replay.agent import Agent
from rlsearch.train.replay.buffer import BATCH

# The views by number: which network, which state, and which of them learn. Constants of the compiled loop.
VIEWS = REGIME.views
NETWORK_OF = tuple(REGIME.networks.index(view.network) for view in VIEWS)
STATE_OF = tuple(REGIME.states.index(view.state) for view in VIEWS)
TRAINED = tuple(VIEWS.index(view) for view in REGIME.trained_views)

# Beyond this a network output counts as diverged; returns of our environments stay below 1e4.
Q_LIMIT = np.float32(1e6)


class Learner(NamedTuple):
    """The networks, the optimizer and the loss's program, and the memory that an update needs.

    `widths` `[layers + 1]`; `theta`, `theta_target`, `theta_old`, `moment1`, `moment2` `[P]`; `gradient` `[TRAINED, P]`,
    one row per online pass; `hidden` `[states + 1, units, B]`: activations of the online passes, and of any other pass;
    `outputs` `[VIEWS, A, B]`: what the networks say of the newest batch, until it is known not to have diverged;
    `delta` `[units, B]`, `turned` `[widest * B]`: scratch of backward; `learning_rate`, `beta1`, `beta2`, `epsilon`: Adam's.
    """

    widths: Any
    theta: Any
    theta_target: Any
    theta_old: Any
    moment1: Any
    moment2: Any
    gradient: Any
    hidden: Any
    outputs: Any
    delta: Any
    turned: Any
    learning_rate: float
    beta1: float
    beta2: float
    epsilon: float


LEARNER = types.NamedTuple((INT_1, *(FLOAT_1,) * 5, FLOAT_2, *(FLOAT_3,) * 2, FLOAT_2, FLOAT_1, *(types.float64,) * 4), Learner)


def learner(agent: Agent, widths: tuple[int, ...], theta: NDArray[np.float32]) -> Learner:
    """A learner that starts from these parameters, targets equal to online."""
    units = sum(widths[1:-1])
    return Learner(
        np.array(widths, np.int64),
        theta.copy(),
        theta.copy(),
        theta.copy(),
        np.zeros_like(theta),
        np.zeros_like(theta),
        np.zeros((len(TRAINED), theta.size), np.float32),
        np.empty((len(REGIME.states) + 1, units, agent.batch), np.float32),
        np.empty((len(VIEWS), widths[-1], agent.batch), np.float32),
        np.empty((units, agent.batch), np.float32),
        np.empty(max(widths) * agent.batch, np.float32),
        agent.learning_rate,
        agent.adam_beta1,
        agent.adam_beta2,
        agent.adam_epsilon,
    )


@kernel(types.boolean(FLOAT_1))
def within_limit(q):  # type: ignore[no-untyped-def]
    """True if all are finite and at most Q_LIMIT in size. Compiled without fastmath, which assumes there is no NaN."""
    beyond = 0
    for i in range(q.size):
        beyond += not (abs(q[i]) <= Q_LIMIT)
    return beyond == 0


@kernel(types.boolean(LEARNER, PROGRAM, BATCH))
def batch_gradient(learner, program, batch):  # type: ignore[no-untyped-def]
    """Write the gradient of the batch loss by theta into `learner.gradient[0]`; False if a network output diverged.

    Only the (network, state) pairs that the tape reads are computed, and backward runs where gradient flows. The program's
    registers are written once no output diverged: after a divergence they hold, whole, the last batch whose loss was computed.
    """
    widths, theta, gradient = learner.widths, learner.theta, learner.gradient
    registers, gradients, actions = program.registers, program.gradients, program.num_actions
    for view in range(len(NETWORK_OF)):
        row = program.view_rows[view]
        if row >= 0:
            network, state = NETWORK_OF[view], STATE_OF[view]
            outputs = learner.outputs[view]
            parameters = theta if network == 0 else learner.theta_target if network == 1 else learner.theta_old
            forward(parameters, widths, batch.observations[state], learner.hidden[state if network == 0 else -1], outputs)
            for i in range(actions):
                if not within_limit(outputs[i]):
                    return False
    for view in range(len(NETWORK_OF)):
        row = program.view_rows[view]
        if row >= 0:
            for i in range(actions):
                for b in range(registers.shape[1]):
                    registers[row + i, b] = learner.outputs[view, i, b]
    for i in range(program.input_rows.size):
        row = program.input_rows[i]
        if row >= 0:
            for b in range(registers.shape[1]):
                registers[row, b] = batch.samples[i, b]
    run_forward(program)
    run_backward(program)
    passes = 0
    for view in TRAINED:
        row = program.view_rows[view]
        if row >= 0 and program.view_carries[view] == 1:
            state, outputs = STATE_OF[view], gradients[row : row + actions]
            scratch = learner.delta, learner.turned
            backward(theta, widths, batch.observations[state], learner.hidden[state], outputs, *scratch, gradient[passes])
            passes += 1
    for other in range(1, passes):
        for i in range(theta.size):
            gradient[0, i] += gradient[other, i]
    return True


@kernel(types.void(LEARNER, types.boolean))
def copy_target(learner, keep_old):  # type: ignore[no-untyped-def]
    """Copy the online network to the target network, and that, if a loss reads it, to the older target network."""
    for i in range(learner.theta.size):
        if keep_old:
            learner.theta_old[i] = learner.theta_target[i]
        learner.theta_target[i] = learner.theta[i]


@kernel(types.boolean(LEARNER, PROGRAM, BATCH, types.int64))
def update(learner, program, batch, count):  # type: ignore[no-untyped-def]
    """Take one step of Adam on one batch; `count` is 1 at the first. False, and no step, if a network output diverged."""
    if not batch_gradient(learner, program, batch):
        return False
    adam(
        learner.theta,
        learner.gradient[0],
        learner.moment1,
        learner.moment2,
        learner.learning_rate,
        learner.beta1,
        learner.beta2,
        learner.epsilon,
        count,
    )
    return True
