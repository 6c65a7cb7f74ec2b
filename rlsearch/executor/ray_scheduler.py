"""The scheduler in the bridge: it holds the work that waits, hands a little more to Ray than runs at once, and counts deaths;
it keeps nothing that the search needs.
"""

import contextlib
import math
import pickle
from collections.abc import Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from time import monotonic, sleep
from typing import Any, NamedTuple

from rlsearch.errors import RunError, RunFailed
from rlsearch.executor.protocol import RETRIES, Resource
from rlsearch.executor.ray_messages import (
    ANSWER,
    CANCEL,
    CONNECTED,
    GIVEN_UP,
    KILLED,
    PREPARE,
    READY,
    RETURNED,
    SAY,
    SLOTS,
    TIMED_OUT,
    WORK,
)
from rlsearch.executor.ray_node import CPU, FAILED, REFUSED, Facts, Setup, differences, run_packed, survey
from rlsearch.executor.ray_nodes import Nodes, common_requirements, last_line
from rlsearch.registry.pack import one_line

SCAN_INTERVAL_S = 1.0  # between looks at the cluster
PIECES_PER_SLOT = 2  # that Ray is given, so that no slot waits; the rest waits here, where priority counts

Inbox = SimpleQueue[tuple[Any, ...]]


class _Piece(NamedTuple):
    """A piece of work that waits, in the order in which pieces are handed out."""

    priority: int
    serial: int
    key: Hashable
    needs: Resource
    limit_s: float
    packed: bytes


@dataclass
class _Handed:
    """A piece that Ray was given: its promise, when that was, and when it is taken back; times of this process."""

    piece: _Piece
    promise: Any
    since: float
    until: float = math.inf

    @property
    def late(self) -> bool:
        """True if it may have run for its limit."""
        return monotonic() - self.since >= self.piece.limit_s


@dataclass
class _Deaths:
    """The deaths of workers that had a piece, and of those the ones that its limit may have caused."""

    total: int = 0
    late: int = 0


