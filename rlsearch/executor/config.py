"""Executor configuration: worker processes of this machine, none, or a Ray cluster, as asked for and checked."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import current_process
from typing import TYPE_CHECKING

from rlsearch.errors import RunError, did_you_mean, quoted, shown

if TYPE_CHECKING:  # the command line's help asks for this file, and shall not wait for the ops
    from rlsearch.executor.protocol import Executor, Prepare

EXECUTORS = ("local", "ray")
MAX_PROCESSES_PER_CORE = 8


def cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processes(workers: int | None) -> int:
    """The number of processes to start: all cores if no number was asked for, none where that is not allowed.

    Raises:
        RunError: so many that they would take memory and give nothing, or some where none may be started.
    """
    most, confined = MAX_PROCESSES_PER_CORE * cores(), current_process().daemon
    if workers is None:
        return 0 if confined else cores()
    if not isinstance(workers, int) or not 0 <= workers <= most:
        raise RunError(
            f"--workers is {shown(workers)}; allowed: a whole number from 0 to {most}, {MAX_PROCESSES_PER_CORE} for each core "
            "of this machine; 0 starts no process and works in this one"
        )
    if workers and confined:
        raise RunError(
            "this process is a daemon, as a worker of multiprocessing.Pool is, and may start no processes; "
            "leave out workers, or type workers=0, which works in this process"
        )
    return workers


@dataclass(frozen=True)
class ExecutorConfig:
    """An executor as asked for; each attribute is a keyword of `rlsearch.search` and an option of the command line.

    Attributes:
        executor: one of EXECUTORS.
        workers: processes; all cores if not given, or 0 in a daemon, which may start none. 0: work is done in this process.
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
        count = processes(self.workers)
        if self.executor == "ray":
            if count == 0:
                raise RunError(
                    "Ray is spoken to by a process of its own, and none is started with --workers 0, or from a daemon, as a "
                    "worker of multiprocessing.Pool is; leave out --executor ray"
                )
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
        from rlsearch.executor.start import refuse_in_worker  # this and the others: what help does not need

        refuse_in_worker()
        count = processes(self.workers)
        if self.executor == "ray":
            from rlsearch.executor.ray_cluster import RayCluster

            return RayCluster(self.address, count, prepare=prepare, mixed=self.mixed_cpus, announce=announce)
        if count == 0:
            from rlsearch.executor.in_process import InProcess

            return InProcess(prepare)
        from rlsearch.executor.local_pool import LocalPool

        return LocalPool(count, prepare)

    def __str__(self) -> str:
        if self.address is not None:
            return f"on the Ray cluster at {self.address}"
        count = processes(self.workers)
        if count == 0:
            return "in this process, where a trial that hangs cannot be ended"
        return f"with {count:,} worker{'s' * (count > 1)}{' of Ray' * (self.executor == 'ray')}"
