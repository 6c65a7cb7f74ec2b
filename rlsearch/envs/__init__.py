"""Environments as numba kernels behind one signature, each declared by a card and drawn anew for every seed."""

from rlsearch.envs.card import Card, Option, World
from rlsearch.envs.catalogue import environments
from rlsearch.envs.spec import EnvSpec
from rlsearch.envs.task import Task, make_task

__all__ = ["Card", "EnvSpec", "Option", "Task", "World", "environments", "make_task"]