class Scheduler:
    """The state of the bridge."""

    def __init__(self, pipe: Connection, inbox: Inbox, setup: Setup, mixed: bool) -> None:
        import ray

        self._pipe, self._inbox, self._setup, self._mixed = pipe, inbox, setup, mixed
        # Ray's own strategy fills the driver's machine first, and was seen to leave another one idle for seconds.
        # And it ends a worker process after each piece that had a GPU, which frees the GPU's memory.
        self._run = {
            needs: ray.remote(num_cpus=1, num_gpus=gpus, max_retries=0, scheduling_strategy="SPREAD")(run_packed)
            for needs, gpus in ((Resource.CORE, None), (Resource.GPU, 1))
        }
        self._survey = ray.remote(num_cpus=1, max_retries=0)(survey)
        self._waiting: dict[Resource, list[_Piece]] = {needs: [] for needs in Resource}  # heaps
        self._running: dict[Resource, dict[int, _Handed]] = {needs: {} for needs in Resource}  # by serial number
        self._deaths: dict[int, _Deaths] = {}
        self._serial = count()
        self._nodes = Nodes()

    def run(self) -> None:
        """Run the event loop; never returns."""
        self._refresh_nodes()
        self._pipe.send((CONNECTED,))
        refreshed = monotonic()
        while True:
            with contextlib.suppress(Empty):
                self._on_command(*self._inbox.get(timeout=SCAN_INTERVAL_S))
            if monotonic() - refreshed >= SCAN_INTERVAL_S:
                self._refresh_nodes()
                refreshed = monotonic()
            self._take_back()
            self._dispatch()

    def _refresh_nodes(self) -> None:
        if self._nodes.refresh():
            self._pipe.send((SLOTS, self._nodes.slots))
            if not self._nodes.slots[Resource.CORE]:
                self._pipe.send((SAY, "no machine with a CPU is in the Ray cluster; waiting for one to join it ..."))

    def _on_command(self, kind: int, *rest: Any) -> None:
        if kind == PREPARE:
            self._prepare()
            self._pipe.send((READY,))
        elif kind == WORK:
            priority, key, needs, limit_s, packed = rest
            heappush(self._waiting[needs], _Piece(priority, next(self._serial), key, needs, limit_s, packed))
        elif kind == CANCEL:
            self._pipe.send((GIVEN_UP, [piece.key for waiting in self._waiting.values() for piece in waiting]))
            for waiting in self._waiting.values():
                waiting.clear()
            for running in self._running.values():
                for handed in running.values():
                    handed.until = min(handed.until, monotonic() + rest[0])
        else:
            self._on_returned(*rest)

    def _dispatch(self) -> None:
        for needs, waiting in self._waiting.items():
            running = self._running[needs]
            while waiting and len(running) < PIECES_PER_SLOT * self._nodes.slots[needs]:
                piece = heappop(waiting)
                promise = self._run[needs].remote(self._setup, piece.packed, piece.limit_s)
                running[piece.serial] = _Handed(piece, promise, monotonic())
                promise.future().add_done_callback(lambda done, piece=piece: self._inbox.put((RETURNED, piece, done)))

    def _take_back(self) -> None:
        """End the work that was given up and has had its grace."""
        import ray

        for running in self._running.values():
            for handed in running.values():
                if monotonic() >= handed.until:
                    ray.cancel(handed.promise, force=True)

    def _on_returned(self, piece: _Piece, done: "Future[tuple[str, Any]]") -> None:
        from ray.exceptions import RayError, RayTaskError

        handed = self._running[piece.needs].pop(piece.serial)
        try:
            kind, value = done.result()
        except RayTaskError as error:
            what = f"a node that joined the Ray cluster ({error.ip}) cannot run rlsearch: {last_line(error)}"
            raise RunFailed(what) from None
        except RayError:  # the worker, its node, or the value on it died
            self._on_death(handed)
            return
        self._deaths.pop(piece.serial, None)
        if kind == REFUSED:
            raise RunFailed(
                f"a machine that joined the Ray cluster has {differences(self._setup.required, value)}; take it out of the "
                "cluster, install the same there" + (", or type --mixed-cpus" if CPU in self._setup.required else "")
            )
        self._pipe.send((ANSWER, piece.key, kind == FAILED, value))

    def _on_death(self, handed: _Handed) -> None:
        """Run a piece again whose worker died, unless it was given up or has died too often.

        Ray does not say what a worker died of: the limit is what killed it if it may have been so each time.
        """
        piece = handed.piece
        deaths = self._deaths.setdefault(piece.serial, _Deaths())
        deaths.total, deaths.late = deaths.total + 1, deaths.late + handed.late
        if handed.until < math.inf:
            self._pipe.send((GIVEN_UP, [piece.key]))
        elif deaths.total <= RETRIES:
            heappush(self._waiting[piece.needs], piece)
        elif deaths.late == deaths.total:
            self._pipe.send((TIMED_OUT, piece.key))
        else:
            self._pipe.send((KILLED, piece.key, deaths.total))

    def _prepare(self) -> None:
        """Refuse nodes that would give other numbers; let each of the others compile what it lacks.

        Raises:
            RunError: a node is not like this machine, or nodes are not like each other.
        """
        found: dict[str, Facts] = {}
        while not found:
            while not self._nodes.slots[Resource.CORE]:
                sleep(SCAN_INTERVAL_S)
                self._refresh_nodes()
            on = "1 machine" if len(self._nodes.names) == 1 else f"{len(self._nodes.names)} machines"
            self._pipe.send((SAY, f"preparing {on} of the Ray cluster (numba kernels compile once on each, about 30 s) ..."))
            found = self._nodes.run_on_each(self._survey)
        named = [(self._nodes.names[node], facts) for node, facts in found.items()]
        self._setup = self._setup._replace(required=common_requirements(self._setup.required, named, self._mixed))
        nothing = pickle.dumps((_do_nothing, None))
        for node, (kind, value) in self._nodes.run_on_each(self._run[Resource.CORE], self._setup, nothing).items():
            if kind == FAILED:
                raise RunError(f"node {self._nodes.names[node]} cannot begin: {one_line(pickle.loads(value))}")


def _do_nothing(_: object) -> None:
    """Do nothing: the work of a worker that only has to be initialized."""
