"""The same agent once more, in plain Python and PyTorch, drawing from the same NumPy streams."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from rlsearch.envs.task import Task
from rlsearch.train.replay.agent import Agent


class Transitions(NamedTuple):
    """A batch: `s`, `s_next`, `s_n` `[B, observation]`; `a` int64 and all others `[B]`."""

    s: Tensor
    a: Tensor
    r: Tensor
    discount: Tensor
    s_next: Tensor
    r_n: Tensor
    discount_n: Tensor
    s_n: Tensor
    return_to_go: Tensor
    has_return: Tensor
    progress: Tensor
    behaviour_prob: Tensor
    a_next: Tensor


class Networks(NamedTuple):
    """What is trained, its last copy, and the copy before that."""

    online: nn.Module
    target: nn.Module
    old: nn.Module


TorchLoss = Callable[[Networks, Transitions], Tensor]


def _taken(q: Tensor, b: Transitions) -> Tensor:
    return q.gather(1, b.a[:, None])[:, 0]


def _td(nets: Networks, b: Transitions, q_next: Tensor) -> Tensor:
    return 0.5 * (_taken(nets.online(b.s), b) - (b.r + b.discount * q_next)) ** 2


def _best(net: nn.Module, s: Tensor) -> Tensor:
    return net(s).max(1).values.detach()


def dqn(nets: Networks, b: Transitions) -> Tensor:
    return _td(nets, b, _best(nets.target, b.s_next)).mean()


def double_dqn(nets: Networks, b: Transitions) -> Tensor:
    best = nets.online(b.s_next).argmax(1)
    return _td(nets, b, nets.target(b.s_next).gather(1, best[:, None])[:, 0].detach()).mean()


def residual(nets: Networks, b: Transitions) -> Tensor:
    return _td(nets, b, nets.online(b.s_next).max(1).values).mean()


def n_step_dqn(nets: Networks, b: Transitions) -> Tensor:
    return (0.5 * (_taken(nets.online(b.s), b) - (b.r_n + b.discount_n * _best(nets.target, b.s_n))) ** 2).mean()


def three_passes(nets: Networks, b: Transitions) -> Tensor:
    q_n = nets.online(b.s_n).mean(1) + nets.online(b.s_next).mean(1)
    return (0.5 * (_taken(nets.online(b.s), b) - (b.r_n + 0.2 * q_n)) ** 2).mean()


def mc_mix(nets: Networks, b: Transitions) -> Tensor:
    share = torch.where(b.has_return > 0, 0.5, 0.0)
    target = share * b.return_to_go + (1 - share) * (b.r + b.discount * _best(nets.target, b.s_next))
    return (0.5 * (_taken(nets.online(b.s), b) - target) ** 2).mean()


def pessimistic_dqn(nets: Networks, b: Transitions) -> Tensor:
    return _td(nets, b, torch.minimum(_best(nets.target, b.s_next), _best(nets.old, b.s_next))).mean()


def annealed_td(nets: Networks, b: Transitions) -> Tensor:
    return dqn(nets, b) + (0.1 * (1 - b.progress) * _taken(nets.online(b.s), b)).mean()


def dqn_centred(nets: Networks, b: Transitions) -> Tensor:
    return dqn(nets, b._replace(r=b.r - b.r.mean()))


def off_policy(nets: Networks, b: Transitions) -> Tensor:
    return (_td(nets, b, _best(nets.target, b.s_next)) * (1 - b.behaviour_prob)).mean()


def sarsa(nets: Networks, b: Transitions) -> Tensor:
    return _td(nets, b, nets.target(b.s_next).gather(1, b.a_next[:, None])[:, 0].detach()).mean()


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
    """Online and target networks with torch's own Adam."""

    def __init__(self, agent: Agent, widths: Sequence[int], theta: NDArray[np.float32], loss: TorchLoss) -> None:
        self.nets, self.loss = Networks(*(network(widths, theta) for _ in range(3))), loss
        betas = (agent.adam_beta1, agent.adam_beta2)
        self.adam = torch.optim.Adam(self.nets.online.parameters(), agent.learning_rate, betas, agent.adam_epsilon)

    def update(self, batch: Transitions) -> None:
        self.adam.zero_grad()
        self.loss(self.nets, batch).backward()
        self.adam.step()

    def copy(self) -> None:
        self.nets.old.load_state_dict(self.nets.target.state_dict())
        self.nets.target.load_state_dict(self.nets.online.state_dict())


