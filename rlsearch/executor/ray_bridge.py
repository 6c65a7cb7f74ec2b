"""The bridge, a process that speaks to Ray, as Ray ends its driver when the cluster dies, and writes to its terminal."""

import os
import signal
import threading
from multiprocessing.connection import Connection
from queue import SimpleQueue
from secrets import token_hex
from typing import Any, NamedTuple

from rlsearch.errors import RlsearchError, RunError
from rlsearch.executor.ray_messages import ERROR, LOST
from rlsearch.executor.ray_node import Setup
from rlsearch.executor.ray_scheduler import Inbox, Scheduler
from rlsearch.registry.pack import one_line

HEAD_TIMEOUT_S = 10  # without an answer from the head, after which Ray gives up
SHUTDOWN_TIMEOUT_S = 5
ENVIRONMENT = {
    "RAY_gcs_rpc_server_reconnect_timeout_s": str(HEAD_TIMEOUT_S),
    "RAY_gcs_server_request_timeout_seconds": str(HEAD_TIMEOUT_S),
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",  # it would install another environment on every node
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_NUM_REDIS_GET_RETRIES": "5",  # a second each, for a head that will not have us
}


class ClusterConfig(NamedTuple):
    """The address of a cluster, or None to start one here with so many CPUs, in a folder of its own."""

    address: str | None
    cpus: int
    folder: str


def serve(pipe: Connection, cluster: ClusterConfig, setup: Setup, mixed: bool) -> None:
    """Run the bridge process until the search ends or the cluster is lost."""
    os.setsid()  # Ctrl-C and TERM, which are sent to whole groups, are the search's to obey
    signal.pthread_sigmask(signal.SIG_SETMASK, ())  # as whoever started us has seen to that so far
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123  (a device)
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    os.environ.update(ENVIRONMENT)
    if cluster.address is None:  # closed to others, without the token that Ray would leave in the user's home
        os.environ.update({"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": token_hex(32)})
    inbox: Inbox = SimpleQueue()
    threading.Thread(target=_read_pipe, args=(pipe, inbox), daemon=True).start()
    try:
        _connect(cluster)
        Scheduler(pipe, inbox, setup, mixed).run()
    except RlsearchError as error:
        pipe.send((ERROR, error))
    except Exception as error:  # of Ray, which the cluster's end shows in many ways
        pipe.send((LOST, one_line(error)))


def _read_pipe(pipe: Connection, inbox: Inbox) -> None:
    """Read the pipe always, so that whoever writes to it never waits for us; at its end the search has ended."""
    try:
        while True:
            inbox.put(pipe.recv())
    except (EOFError, OSError):
        import ray

        threading.Timer(SHUTDOWN_TIMEOUT_S, os._exit, (1,)).start()
        ray.shutdown()  # a cluster of ours ends with all its processes
        os._exit(0)


def _connect(cluster: ClusterConfig) -> None:
    import ray

    given: dict[str, Any] = {"address": cluster.address}
    if cluster.address is None:
        given = {"address": "local", "num_cpus": cluster.cpus, "include_dashboard": False, "_temp_dir": cluster.folder}
    try:
        ray.init(**given, log_to_driver=False, configure_logging=False)
    except Exception as error:  # of many kinds
        raise RunError(
            f"Ray cannot start here: {one_line(error)}; leave out --executor ray"
            if cluster.address is None
            else f"no Ray cluster lets us in at --address {cluster.address}: {one_line(error).rstrip('.')}; type "
            "`ray start --head` here, or join this machine to the cluster, and if it wants a token, set RAY_AUTH_MODE=token"
        ) from None
