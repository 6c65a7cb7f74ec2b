"""A worker process of this machine: it does the work that its driver sends, in order."""

import contextlib
import os
import threading
from collections import deque
from multiprocessing import parent_process
from multiprocessing.connection import Connection

from rlsearch.executor.protocol import Prepare, Work
from rlsearch.executor.worker import PackSources, init_worker

READY, DONE, FAILED, GIVEN_UP = "ready", "done", "failed", "given up"


def serve(connection: Connection, sources: PackSources, prepare: Prepare) -> None:
    """Do what is sent until the driver ends; None means to give up what has not begun."""
    threading.Thread(target=_end_with_driver, daemon=True).start()
    init_worker(sources, prepare)
    todo: deque[Work] = deque()
    with contextlib.suppress(EOFError, BrokenPipeError):  # the driver has ended
        connection.send((READY, None, None))
        while True:
            while not todo or connection.poll():
                message = connection.recv()
                if message is not None:
                    todo.append(message)
                    continue
                for work in todo:
                    connection.send((GIVEN_UP, work.key, None))
                todo.clear()
            work = todo.popleft()
            try:
                answer = (DONE, work.key, work.function(work.request))
            except Exception as error:  # the caller's to understand
                answer = (FAILED, work.key, error)
            connection.send(answer)


def _end_with_driver() -> None:
    """End this process when its driver does: in the middle of work it would not notice that the driver was killed."""
    driver = parent_process()
    assert driver is not None
    driver.join()
    os._exit(1)
