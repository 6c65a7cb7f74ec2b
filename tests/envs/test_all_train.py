"""Every environment can be trained in: DQN's loss, the preset of searches, 2,000 steps."""

import numpy as np
import pytest

from rlsearch.compile.kernels import load_kernels
from rlsearch.compile.lower import lower
from rlsearch.envs import EnvSpec, environments, make_task
from rlsearch.graph.text import parse
from rlsearch.registry import known_losses
from rlsearch.space.presets import resolve_agent
from rlsearch.train.replay.trainer import train


@pytest.mark.parametrize("env", environments())
def test_dqn_trains(env):
    task = make_task(EnvSpec(env), 0)
    tape = lower(parse(known_losses()["dqn"]), task.num_actions)
    history = train(tape, load_kernels(), task, resolve_agent("fast"), seed=0, steps=2000)
    assert history.diverged_at < 0 and np.isfinite(history.theta).all()
    assert 2000 - task.horizon <= history.lengths.sum() <= 2000 and (history.lengths <= task.horizon).all()
    assert np.isfinite(history.returns).all() and len(history.returns) >= 1