class Step(NamedTuple):
    """A transition, and the episode it is part of."""

    s: NDArray[np.float32]
    a: int
    r: float
    terminated: bool
    s_next: NDArray[np.float32]
    behaviour_prob: float
    episode: list["Step"]
    time: int
    would_be: list[int]  # the action after it, where the clock stopped


def seen(step: Step, gamma: float, n: int, progress: float) -> tuple[object, ...]:
    """What a loss may read of a transition, from the episode as far as it has got; in the order of Transitions."""
    ahead = step.episode[step.time : step.time + n]
    rest = step.episode[step.time :]
    known = rest[-1].terminated
    return (
        step.s,
        step.a,
        step.r,
        gamma * (not step.terminated),
        step.s_next,
        sum(gamma**k * other.r for k, other in enumerate(ahead)),
        gamma ** len(ahead) * (not ahead[-1].terminated),
        ahead[-1].s_next,
        sum(gamma**k * other.r for k, other in enumerate(rest)) if known else 0.0,
        float(known),
        progress,
        step.behaviour_prob,
        _next_action(step),
    )


def _next_action(step: Step) -> int:
    """What was done in the next state, or would have been; where there is no such thing, what was done in this one."""
    after = step.episode[step.time + 1 : step.time + 2]
    return after[0].a if after else step.would_be[0] if step.would_be else step.a


def train(
    loss: TorchLoss, task: Task, agent: Agent, seed: int, steps: int, reads_next_action: bool = False
) -> tuple[list[float], list[int], list[int], NDArray[np.float32]]:
    """Returns, lengths and ends of the finished episodes, and the final theta."""
    weights, explore, world, sampling = (np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(4))
    widths = (task.observation_size, *agent.hidden, task.num_actions)
    theta = np.concatenate([weights.uniform(-1, 1, (i + 1) * o) / np.sqrt(i) for i, o in pairwise(widths)]).astype(np.float32)
    learner = TorchLearner(agent, widths, theta, loss)
    state, grid = np.zeros(task.state_size), np.zeros(task.grid_shape, np.uint8)

    def choose(seen: NDArray[np.float32], step: int) -> tuple[int, int, float]:
        """The action, the greedy one, and the chance of a random one."""
        epsilon = agent.epsilon_start + min(1.0, step / agent.epsilon_steps) * (agent.epsilon_end - agent.epsilon_start)
        with torch.no_grad():
            greedy = int(learner.nets.online(torch.from_numpy(seen)).argmax())
        action = int(explore.random() * task.num_actions) if explore.random() < epsilon else greedy
        return action, greedy, epsilon

    def observe() -> NDArray[np.float32]:
        out = np.zeros(task.observation_size, np.float32)
        task.observe(task.params, state, grid, out)
        return out

    ring: list[Step] = []
    episode: list[Step] = []
    returns, lengths, ends = [], [], []
    total, updates = 0.0, 0
    task.reset(task.params, state, grid, world)
    observation = observe()
    for step in range(steps):
        action, greedy, epsilon = choose(observation, step)
        reward, terminated = task.step(task.params, state, grid, action, world)
        after = observe()
        chance = epsilon / task.num_actions + (1 - epsilon) * (action == greedy)
        training_reward = task.reward_scale * reward + task.reward_offset
        taken = Step(observation, action, training_reward, bool(terminated), after, chance, episode, len(episode), [])
        episode.append(taken)
        if len(ring) < agent.replay_capacity:
            ring.append(taken)
        else:
            ring[step % agent.replay_capacity] = taken
        total, observation = total + reward, after
        if terminated or len(episode) >= task.horizon:
            returns.append(total)
            lengths.append(len(episode))
            ends.append(step + 1)
            if reads_next_action and not terminated:
                taken.would_be.append(choose(after, step + 1)[0])
            total, episode = 0.0, []
            task.reset(task.params, state, grid, world)
            observation = observe()
        if len(ring) >= agent.learning_starts and (step + 1) % agent.update_every == 0:
            places = [int(sampling.random() * len(ring)) for _ in range(agent.batch)]
            if reads_next_action and episode and len(ring) > 1:  # the newest one's next action is still to be chosen
                newest = step % agent.replay_capacity
                places = [(place - 1) % len(ring) if place == newest else place for place in places]
            drawn = [ring[place] for place in places]
            columns = zip(*(seen(x, task.gamma, agent.n_step, (step + 1) / steps) for x in drawn), strict=True)
            tensors = (torch.tensor(np.array(column)) for column in columns)
            learner.update(Transitions(*(x.float() if x.is_floating_point() else x for x in tensors)))
            updates += 1
            if updates % agent.target_period == 0:
                learner.copy()
    return returns, lengths, ends, flat(learner.nets.online)
