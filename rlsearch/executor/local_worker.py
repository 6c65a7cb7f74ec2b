"""A worker process of this machine: it does the work that its driver sends, in order."""

import contextlib
import os
import threading
from collections import deque
from multiprocessing import parent_process
from multiprocessing.connection import Connection

from rlsearch.executor.protocol import Prepare, Work
from rlsearch.executor.worker import PackSources, init_worker, portable

READY, UNPREPARED, DONE, FAILED, GIVEN_UP = "ready", "unprepared", "done", "failed", "given up"


def serve(connection: Connection, sources: PackSources, prepare: Prepare) -> None:
    """Do what is sent until the driver ends; None means to give up what has not begun."""
    end_with_driver()
    todo: deque[Work] = deque()
    with contextlib.suppress(EOFError, BrokenPipeError):  # the driver has ended
        try:
            init_worker(sources, prepare)
        except Exception as error:  # the driver's to understand
            connection.send((UNPREPARED, None, portable(error)))
            return
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
                answer = (FAILED, work.key, portable(error))
            connection.send(answer)


def end_with_driver() -> None:
    """End this process when its driver does: in the middle of work it would not notice that the driver was killed."""
    threading.Thread(target=_wait_for_driver, daemon=True).start()


def _wait_for_driver() -> None:
    driver = parent_process()
    assert driver is not None
    driver.join()
    os._exit(1)
