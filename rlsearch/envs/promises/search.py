"""A search for a good policy among those that always act alike and linear ones, which sees no more than a learner does."""

import numpy as np

from rlsearch.envs.promises.returns import Played, Weights, play_policy
from rlsearch.envs.task import Task

LINEAR = 30  # policies drawn at random, and then changes to the best so far
EPISODES, LAST_EPISODES = 6, 400  # of a policy that is tried, and of the best one at the end, on a seed of their own
WORK = 20_000_000  # multiplications of all scores, a third of them for the end
MOST_STEPS = 300_000


def best_found(task: Task, seed: int) -> Played:
    """The returns of the best policy found, played anew; whatever the optimum is, it is no less than their mean promises."""
    shape = task.num_actions, task.observation_size + 1
    steps = min(MOST_STEPS, WORK // (shape[0] * shape[1]))
    tried = task.num_actions + 2 * LINEAR
    rng = np.random.default_rng(seed)

    def score(weights: Weights) -> float:
        played = play_policy(task, weights, seed + 1, EPISODES, 2 * steps // (3 * tried))
        return played.mean if len(played.returns) else -np.inf

    policies = [np.zeros(shape) for _ in range(task.num_actions)] + [rng.normal(size=shape) for _ in range(LINEAR)]
    for action in range(task.num_actions):
        policies[action][action, -1] = 1.0
    scores = [score(weights) for weights in policies]
    best, most = policies[int(np.argmax(scores))], max(scores)
    for _ in range(LINEAR):
        changed = best + 0.3 * rng.normal(size=shape)
        if (reached := score(changed)) > most:
            best, most = changed, reached
    return play_policy(task, best, seed + 2, LAST_EPISODES, steps // 3)
