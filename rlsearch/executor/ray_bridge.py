"""The process that speaks to Ray. Ray ends its driver when the cluster dies, and writes to its terminal: this one may be lost.

It holds what waits, hands a little more to Ray than runs at once, counts deaths, and keeps nothing that the search needs.
"""

import contextlib
import os
import pickle
import signal
import threading
from collections.abc import Hashable
from concurrent.futures import Future
from heapq import heappop, heappush
from itertools import count
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from secrets import token_hex
from time import monotonic, sleep
from typing import Any, NamedTuple

from rlsearch.errors import RlsearchError, RunError, RunFailed
from rlsearch.executor.protocol import RETRIES
from rlsearch.executor.ray_node import CPU, FAILED, REFUSED, Facts, Setup, models, survey, unlike, work
from rlsearch.registry.pack import one_line

# What the bridge says.
CONNECTED, READY, SAY, SLOTS, ANSWER, KILLED, GIVEN_UP, ERROR, LOST = range(9)
# What it is told.
PREPARE, WORK, CANCEL = range(3)
_RETURNED = -1  # told by Ray

GONE = 10  # seconds without an answer from the head, after which Ray gives up
ENDS = 5  # seconds for Ray to end
OFTEN = 1.0  # seconds between looks at the cluster
ENVIRONMENT = {
    "RAY_gcs_rpc_server_reconnect_timeout_s": str(GONE),
    "RAY_gcs_server_request_timeout_seconds": str(GONE),
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",  # it would install another environment on every node
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_NUM_REDIS_GET_RETRIES": "5",  # a second each, for a head that will not have us
}


class Where(NamedTuple):
    """Which cluster: the address of one, or none to start our own with so many CPUs in a folder of its own."""

    address: str | None
    cpus: int
    folder: str


class _Piece(NamedTuple):
    """Work as it waits."""

    rank: int
    serial: int
    ticket: Hashable
    packed: bytes


def serve(pipe: Connection, where: Where, setup: Setup, mixed: bool) -> None:
    """The life of the bridge."""
    os.setsid()  # Ctrl-C and TERM, which are sent to whole groups, are the search's to obey
    signal.pthread_sigmask(signal.SIG_SETMASK, ())  # as whoever started us has seen to that so far
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123  (a device)
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    os.environ.update(ENVIRONMENT)
    if where.address is None:  # closed to others, without the token that Ray would leave in the user's home
        os.environ.update({"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": token_hex(32)})
    inbox: SimpleQueue[tuple[Any, ...]] = SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, inbox), daemon=True).start()
    try:
        _connect(where)
        _Bridge(pipe, inbox, setup, mixed).run()
    except RlsearchError as error:
        pipe.send((ERROR, error))
    except Exception as error:  # of Ray, which the cluster's end shows in many ways
        pipe.send((LOST, one_line(error)))


def _listen(pipe: Connection, inbox: "SimpleQueue[tuple[Any, ...]]") -> None:
    """The pipe is always read, so that whoever writes to it never waits for us; at its end the search has ended."""
    try:
        while True:
            inbox.put(pipe.recv())
    except (EOFError, OSError):
        import ray

        threading.Timer(ENDS, os._exit, (1,)).start()
        ray.shutdown()  # a cluster of ours ends with all its processes
        os._exit(0)


def _connect(where: Where) -> None:
    import ray

    given: dict[str, Any] = {"address": where.address}
    if where.address is None:
        given = {"address": "local", "num_cpus": where.cpus, "include_dashboard": False, "_temp_dir": where.folder}
    try:
        ray.init(**given, log_to_driver=False, configure_logging=False)
    except Exception as error:  # of many kinds
        raise RunError(
            f"Ray cannot start here: {one_line(error)}; leave out --executor ray"
            if where.address is None
            else f"no Ray cluster lets us in at --address {where.address}: {one_line(error).rstrip('.')}; type "
            "`ray start --head` here, or join this machine to the cluster, and if it wants a token, set RAY_AUTH_MODE=token"
        ) from None


