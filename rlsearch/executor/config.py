"""Executor configuration: the number of processes of this machine, or a Ray cluster, as asked for and checked."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rlsearch.errors import RunError, did_you_mean, quoted

if TYPE_CHECKING:  # the command line's help asks for this file, and shall not wait for the ops
    from rlsearch.executor.protocol import Executor, Prepare

EXECUTORS = ("local", "ray")
MAX_PROCESSES_PER_CORE = 8


def cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processes(workers: int | None) -> int:
    """The number of processes to start: all cores if no number was asked for.

    Raises:
        RunError: none, or so many that they would take memory and give nothing.
    """
    most = MAX_PROCESSES_PER_CORE * cores()
    if workers is not None and not 1 <= workers <= most:
        raise RunError(
            f"--workers is {workers}; allowed: a whole number from 1 to {most}, "
            f"{MAX_PROCESSES_PER_CORE} for each core of this machine"
        )
    return workers or cores()


@dataclass(frozen=True)
class ExecutorConfig:
    """An executor as asked for; each attribute is a keyword of `rlsearch.search` and an option of the command line.

    Attributes:
        executor: one of EXECUTORS.
        workers: processes; all cores if not given.
        address: of a Ray cluster, which says itself how many CPUs it has.
        mixed_cpus: its machines may have different CPU models.
    """

    executor: str = "local"
    workers: int | None = None
    address: str | None = None
    mixed_cpus: bool = False

    def __post_init__(self) -> None:
        """Refuse at once what cannot work.

        Raises:
            RunError: two of the options contradict each other, Ray is not installed, or nobody answers at the address.
        """
        if self.executor not in EXECUTORS:
            raise RunError(f"there is no executor {quoted(self.executor)}{did_you_mean(self.executor, EXECUTORS)}")
        processes(self.workers)
        if self.executor == "ray":
            if self.workers is not None and self.address is not None:
                raise RunError(f"the cluster at --address {self.address} has CPUs of its own; leave out --workers")
            from rlsearch.executor.ray_address import check_address  # what a local search does not need

            check_address(self.address)
        elif self.address is not None or self.mixed_cpus:
            given = "--mixed-cpus" if self.address is None else "--address"
            raise RunError(f"{given} is about a Ray cluster; type --executor ray as well, or leave it out")

    def make_executor(self, prepare: "Prepare", announce: Callable[[str], None]) -> "Executor":
        """The executor, not yet entered.

        Args:
            prepare: run by each worker process before its first work; a picklable function.
            announce: told what takes a while.
        """
        count = processes(self.workers)
        if self.executor == "ray":
            from rlsearch.executor.ray_cluster import RayCluster

            return RayCluster(self.address, count, prepare=prepare, mixed=self.mixed_cpus, announce=announce)
        from rlsearch.executor.local_pool import LocalPool

        return LocalPool(count, prepare)

    def __str__(self) -> str:
        if self.address is not None:
            return f"on the Ray cluster at {self.address}"
        count = processes(self.workers)
        return f"with {count:,} worker{'s' * (count > 1)}{' of Ray' * (self.executor == 'ray')}"
