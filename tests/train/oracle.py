"""The same agent once more, in plain Python and PyTorch, drawing from the same NumPy streams."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from rlsearch.envs.task import Task
from rlsearch.train.agent import Agent


class Transitions(NamedTuple):
    """A batch: `s`, `s_next` `[B, observation]`; `a` int64, `r`, `discount` `[B]`."""

    s: Tensor
    a: Tensor
    r: Tensor
    discount: Tensor
    s_next: Tensor


TorchLoss = Callable[[nn.Module, nn.Module, Transitions], Tensor]


def _td(q: Tensor, b: Transitions, q_next: Tensor) -> Tensor:
    q_sa = q.gather(1, b.a[:, None])[:, 0]
    return (0.5 * (q_sa - (b.r + b.discount * q_next)) ** 2).mean()


def dqn(online: nn.Module, target: nn.Module, b: Transitions) -> Tensor:
    return _td(online(b.s), b, target(b.s_next).max(1).values.detach())


def double_dqn(online: nn.Module, target: nn.Module, b: Transitions) -> Tensor:
    best = online(b.s_next).argmax(1)
    return _td(online(b.s), b, target(b.s_next).gather(1, best[:, None])[:, 0].detach())


def residual(online: nn.Module, target: nn.Module, b: Transitions) -> Tensor:
    return _td(online(b.s), b, online(b.s_next).max(1).values)


def network(widths: Sequence[int], theta: NDArray[np.float32]) -> nn.Sequential:
    """A torch network with these parameters."""
    layers: list[nn.Module] = []
    for n_in, n_out in pairwise(widths):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()]
    net = nn.Sequential(*layers[:-1])
    nn.utils.vector_to_parameters(torch.from_numpy(theta.copy()), net.parameters())
    return net


def flat(net: nn.Module) -> NDArray[np.float32]:
    """Its parameters in one vector."""
    return nn.utils.parameters_to_vector(net.parameters()).detach().numpy()


class TorchLearner:
    """Online and target network with torch's own Adam."""

    def __init__(self, agent: Agent, widths: Sequence[int], theta: NDArray[np.float32], loss: TorchLoss) -> None:
        self.online, self.target, self.loss = network(widths, theta), network(widths, theta), loss
        betas = (agent.adam_beta1, agent.adam_beta2)
        self.adam = torch.optim.Adam(self.online.parameters(), agent.learning_rate, betas, agent.adam_epsilon)

    def update(self, batch: Transitions) -> None:
        self.adam.zero_grad()
        self.loss(self.online, self.target, batch).backward()
        self.adam.step()

    def copy(self) -> None:
        self.target.load_state_dict(self.online.state_dict())


def train(
    loss: TorchLoss, task: Task, agent: Agent, seed: int, steps: int
) -> tuple[list[float], list[int], list[int], NDArray[np.float32]]:
    """Returns, lengths and ends of the finished episodes, and the final theta."""
    weights, explore, world, sampling = (np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(4))
    widths = (task.observation_size, *agent.hidden, task.num_actions)
    theta = np.concatenate([weights.uniform(-1, 1, (i + 1) * o) / np.sqrt(i) for i, o in pairwise(widths)]).astype(np.float32)
    learner = TorchLearner(agent, widths, theta, loss)
    state, grid = np.zeros(task.state_size), np.zeros(task.grid_shape, np.uint8)

    def observe() -> NDArray[np.float32]:
        out = np.zeros(task.observation_size, np.float32)
        task.observe(task.params, state, grid, out)
        return out

    ring: list[tuple[NDArray[np.float32], int, float, bool, NDArray[np.float32]]] = []
    returns, lengths, ends = [], [], []
    total, length, updates = 0.0, 0, 0
    task.reset(task.params, state, grid, world)
    observation = observe()
    for step in range(steps):
        fraction = min(1.0, step / agent.epsilon_steps)
        if explore.random() < agent.epsilon_start + fraction * (agent.epsilon_end - agent.epsilon_start):
            action = int(explore.random() * task.num_actions)
        else:
            with torch.no_grad():
                action = int(learner.online(torch.from_numpy(observation)).argmax())
        reward, terminated = task.step(task.params, state, grid, action, world)
        after = observe()
        transition = (observation, action, task.reward_scale * reward + task.reward_offset, terminated, after)
        if len(ring) < agent.replay_capacity:
            ring.append(transition)
        else:
            ring[step % agent.replay_capacity] = transition
        total, length, observation = total + reward, length + 1, after
        if terminated or length >= task.horizon:
            returns.append(total)
            lengths.append(length)
            ends.append(step + 1)
            total, length = 0.0, 0
            task.reset(task.params, state, grid, world)
            observation = observe()
        if len(ring) >= agent.learning_starts and (step + 1) % agent.update_every == 0:
            drawn = [ring[int(sampling.random() * len(ring))] for _ in range(agent.batch)]
            s, a, r, end, s_next = (torch.tensor(np.array(column)) for column in zip(*drawn, strict=True))
            discount = task.gamma * (1 - end.float())
            learner.update(Transitions(s, a, r.float(), discount, s_next))
            updates += 1
            if updates % agent.target_period == 0:
                learner.copy()
    return returns, lengths, ends, flat(learner.online)
