"""No kernel reads or writes beyond its arrays: compiled anew, in another process, with every index checked."""

import os
import subprocess
import sys

import pytest

from rlsearch.envs import environments

PLAY = """
import sys
import numpy as np
from rlsearch.envs import EnvSpec, make_task

for env in sys.argv[1:]:
    task, rng = make_task(EnvSpec(env), 0), np.random.default_rng(0)
    state, grid = np.zeros(task.state_size), np.zeros(task.grid_shape, np.uint8)
    out = np.empty(task.observation_size, np.float32)
    for _ in range(50):
        task.reset(task.params, state, grid, rng)
        for _ in range(task.horizon):
            task.observe(task.params, state, grid, out)
            if task.step(task.params, state, grid, int(rng.random() * task.num_actions), rng)[1]:
                break
        task.observe(task.params, state, grid, out)
task.observe(task.params, state, grid, out[:-1])
"""


@pytest.mark.slow
@pytest.mark.parametrize("family", sorted({card.family for card in environments().values()}))
def test_every_index_is_within_its_array(family, tmp_path):
    """The last observation is given one number too few: its error shows that indices were checked at all."""
    envs = [env for env, card in environments().items() if card.family == family]
    settings = os.environ | {"NUMBA_BOUNDSCHECK": "1", "RLSEARCH_CACHE": str(tmp_path)}
    run = subprocess.run([sys.executable, "-c", PLAY, *envs], check=False, capture_output=True, text=True, env=settings)
    assert run.stderr.endswith("IndexError: index is out of bounds\n")
    assert f"line {len(PLAY.splitlines())}, in <module>" in run.stderr
