"""A short training on CartPole, to be compared with the same in another process."""

from rlsearch.envs import EnvSpec, make_task
from rlsearch.graph.text import parse
from rlsearch.train import matmul
from rlsearch.train.replay.trainer import train
from tests.support.tasks import DQN, agent_with


def trained() -> dict[str, object]:
    """How products were made here, a whole run on CartPole, and the parameters after the first updates of the same."""
    task = make_task(EnvSpec("CartPole-v1"), 0)
    whole, first = (train(parse(DQN), task, agent_with(), seed=5, steps=steps) for steps in (600, 40))
    early = whole.lengths[whole.ends <= 40].tolist()
    facts = {"early": early, "steps": int(whole.lengths.sum()), "diverged": whole.diverged_at}
    return {"way": matmul.matmul.__module__, "theta": first.theta.tolist(), **facts}
