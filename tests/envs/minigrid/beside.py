"""One id's environment in MiniGrid and our kernels, played side by side: they are in the same state, or a test fails."""

import gymnasium
import minigrid  # noqa: F401  # registers the ids
import numpy as np
from minigrid.core.constants import COLOR_TO_IDX
from minigrid.wrappers import FullyObsWrapper

from rlsearch.envs import EnvSpec, make_task
from rlsearch.envs.minigrid.layout import CARRIED, CARRIED_COLOUR, DIRECTION, MISSION, STEPS, X, Y

SCALE = np.array([10, 5, 3], np.float32)


class Beside:
    """Both of them. `same` is what the fixture `equality` gives."""

    def __init__(self, env, same):
        self.oracle = gymnasium.make(env, disable_env_checker=True).unwrapped
        self.whole = FullyObsWrapper(self.oracle)
        self.full, self.partial = (make_task(EnvSpec.parse({"env": env, "view": view}), 0) for view in ("full", "partial"))
        self.state, self.grid = np.zeros(self.full.state_size), np.zeros(self.full.grid_shape, np.uint8)
        self.same = same
        self.rng, self.reward = np.random.default_rng(), 0.0

    def reset(self, seed=None):
        """A new episode; without a seed the generators go on."""
        if seed is not None:
            self.rng = np.random.default_rng(seed)
        seen, _ = self.oracle.reset(seed=seed)
        self.full.reset(self.full.params, self.state, self.grid, self.rng)
        self.compare(seen)

    def step(self, action):
        """Act in both; whether the episode is over."""
        seen, reward, terminated, truncated, _ = self.oracle.step(action)
        ours = self.full.step(self.full.params, self.state, self.grid, action, self.rng)
        self.same.compare(ours, (reward, terminated))
        self.reward = ours[0]
        self.compare(seen)
        assert truncated == (self.state[STEPS] >= self.full.horizon)
        return terminated or truncated

    def compare(self, seen):
        """Every cell, the agent, what it carries, both views, the mission's colour, and the generators."""
        same, state, oracle = self.same, self.state, self.oracle
        same.compare(self.grid, oracle.grid.encode())
        same.compare(state[[X, Y, DIRECTION, STEPS]], [*oracle.agent_pos, oracle.agent_dir, oracle.step_count])
        carried = oracle.carrying.encode()[:2] if oracle.carrying else (0, 0)
        same.compare([state[CARRIED], state[CARRIED_COLOUR] * (state[CARRIED] > 0)], carried)
        told = []
        if "door" in (words := seen["mission"].split()) and words[:3] == ["go", "to", "the"]:
            assert state[MISSION] == COLOR_TO_IDX[words[3]]
            told = np.eye(len(COLOR_TO_IDX), dtype=np.float32)[COLOR_TO_IDX[words[3]]]
        for task, image in ((self.full, self.whole.observation(seen)["image"]), (self.partial, seen["image"])):
            out = np.full(task.observation_size, np.nan, np.float32)
            task.observe(task.params, state, self.grid, out)
            same.compare(out, np.append((image.astype(np.float32) / SCALE).ravel(), told))
        assert self.rng.bit_generator.state == oracle.np_random.bit_generator.state
