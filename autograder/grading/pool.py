"""A few processes that each work on one item at a time; one that dies costs only the item that it had."""

import contextlib
import multiprocessing
import pickle
import signal
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from typing import Any, Self


class Died(Exception):
    """A worker ended in the middle of an item."""


class Pool:
    """Applies a function to items in child processes.

    Args:
        step: function from an item to a result; both can be pickled. It runs in a fork of this process.
        jobs: number of processes.
    """

    def __init__(self, step: Callable[[Any], Any], jobs: int):
        self._step = step
        self._waiting: deque[Any] = deque()
        self._busy: dict[Any, tuple[_Worker, Any]] = {}
        self._idle = [_Worker(step) for _ in range(jobs)]

    def add(self, item: Any, soon: bool = False) -> None:
        """Put an item at the end of the queue, or at its head."""
        if soon:
            self._waiting.appendleft(item)
        else:
            self._waiting.append(item)

    def results(self) -> Iterator[tuple[Any, Any]]:
        """Yield (item, result) as they finish, until no item is left; items may be added meanwhile.

        A result is an exception where the function raised one, and ``Died`` where its process ended.
        """
        while self._waiting or self._busy:
            while self._waiting and self._idle:
                worker, item = self._idle.pop(), self._waiting.popleft()
                try:
                    worker.connection.send(item)
                except OSError:  # it ended while it had nothing to do, as when a machine runs out of memory
                    worker.close()
                    worker = _Worker(self._step)
                    worker.connection.send(item)
                self._busy[worker.connection] = worker, item
            connections: list[Any] = wait(list(self._busy))
            for connection in connections:
                worker, item = self._busy.pop(connection)
                try:
                    result = connection.recv()
                except (EOFError, OSError):
                    worker.close()
                    result = Died(f"the grading process ended with exit code {worker.process.exitcode}")
                    worker = _Worker(self._step)
                self._idle.append(worker)
                yield item, result

    def ready(self) -> bool:
        """Return whether another result has arrived already."""
        return bool(self._busy) and bool(wait(list(self._busy), 0))

    def close(self) -> None:
        """End all processes."""
        for worker in [*self._idle, *(worker for worker, _ in self._busy.values())]:
            worker.close()
        self._idle, self._busy = [], {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


class _Worker:
    def __init__(self, step: Callable[[Any], Any]):
        context = multiprocessing.get_context("fork")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, self.connection, step), daemon=True)
        with warnings.catch_warnings():  # a progress bar's thread may run; a worker never touches what it holds
            warnings.simplefilter("ignore", DeprecationWarning)
            self.process.start()
        theirs.close()

    def close(self) -> None:
        self.connection.close()
        self.process.terminate()
        self.process.join()


def _serve(connection: Connection, parents_end: Connection, step: Callable[[Any], Any]) -> None:
    """Work on what comes in, until the other side hangs up."""
    parents_end.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers itself
    with contextlib.suppress(EOFError, OSError):
        while True:
            item = connection.recv()
            try:
                result = step(item)
            except Exception as error:
                result = error
            try:
                connection.send(result)
            except (TypeError, AttributeError, pickle.PicklingError):
                connection.send(RuntimeError(repr(result)[:500]))