class _Bridge:
    def __init__(self, pipe: Connection, inbox: "SimpleQueue[tuple[Any, ...]]", setup: Setup, mixed: bool) -> None:
        import ray

        self._pipe, self._inbox, self._setup, self._mixed = pipe, inbox, setup, mixed
        # Ray's own strategy fills the driver's machine first, and was seen to leave another one idle for seconds.
        self._work = ray.remote(num_cpus=1, max_retries=0, scheduling_strategy="SPREAD")(work)
        self._survey = ray.remote(num_cpus=1, max_retries=0)(survey)
        self._waiting: list[_Piece] = []  # a heap
        self._running: dict[int, tuple[_Piece, Any]] = {}  # by serial number; what Ray was given, and its promise
        self._deaths: dict[int, int] = {}
        self._serial = count()
        self._names: dict[str, str] = {}  # of nodes that may work, by Ray's identity of them
        self._slots = -1

    def run(self) -> None:
        """Connect, then do as told, for ever."""
        self._look()
        self._pipe.send((CONNECTED,))
        looked = monotonic()
        while True:
            with contextlib.suppress(Empty):
                self._heed(*self._inbox.get(timeout=OFTEN))
            if monotonic() - looked >= OFTEN:
                self._look()
                looked = monotonic()
            self._feed()

    def _look(self) -> None:
        """Nodes come and go."""
        import ray

        alive = [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU", 0) >= 1]
        self._names = {node["NodeID"]: f"{node['NodeManagerHostname']} ({node['NodeManagerAddress']})" for node in alive}
        slots = sum(int(node["Resources"]["CPU"]) for node in alive)
        if slots != self._slots:
            self._slots = slots
            self._pipe.send((SLOTS, slots))
            if not slots:
                self._pipe.send((SAY, "no machine with a CPU is in the Ray cluster; waiting for one to join it ..."))

    def _heed(self, what: int, *rest: Any) -> None:
        if what == PREPARE:
            self._prepare()
            self._pipe.send((READY,))
        elif what == WORK:
            rank, ticket, packed = rest
            heappush(self._waiting, _Piece(rank, next(self._serial), ticket, packed))
        elif what == CANCEL:
            self._pipe.send((GIVEN_UP, [piece.ticket for piece in self._waiting]))
            self._waiting.clear()
        else:
            self._take_in(*rest)

    def _feed(self) -> None:
        """Ray is given twice what runs at once, so that no CPU waits; the rest waits here, where rank counts."""
        while self._waiting and len(self._running) < 2 * self._slots:
            piece = heappop(self._waiting)
            promise = self._work.remote(self._setup, piece.packed)
            self._running[piece.serial] = piece, promise
            promise.future().add_done_callback(lambda done, serial=piece.serial: self._inbox.put((_RETURNED, serial, done)))

    def _take_in(self, serial: int, done: "Future[tuple[str, Any]]") -> None:
        from ray.exceptions import RayError, RayTaskError

        piece, _ = self._running.pop(serial)
        try:
            kind, value = done.result()
        except RayTaskError as error:
            raise RunFailed(f"a node that joined the Ray cluster ({error.ip}) cannot run rlsearch: {_cause(error)}") from None
        except RayError:  # the worker, its node, or the value on it died
            self._deaths[serial] = deaths = self._deaths.get(serial, 0) + 1
            if deaths > RETRIES:
                self._pipe.send((KILLED, piece.ticket, deaths))
            else:
                heappush(self._waiting, piece)
            return
        self._deaths.pop(serial, None)
        if kind == REFUSED:
            raise RunFailed(
                f"a machine that joined the Ray cluster has {unlike(self._setup.wanted, value)}; take it out of the cluster, "
                "install the same there" + (", or type --mixed-cpus" if CPU in self._setup.wanted else "")
            )
        self._pipe.send((ANSWER, piece.ticket, kind == FAILED, value))

    def _prepare(self) -> None:
        """Refuse nodes that would give other numbers; let each of the others compile what it lacks.

        Raises:
            RunError: a node is not like this machine, or nodes are not like each other.
        """
        met: dict[str, Facts] = {}
        while not met:
            while not self._slots:
                sleep(OFTEN)
                self._look()
            on = "1 machine" if len(self._names) == 1 else f"{len(self._names)} machines"
            self._pipe.send((SAY, f"preparing {on} of the Ray cluster (numba kernels compile once on each, about 30 s) ..."))
            met = self._on_each(self._survey)
        for node, found in met.items():
            if difference := unlike(self._setup.wanted, found):
                raise RunError(f"node {self._names[node]} has {difference}; install there what is on this machine")
        if not self._mixed:
            model, *others = by_model = models((self._names[node], found) for node, found in met.items())
            if others:
                listed = "; ".join(f"'{model}': {', '.join(names)}" for model, names in by_model.items())
                raise RunError(
                    f"the nodes have different CPU models, whose results may differ in the last bits ({listed}); "
                    "take some out of the cluster, or type --mixed-cpus"
                )
            self._setup = self._setup._replace(wanted={**self._setup.wanted, CPU: model})
        for node, (kind, value) in self._on_each(self._work, self._setup, pickle.dumps((_nothing, None))).items():
            if kind == FAILED:
                raise RunError(f"node {self._names[node]} cannot begin: {one_line(pickle.loads(value))}")

    def _on_each(self, function: Any, *given: Any) -> dict[str, Any]:
        """Values of a function on every node; a node that dies of it, or meanwhile, has none.

        Raises:
            RunError: it fails on one of them.
        """
        import ray
        from ray.exceptions import RayError, RayTaskError
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        asked = {
            node: function.options(scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=False)).remote(*given)
            for node in self._names
        }
        found: dict[str, Any] = {}
        for node, promise in asked.items():
            try:
                found[node] = ray.get(promise)
            except RayTaskError as error:
                raise RunError(f"node {self._names[node]} cannot run rlsearch: {_cause(error)}; install it there") from None
            except RayError:
                continue
        return found


def _cause(error: Any) -> str:
    """The last line of what Ray has to say."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return str(lines[-1][:200])


def _nothing(_: object) -> None:
    """A worker that has done this has begun."""
