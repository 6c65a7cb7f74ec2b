"""The recorder of replay: batches drawn from what an agent has stored, beside its training, which does not notice.

All networks meet all states. A loss that is trained may read less: what it does not read is stored all the same where that
costs nothing (returns, the older target network). The probability of the action taken is that of the policy as it is now,
which also chooses the action that follows.
"""

from typing import NamedTuple

import numpy as np

from rlsearch.regimes.batch import Batch
from rlsearch.regimes.inputs import Sizes
from rlsearch.regimes.replay import REGIME
from rlsearch.train.network import forward
from rlsearch.train.recording import Recording
from rlsearch.train.replay.buffer import A_NEXT, BEHAVIOUR_PROB, DISCOUNT, A, Reads, Replay, empty_batch, sample
from rlsearch.train.replay.inner_loop import Schedule, epsilon_at
from rlsearch.train.replay.learner import NETWORK_OF, STATE_OF, Learner


class When(NamedTuple):
    """The place of a batch in its training: after `step` of `steps` steps; the environment's gamma, the agent's n, the seed."""

    step: int
    steps: int
    gamma: float
    n_step: int
    seed: int


def record_batch(learner: Learner, replay: Replay, schedule: Schedule, size: int, when: When) -> Recording:
    """Draw a batch of so many samples, with a stream of its own, and look at it with every network.

    Args:
        learner: whose networks these are.
        replay: what is stored.
        schedule: which says how the agent acts by now.
        size: of the batch.
        when: in the training.
    """
    capacity = replay.action.size
    everything = Reads(when.n_step, returns=True, behaviour=False, target_old=True, next_action=False)
    memory = empty_batch(size, replay.observation.shape[1])
    newest, rng = (when.step - 1) % capacity, np.random.default_rng([when.seed, when.step])
    sample(replay, memory, everything, min(when.step, capacity), newest, when.step / when.steps, when.gamma, rng)
    actions = int(learner.widths[-1])
    units = np.empty((int(learner.widths[1:-1].sum()), size), np.float32)
    outputs = np.empty((len(REGIME.views), actions, size), np.float32)
    networks = learner.theta, learner.theta_target, learner.theta_old
    for view, (network, state) in enumerate(zip(NETWORK_OF, STATE_OF, strict=True)):
        forward(networks[network], learner.widths, memory.observations[state], units, outputs[view])
    epsilon = epsilon_at(schedule, when.step)
    best, best_next = (outputs[REGIME.views.index(("q", "online", state))].argmax(axis=0) for state in ("s", "s_next"))
    memory.samples[BEHAVIOUR_PROB] = epsilon / actions + (1.0 - epsilon) * (memory.samples[A] == best)
    followed = np.where(rng.random(size) < epsilon, rng.integers(actions, size=size), best_next)
    memory.samples[A_NEXT] = np.where(memory.samples[DISCOUNT] == 0, memory.samples[A], followed)
    views = dict(zip(REGIME.views, outputs.astype(np.float64), strict=True))
    inputs = dict(zip(REGIME.columns, memory.samples.astype(np.float64), strict=True))
    return Recording(when.step, Batch(REGIME, Sizes(actions), views, inputs))
