"""A few processes that each work on one item at a time; one that dies costs only the item that it had."""

import contextlib
import multiprocessing
import signal
from collections import deque
from multiprocessing.connection import wait


class Died(Exception):
    """A worker ended in the middle of an item."""


def work(items, step, jobs):
    """Apply a function to items in child processes and yield (item, result) in the order in which they finish.

    Args:
        items: a list; each is given to one worker.
        step: function from an item to a result that can be pickled. It runs in a fork of this process.
        jobs: number of processes.

    The result is an exception where the function raised one, or ``Died`` where its process ended.
    """
    context = multiprocessing.get_context("fork")
    waiting = deque(enumerate(items))
    busy = {}
    idle = [_Worker(context, step, items) for _ in range(min(jobs, len(items)))]
    try:
        while waiting or busy:
            while waiting and idle:
                index, item = waiting.popleft()
                worker = idle.pop()
                worker.connection.send(index)
                busy[worker.connection] = worker, item
            for connection in wait(list(busy)):
                worker, item = busy.pop(connection)
                try:
                    result = connection.recv()
                except (EOFError, OSError):
                    worker.close()
                    worker, result = _Worker(context, step, items), Died(f"exit code {worker.process.exitcode}")
                idle.append(worker)
                yield item, result
    finally:
        for worker in [*idle, *(each for each, _ in busy.values())]:
            worker.close()


class _Worker:
    def __init__(self, context, step, items):
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, self.connection, step, items), daemon=True)
        self.process.start()
        theirs.close()

    def close(self):
        self.connection.close()
        self.process.terminate()
        self.process.join()


def _serve(connection, other, step, items):
    """Work on the items whose numbers come in, until the other side hangs up."""
    other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers itself
    with contextlib.suppress(EOFError, OSError):
        while True:
            index = connection.recv()
            try:
                result = step(items[index])
            except Exception as error:
                result = error
            connection.send(result)
