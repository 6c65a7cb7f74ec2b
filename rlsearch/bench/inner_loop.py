"""The task of both inner loops: CartPole, DQN's loss, two hidden layers of 64, an update of 32 samples every step."""

from rlsearch.bench.figure import cpu_seconds
from rlsearch.envs import EnvSpec, Task, make_task
from rlsearch.graph.graph import Graph
from rlsearch.graph.text import parse
from rlsearch.space.starts import loss_text
from rlsearch.train.replay.agent import Agent
from rlsearch.train.replay.trainer import train

SEED = 0

# Every step learns from the first one on, and exploration does not change, so that each step costs the same.
AGENT = Agent(
    hidden=(64, 64),
    learning_rate=1e-3,
    adam_beta1=0.9,
    adam_beta2=0.999,
    adam_epsilon=1e-8,
    batch=32,
    replay_capacity=10_000,
    learning_starts=1,
    update_every=1,
    target_period=50,
    epsilon_start=0.05,
    epsilon_end=0.05,
    epsilon_steps=1,
)


def task() -> Task:
    """The task, CartPole."""
    return make_task(EnvSpec("CartPole-v1"), SEED)


def loss() -> Graph:
    """The loss, DQN's."""
    return parse(loss_text("dqn"))


def fused_microseconds(steps: int) -> float:
    """The processor time of the fused trainer per environment step, setting up included."""
    dqn, cartpole = loss(), task()
    return 1e6 / steps * cpu_seconds(lambda: train(dqn, cartpole, AGENT, seed=SEED, steps=steps))
