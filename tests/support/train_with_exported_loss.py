"""A DQN-style agent in plain PyTorch, 60 lines, around any loss that `rlsearch export --to python` wrote.

Usage: python train_with_exported_loss.py loss.py [steps]; prints the mean return of the last ten episodes. It imports torch
and gymnasium, never rlsearch.
"""

import importlib.util
import inspect
import random
import sys

import gymnasium as gym
import numpy as np
import torch
from torch import nn

spec = importlib.util.spec_from_file_location("exported", sys.argv[1])
exported = importlib.util.module_from_spec(spec)
spec.loader.exec_module(exported)
wanted = list(inspect.signature(exported.loss).parameters)
steps = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
random.seed(1)
torch.manual_seed(1)
torch.set_num_threads(1)
env = gym.make("CartPole-v1")


def network():
    return nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))


online, target = network(), network()
target.load_state_dict(online.state_dict())
optimizer = torch.optim.Adam(online.parameters(), lr=1e-3)
replay, returns, total = [], [], 0.0
observation, _ = env.reset(seed=1)
for step in range(steps):
    if random.random() < max(0.05, 1 - step / 1000):
        action = random.randrange(2)
    else:
        action = int(online(torch.from_numpy(observation)).argmax())
    next_observation, reward, terminated, truncated, _ = env.step(action)
    replay.append((observation, action, reward, terminated, next_observation))
    observation, total = next_observation, total + reward
    if terminated or truncated:
        returns.append(total)
        observation, total = env.reset()[0], 0.0
    if step < 200:
        continue
    s, a, r, ended, s_next = (torch.from_numpy(np.array(x)) for x in zip(*random.choices(replay, k=32), strict=True))
    values = {"a": a, "a_next": online(s_next).argmax(1), "r": r.float(), "discount": 0.99 * (1 - ended.float())}
    for name in wanted:  # q_online_s, q_target_s_next, ...: which network meets which state
        if name.startswith("q_"):
            values[name] = (online if "online" in name else target)(s_next if name.endswith("next") else s)
    optimizer.zero_grad()
    exported.loss(*(values[name] for name in wanted)).mean().backward()
    optimizer.step()
    if step % 50 == 0:
        target.load_state_dict(online.state_dict())
print(np.mean(returns[-10:]))
