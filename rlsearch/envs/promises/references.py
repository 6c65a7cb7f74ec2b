"""Promises of references: the random policy returns what is stated, and no policy more than the optimum that is stated."""

from collections.abc import Iterator

import numpy as np

from rlsearch.envs.promises.episodes import BROKEN, OUTSIDE
from rlsearch.envs.promises.every_state import most_possible
from rlsearch.envs.promises.returns import RANDOM, play_policy
from rlsearch.envs.promises.search import best_found
from rlsearch.envs.task import Task

MOST_STEPS = 5_000_000  # of the random policy
ERRORS = 5.0  # standard errors that a measured return may be away from the one that is stated
SLACK = 0.02  # of the way from random to optimal: a policy that knows the time left may be better than stated by that


def find_bad_random_return(task: Task, seed: int, episodes: int) -> Iterator[str]:
    """Problems of playing at random, compiled: many episodes to their ends, and what they return."""
    played = play_policy(task, RANDOM, seed, episodes, MOST_STEPS)
    if played.not_finite:
        yield BROKEN
        return
    if played.outside:
        yield OUTSIDE
    if len(played.returns) == 0:
        return
    # What a few of so many episodes find may by chance be found by none, and then they do not differ.
    unseen = ERRORS * (task.optimal_return - task.random_return) / len(played.returns)
    if abs(played.mean - task.random_return) > ERRORS * (played.error + 1e-9) + unseen:
        met = f"{played.mean:g} (standard error {played.error:.2g})"
        yield f"the random policy returns {met}, not random_return = {task.random_return:g}"


def find_bad_optimum(task: Task, seed: int) -> tuple[list[str], list[str]]:
    """Problems of the stated optimum, and what of it cannot be verified here, both in sentences."""
    stated, slack = task.optimal_return, SLACK * (task.optimal_return - task.random_return)
    most, found = most_possible(task, seed), best_found(task, seed)
    if most and stated > most.possible + ERRORS * most.error + 1e-9 * max(1.0, abs(stated)):
        tried = f"{most.possible:g}: all {most.states} states were tried"
        return [f"optimal_return is {stated:g}, and no policy returns more than {tried}"], []
    reached, error = (found.mean, found.error) if len(found.returns) else (-np.inf, 0.0)
    if most and most.reached > reached:
        reached, error = most.reached, most.error
    if reached - ERRORS * error > stated + slack:
        return [f"optimal_return is {stated:g}, and a policy returns {reached:g} (standard error {error:.2g})"], []
    if most or reached + ERRORS * error >= stated - slack:
        return [], []
    best = f"the best of those played returns {reached:g}" if np.isfinite(reached) else "episodes are too long to search"
    return [], [f"optimal_return = {stated:g} is not verified: {best}, and not every state can be tried"]
