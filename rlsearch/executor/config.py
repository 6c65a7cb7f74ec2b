"""Where a session's trials run, as it was asked for: so many processes of this machine, or a Ray cluster."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rlsearch.errors import RunError, did_you_mean, quoted

if TYPE_CHECKING:  # the command line's help asks for this file, and shall not wait for the ops
    from rlsearch.executor.protocol import Executor, Preparation

EXECUTORS = ("local", "ray")
CROWD = 8  # processes for a core


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processes(workers: int | None) -> int:
    """How many processes are meant: all cores if nothing was asked for.

    Raises:
        RunError: none, or so many that they would take memory and give nothing.
    """
    most = CROWD * cores()
    if workers is not None and not 1 <= workers <= most:
        raise RunError(
            f"--workers is {workers}; allowed: a whole number from 1 to {most}, {CROWD} for each core of this machine"
        )
    return workers or cores()


@dataclass(frozen=True)
class Place:
    """What was asked for; each is the keyword of `rlsearch.search` and the option of the command line.

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
            from rlsearch.executor.ray_cluster import check  # what a local search does not need

            check(self.address)
        elif self.address is not None or self.mixed_cpus:
            given = "--mixed-cpus" if self.address is None else "--address"
            raise RunError(f"{given} is about a Ray cluster; type --executor ray as well, or leave it out")

    def executor_for(self, prepare: "Preparation", announce: Callable[[str], None]) -> "Executor":
        """The executor, not yet entered.

        Args:
            prepare: what a worker on another machine does before its first work.
            announce: told what takes a while.
        """
        count = processes(self.workers)
        if self.executor == "ray":
            from rlsearch.executor.ray_cluster import Cluster

            return Cluster(self.address, count, mixed=self.mixed_cpus, prepare=prepare, announce=announce)
        from rlsearch.executor.local_pool import Pool

        return Pool(count)

    def __str__(self) -> str:
        if self.address is not None:
            return f"on the Ray cluster at {self.address}"
        count = processes(self.workers)
        return f"with {count:,} worker{'s' * (count > 1)}{' of Ray' * (self.executor == 'ray')}"
