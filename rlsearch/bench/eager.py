"""The same training in eager PyTorch, as well as we can write it: the yardstick of the fused trainer.

Gymnasium's environment without wrappers, a preallocated NumPy replay whose samples are wrapped, not copied again, the
loss in TorchScript, one thread, denormals flushed. Tried and not faster: one packed array of transitions, the loss in
plain Python.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from gymnasium.envs.classic_control.cartpole import CartPoleEnv

from rlsearch.compile.torchscript import compile_loss
from rlsearch.envs.task import Task
from rlsearch.graph.graph import Graph
from rlsearch.train.replay.agent import Agent

# torch's implementations of one and the same Adam.
ADAMS: dict[str, dict[str, bool]] = {"default": {}, "foreach": {"foreach": True}, "fused": {"fused": True}}


@dataclass(frozen=True)
class EagerRun:
    """The time and the results of an eager run.

    Attributes:
        seconds: processor time of the steps after the warm-up.
        updates: steps of Adam, warm-up included.
        returns: of the finished episodes.
    """

    seconds: float
    updates: int
    returns: tuple[float, ...]


def mlp(widths: tuple[int, ...]) -> torch.nn.Sequential:
    """A network of linear layers with ReLU between them."""
    layers: list[torch.nn.Module] = []
    for n_in, n_out in zip(widths[:-1], widths[1:], strict=True):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


@contextmanager
def one_fast_thread() -> Iterator[None]:
    """Use one thread of torch, denormals flushed; as before afterwards."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)
        torch.set_num_threads(threads)


def train_eager(graph: Graph, task: Task, agent: Agent, adam: str, *, seed: int, steps: int, warm_up: int) -> EagerRun:
    """Train on CartPole for `warm_up + steps` steps, as `rlsearch.train.replay.trainer.train` does; the first do not count.

    Args:
        graph: a loss of q(online, s), q(target, s_next), a, r and discount.
        task: CartPole's horizon and discount.
        agent: network, optimizer, replay, exploration.
        adam: key of ADAMS.
        seed: of everything.
        steps, warm_up: environment steps.
    """
    with one_fast_thread():
        return _run(graph, task, agent, ADAMS[adam], seed, steps, warm_up)


def _run(graph: Graph, task: Task, agent: Agent, adam: dict[str, bool], seed: int, steps: int, warm_up: int) -> EagerRun:
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    loss: Any = compile_loss(graph)
    widths = (task.observation_size, *agent.hidden, task.num_actions)
    online, target = mlp(widths), mlp(widths)
    target.load_state_dict(online.state_dict())
    pairs = list(zip(target.parameters(), online.parameters(), strict=True))
    betas = (agent.adam_beta1, agent.adam_beta2)
    optimizer = torch.optim.Adam(online.parameters(), agent.learning_rate, betas, agent.adam_epsilon, **adam)
    capacity = agent.replay_capacity
    observations, next_observations = (np.zeros((capacity, task.observation_size), np.float32) for _ in range(2))
    actions, rewards, discounts = np.zeros(capacity, np.int64), np.zeros(capacity, np.float32), np.zeros(capacity, np.float32)
    env: Any = CartPoleEnv()  # its reset and step have no types
    observation, _ = env.reset(seed=seed)
    length, updates, episode_return, returns = 0, 0, 0.0, list[float]()
    started = time.process_time()
    for step in range(warm_up + steps):
        if step == warm_up:
            started = time.process_time()
        share = min(1.0, step / agent.epsilon_steps)
        if rng.random() < agent.epsilon_start + share * (agent.epsilon_end - agent.epsilon_start):
            action = int(rng.random() * task.num_actions)
        else:
            with torch.inference_mode():
                action = int(online(torch.from_numpy(observation)).argmax())
        next_observation, reward, terminated, _, _ = env.step(action)
        slot = step % capacity
        observations[slot], next_observations[slot] = observation, next_observation
        actions[slot], rewards[slot], discounts[slot] = action, reward, task.gamma * (1.0 - terminated)
        length += 1
        episode_return += float(reward)
        observation = next_observation
        if terminated or length >= task.horizon:
            returns.append(episode_return)
            length, episode_return = 0, 0.0
            observation, _ = env.reset()
        stored = min(step + 1, capacity)
        if stored >= agent.learning_starts and (step + 1) % agent.update_every == 0:
            drawn = rng.integers(0, stored, agent.batch)
            with torch.no_grad():
                q_target = target(torch.from_numpy(next_observations[drawn]))
            q_online = online(torch.from_numpy(observations[drawn]))
            sample = (torch.from_numpy(column[drawn]) for column in (actions, rewards, discounts))
            value = loss(q_online, q_target, *sample).mean()
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            updates += 1
            if updates % agent.target_period == 0:
                with torch.no_grad():
                    for old, new in pairs:
                        old.copy_(new)
    return EagerRun(time.process_time() - started, updates, tuple(returns))
