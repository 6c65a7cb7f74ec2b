"""A Ray cluster on this machine: each node is a set of processes of its own, ended by its number and nothing else."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

# A head that takes seconds, not a minute, to believe that a node is dead.
WATCHFUL = {
    "RAY_health_check_period_ms": "500",
    "RAY_health_check_timeout_ms": "1000",
    "RAY_health_check_failure_threshold": "3",
}
ROOT = Path(__file__).parents[2]
SIGN_OF_LIFE_S = 10.0  # between lines while something is waited for
TELL: list[Callable[[str], None]] = [print]  # the last one is told; pytest would keep to itself what is printed
FATE = '"$@" & read _; kill -KILL 0'  # a node ends with the tests, however they end: then there is nothing to read


class Node:
    """`ray start --block` and all that it starts."""

    def __init__(self, address: str | None, cpus: int, gpus: int = 0, path: str = "", **variables: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ray-"))  # sockets want short paths
        found = os.pathsep.join(filter(None, [path, str(ROOT)]))
        role = ["--head", "--port=0", "--include-dashboard=false"] if address is None else [f"--address={address}"]
        words = [f"--num-cpus={cpus}", f"--num-gpus={gpus}", f"--temp-dir={self.folder}"]
        words += ["--object-store-memory=80000000", "--disable-usage-stats"]
        with (self.folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                ["sh", "-c", FATE, "sh", sys.executable, "-m", "ray.scripts.scripts", "start", *role, *words, "--block"],
                env=os.environ | WATCHFUL | {"PYTHONPATH": found} | variables,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.address = address or self._own_address()

    def _own_address(self) -> str:
        """The address of this head, as soon as it is up: seconds, or on a machine with much else to do minutes."""
        place, begun = self.folder / "ray_current_cluster", time.monotonic()
        told = begun
        while not place.exists() or not place.read_text():
            assert self.process.poll() is None, (self.folder / "log").read_text()
            if time.monotonic() - told >= SIGN_OF_LIFE_S:
                told = time.monotonic()
                TELL[-1](f"waiting for the head of a Ray cluster for {told - begun:.0f} s ...")
            time.sleep(0.05)
        return place.read_text().strip()

    def server(self) -> int:
        """Process number of the head's own server."""
        (starter,) = _children(self.process.pid)
        (found,) = [pid for pid in _children(starter) if "gcs_server" in Path(f"/proc/{pid}/cmdline").read_text()]
        return found

    def kill(self) -> None:
        """As if its plug were pulled."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.communicate()

    def end(self) -> None:
        """Leave nothing."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class Machines:
    """A head and more nodes; a context manager."""

    def __init__(self, head_cpus: int = 1) -> None:
        self.head = Node(None, head_cpus)
        self.nodes = [self.head]
        self.address = self.head.address

    def join(self, cpus: int = 1, gpus: int = 0, path: str = "", **variables: str) -> Node:
        """One more node. Ray believes in the GPUs that it is told of."""
        self.nodes.append(Node(self.address, cpus, gpus, path, **variables))
        return self.nodes[-1]

    def __enter__(self) -> "Machines":
        return self

    def __exit__(self, *_: object) -> None:
        for node in reversed(self.nodes):
            node.end()
