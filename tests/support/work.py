"""Work for workers: functions that other processes find by name, and ways to see what became of these processes."""

import os
import signal
import time
from pathlib import Path


def exit_at_once():
    """A preparation that ends its worker."""
    os._exit(3)


def noted(request):
    """Leave a mark before taking a while."""
    journal, name = request
    with journal.open("a") as file:
        file.write(name)
    time.sleep(0.2)
    return name


def node(_):
    import ray

    time.sleep(0.1)
    return ray.get_runtime_context().get_node_id()


def signalled(seconds):
    """What a terminal does at Ctrl-C, and Slurm at a job's end, to a worker among others."""
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(os.getpid(), number)
    time.sleep(seconds)
    return "alive"


def visible_gpus(_):
    """The GPUs that Ray lets a piece of work see."""
    return os.environ.get("CUDA_VISIBLE_DEVICES")


def stay(place):
    """Say who this is, and go on for long."""
    place.with_suffix(".draft").write_text(str(os.getpid()))
    place.with_suffix(".draft").rename(place)
    time.sleep(60)


def until(met, seconds=900.0):
    """Wait for a condition, which a machine with much else to do may take minutes to meet."""
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end
        time.sleep(0.05)


def joined(cluster, slots):
    """A cluster that has noticed so many CPUs."""

    def met():
        cluster.collect(0)
        return cluster.slots == slots

    until(met)


def running(pid):
    try:
        return "zombie" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def processes():
    return {int(place.name) for place in Path("/proc").iterdir() if place.name.isdecimal() and running(place.name)}


def session_of(pid):
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return 0
