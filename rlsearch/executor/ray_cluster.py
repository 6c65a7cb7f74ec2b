"""Trials on the machines of a Ray cluster; see `Executor`. All that speaks to Ray is a process of its own, the bridge."""

import pickle
import socket
from collections.abc import Callable, Hashable
from importlib.util import find_spec
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any, Self

from rlsearch.errors import RunError, RunFailed
from rlsearch.executor import ray_bridge as bridge
from rlsearch.executor.local_pool import deaf
from rlsearch.executor.protocol import Preparation, Work
from rlsearch.executor.ray_node import Setup, facts, shared
from rlsearch.executor.worker import begin, given_packs

ANSWERS = 5  # seconds within which a head is reached
STARTS = 60  # seconds within which Ray lets us in, or starts


def check(address: str | None) -> None:
    """Refuse at once what can only fail later.

    Raises:
        RunError: Ray is not installed, the address is none, or nobody answers there.
    """
    if find_spec("ray") is None:
        raise RunError("--executor ray needs Ray; type: pip install 'rlsearch[ray]'")
    if address is None or address == "auto":
        return
    host, colon, port = address.rpartition(":")
    if not (colon and host and port.isdecimal() and int(port) < 2**16) or "/" in address:
        raise RunError(f"--address is '{address}'; allowed: HOST:PORT of a head, or auto for the cluster of this machine")
    try:
        socket.create_connection((host.strip("[]"), int(port)), ANSWERS).close()
    except OSError as error:
        raise RunError(
            f"nobody answers at --address {address} ({error}); type the address that `ray start --head` showed"
        ) from None


class Cluster:
    """The CPUs of a Ray cluster."""

    def __init__(
        self,
        address: str | None = None,
        cpus: int = 1,
        *,
        mixed: bool = False,
        prepare: Preparation = begin,
        announce: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Name a cluster.

        Args:
            address: HOST:PORT of its head, `auto` for the one that this machine is part of, or None to start one here.
            cpus: of the one that is started here.
            mixed: machines may have different CPU models.
            prepare: what a worker process does before its first work; a picklable function.
            announce: told what takes a while.
        """
        self.slots = 0
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
        check(self._address)
        if self._address is None:
            self._folder = TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True)
        where = bridge.Where(self._address, self._cpus, self._folder.name if self._folder else "")
        setup = Setup(shared(facts()), pickle.dumps(self._prepare), given_packs())
        self._pipe, self._bridge = _started(where, setup, self._mixed)
        try:
            end = monotonic() + STARTS
            while not self._connected:
                self._listen(end - monotonic())
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
            self._bridge.join(bridge.ENDS)  # it ends the cluster that it started; any other ends the work of a dead driver
        self._bridge.kill()
        self._bridge.join()
        if self._folder:
            self._folder.cleanup()

    def warm(self) -> None:
        """Wait until every machine has been looked at and is ready."""
        self._send((bridge.PREPARE,))
        while not self._ready:
            self._listen(None)
            if self._failure:
                raise self._failure

    def submit(self, work: Work) -> None:
        """Queue work."""
        self._held[work.ticket] = work
        self._send((bridge.WORK, work.rank, work.ticket, pickle.dumps((work.function, work.request))))

    def collect(self, timeout: float | None = None) -> list[tuple[Hashable, Any]]:
        """What is done; what was done before a failure comes first."""
        end = None if timeout is None else monotonic() + timeout
        self._listen(0.0)
        while self._held and not self._done and not self._failure:
            left = None if end is None else max(0.0, end - monotonic())
            self._listen(left)
            if left == 0.0:
                break
        if self._failure and not self._done:
            raise self._failure
        done, self._done = self._done, []
        return done

    def cancel(self) -> None:
        """Give up what has not been handed to Ray."""
        self._send((bridge.CANCEL,))

    def under_way(self) -> int:
        """Pieces of work neither collected nor given up."""
        return len(self._held) + len(self._done)

    def _place(self) -> str:
        return self._address or "this machine"

    def _send(self, message: tuple[Any, ...]) -> None:
        try:
            self._pipe.send(message)
        except OSError:
            self._lost("")

    def _listen(self, timeout: float | None) -> None:
        """Take in what the bridge says."""
        try:
            if self._pipe.poll(timeout):
                self._hear(*self._pipe.recv())
            while not self._failure and self._pipe.poll():
                self._hear(*self._pipe.recv())
        except (EOFError, OSError):
            self._lost("")

    def _hear(self, what: int, *rest: Any) -> None:
        if what == bridge.ANSWER:
            ticket, failed, packed = rest
            value = pickle.loads(packed)
            del self._held[ticket]
            if failed:
                self._failure = value
            else:
                self._done.append((ticket, value))
        elif what == bridge.GIVEN_UP:
            for ticket in rest[0]:
                del self._held[ticket]
        elif what == bridge.SLOTS:
            (self.slots,) = rest
        elif what == bridge.SAY:
            self._announce(*rest)
        elif what == bridge.CONNECTED:
            self._connected = True
        elif what == bridge.READY:
            self._ready = True
        elif what == bridge.KILLED:
            ticket, deaths = rest
            request = self._held[ticket].request
            self._failure = RunFailed(
                f"a worker died {deaths} times on the same trial; the journal is intact. Trial: {request}"
            )
        elif what == bridge.ERROR:
            (self._failure,) = rest
        elif what == bridge.LOST:
            self._lost(f" ({rest[0]})")

    def _lost(self, why: str) -> None:
        """Raised only where something is waited for."""
        self._failure = self._failure or RunFailed(
            f"the Ray cluster at {self._place()} is gone{why}; the journal is intact: "
            "start another one and type `rlsearch resume RUN --executor ray --address HEAD:PORT`"
        )


def _started(where: bridge.Where, setup: Setup, mixed: bool) -> tuple[Connection, BaseProcess]:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=bridge.serve, args=(theirs, where, setup, mixed), daemon=True)
    with deaf():
        process.start()
    theirs.close()
    return ours, process
