"""An executor on the machines of a Ray cluster. It speaks to Ray through a process of its own, the bridge."""

import math
import pickle
from collections.abc import Callable, Hashable
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any, Self

from rlsearch.errors import RunError, RunFailed
from rlsearch.executor import ray_messages as message
from rlsearch.executor.protocol import Prepare, Resource, TimedOut, Work, refuse_unoffered
from rlsearch.executor.ray_address import check_address
from rlsearch.executor.ray_bridge import SHUTDOWN_TIMEOUT_S, ClusterConfig, serve
from rlsearch.executor.ray_node import Setup, machine_facts, required_facts
from rlsearch.executor.start import start_process
from rlsearch.executor.worker import pack_sources

START_TIMEOUT_S = 60  # for Ray to let us in, or to start


class RayCluster:
    """The CPUs and GPUs of a Ray cluster; see `Executor`."""

    def __init__(
        self,
        address: str | None = None,
        cpus: int = 1,
        *,
        prepare: Prepare,
        mixed: bool = False,
        announce: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Name a cluster.

        Args:
            address: HOST:PORT of its head, `auto` for the one that this machine is part of, or None to start one here.
            cpus: of the one that is started here.
            prepare: run by a worker process before its first work; a picklable function.
            mixed: machines may have different CPU models.
            announce: told what takes a while.
        """
        self.slots, self.offers, self.isolated = 0, frozenset({Resource.CORE}), True
        self._address, self._cpus, self._mixed = address, cpus, mixed
        self._prepare, self._announce = prepare, announce
        self._held: dict[Hashable, Work] = {}  # neither done nor given up
        self._done: list[tuple[Hashable, Any]] = []
        self._failure: Exception | None = None
        self._folder: TemporaryDirectory[str] | None = None
        self._connected = self._ready = False

    def __enter__(self) -> Self:
        """Start, and wait until Ray has let us in.

        Raises:
            RunError: it does not.
        """
        check_address(self._address)
        if self._address is None:
            self._folder = TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True)
        cluster = ClusterConfig(self._address, self._cpus, self._folder.name if self._folder else "")
        setup = Setup(required_facts(machine_facts()), pack_sources(), pickle.dumps(self._prepare))
        self._pipe, self._bridge = start_process(serve, cluster, setup, self._mixed)
        try:
            end = monotonic() + START_TIMEOUT_S
            while not self._connected:
                self._poll(end - monotonic())
                if self._failure:
                    raise self._failure
                if monotonic() > end:
                    raise RunError(f"Ray does not answer at {self._place()}; is it a Ray head of the same version of Ray?")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.close()
        if self._address is None:
            self._bridge.join(SHUTDOWN_TIMEOUT_S)  # it ends the cluster that it started; any other ends a dead driver's work
        self._bridge.kill()
        self._bridge.join()
        if self._folder:
            self._folder.cleanup()

    def wait_until_ready(self) -> None:
        """Wait until every machine has been looked at and is ready."""
        self._send((message.PREPARE,))
        while not self._ready:
            self._poll(None)
            if self._failure:
                raise self._failure

    def submit(self, work: Work) -> None:
        """Queue work."""
        remedy = "type `ray start --num-gpus N ...` on a machine that has one, to join it to the cluster"
        refuse_unoffered(work, self.offers, f"the Ray cluster at {self._place()}", remedy)
        self._held[work.key] = work
        packed = pickle.dumps((work.function, work.request))
        self._send((message.WORK, work.priority, work.key, work.needs, work.limit_s, packed))

    def collect(self, timeout: float | None = None) -> list[tuple[Hashable, Any]]:
        """The keys and values of work that is done; what was done before a failure comes first."""
        end = None if timeout is None else monotonic() + timeout
        self._poll(0.0)
        while self._held and not self._done and not self._failure:
            left = None if end is None else max(0.0, end - monotonic())
            self._poll(left)
            if left == 0.0:
                break
        if self._failure and not self._done:
            raise self._failure
        done, self._done = self._done, []
        return done

    def cancel(self, grace_s: float = math.inf, /) -> None:
        """Give up what has not been handed to Ray, and after a grace what has."""
        self._send((message.CANCEL, grace_s))

    def pending(self) -> int:
        """The number of pieces of work neither collected nor given up."""
        return len(self._held) + len(self._done)

    def _place(self) -> str:
        return self._address or "this machine"

    def _send(self, parts: tuple[Any, ...]) -> None:
        try:
            self._pipe.send(parts)
        except OSError:
            self._lose("")

    def _poll(self, timeout: float | None) -> None:
        """Read the bridge's messages."""
        try:
            if self._pipe.poll(timeout):
                self._on_message(*self._pipe.recv())
            while not self._failure and self._pipe.poll():
                self._on_message(*self._pipe.recv())
        except (EOFError, OSError):
            self._lose("")

    def _on_message(self, kind: int, *rest: Any) -> None:
        if kind == message.ANSWER:
            key, failed, packed = rest
            value = pickle.loads(packed)
            del self._held[key]
            if failed:
                self._failure = value
            else:
                self._done.append((key, value))
        elif kind == message.TIMED_OUT:
            (key,) = rest
            self._done.append((key, TimedOut(self._held.pop(key).limit_s)))
        elif kind == message.GIVEN_UP:
            for key in rest[0]:
                del self._held[key]
        elif kind == message.SLOTS:
            self.slots = rest[0][Resource.CORE]
            # Also what a lost machine offered: one that has it may join again, and is waited for.
            self.offers |= {needs for needs, slots in rest[0].items() if slots}
        elif kind == message.SAY:
            self._announce(*rest)
        elif kind == message.CONNECTED:
            self._connected = True
        elif kind == message.READY:
            self._ready = True
        elif kind == message.KILLED:
            key, deaths = rest
            request = self._held[key].request
            self._failure = RunFailed(
                f"a worker died {deaths} times on the same trial; the journal is intact. Trial: {request}"
            )
        elif kind == message.ERROR:
            (self._failure,) = rest
        elif kind == message.LOST:
            self._lose(f" ({rest[0]})")

    def _lose(self, why: str) -> None:
        """Note that the cluster is gone; raised only where something is waited for."""
        self._failure = self._failure or RunFailed(
            f"the Ray cluster at {self._place()} is gone{why}; the journal is intact: "
            "start another one and type `rlsearch resume RUN --executor ray --address HEAD:PORT`"
        )
