"""The example's corridor as a task, to be broken by replacing a part of it."""

from dataclasses import replace
from typing import Any

from rlsearch.envs import EnvSpec, make_task
from rlsearch.envs.task import Task

CORRIDOR = make_task(EnvSpec("rlsearch.envs.example:CARD"), 0)


def corridor(**changes: Any) -> Task:
    """The corridor of three places, with other parts than its own."""
    return replace(CORRIDOR, **changes)
