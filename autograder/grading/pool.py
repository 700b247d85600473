"""A few processes that each work on one item at a time, within a limit; one that dies costs only the item it had."""

import math
from collections import deque
from collections.abc import Callable, Iterator
from multiprocessing.connection import wait
from typing import Any, Self

from autograder.limited import Limit, Worker


class Pool:
    """Applies a function to items in child processes.

    Args:
        step: function from an item to a result; both can be pickled. It runs in a fork of this process.
        jobs: number of processes.
        limit: what one item may use.
    """

    def __init__(self, step: Callable[[Any], Any], jobs: int, limit: Limit):
        self._step, self._limit = step, limit
        self._waiting: deque[Any] = deque()
        self._busy: dict[Any, tuple[Worker, Any]] = {}
        self._idle = [Worker(step) for _ in range(jobs)]

    def add(self, item: Any, soon: bool = False) -> None:
        """Put an item at the end of the queue, or at its head."""
        if soon:
            self._waiting.appendleft(item)
        else:
            self._waiting.append(item)

    @property
    def waiting(self) -> int:
        """The number of items that no process has begun."""
        return len(self._waiting)

    @property
    def unfinished(self) -> bool:
        """Whether an item waits or is worked at."""
        return bool(self._waiting or self._busy)

    @property
    def idle(self) -> bool:
        """Whether a process has nothing to do."""
        return bool(self._idle)

    def results(self) -> Iterator[tuple[Any, Any]]:
        """Yield (item, result) as they finish, until no item is left; items may be added meanwhile."""
        while self.unfinished:
            yield from self.take()

    def take(self, patience: float = math.inf) -> list[tuple[Any, Any]]:
        """Return (item, result) of what has finished, once there is any; its processes have begun what waits by then.

        A result is an exception where the function raised one, ``OverLimit`` where an item went beyond its limit, and
        ``Died`` where the process ended.

        Args:
            patience: seconds after which nothing is returned where nothing finishes.
        """
        self._begin_what_waits()
        results = []
        for worker, item in self._finished(patience):
            del self._busy[worker.connection]
            results.append((item, worker.result()))
            self._idle.append(worker if worker.alive else Worker(self._step))
        self._begin_what_waits()
        return results

    def _begin_what_waits(self) -> None:
        while self._waiting and self._idle:
            self._begin(self._idle.pop(), self._waiting.popleft())

    def _begin(self, worker: Worker, item: Any) -> None:
        try:
            worker.begin(item, self._limit)
        except OSError:  # it ended while it had nothing to do, as when a machine runs out of memory
            worker.close()
            worker = Worker(self._step)
            worker.begin(item, self._limit)
        self._busy[worker.connection] = worker, item

    def _finished(self, patience: float) -> list[tuple[Worker, Any]]:
        """Wait until a worker has a result or is past its deadline, and return all such workers."""
        if not self._busy:
            return []
        ready = wait(list(self._busy), min(patience, *(worker.seconds_left for worker, _ in self._busy.values())))
        return [
            (worker, item)
            for connection, (worker, item) in self._busy.items()
            if connection in ready or not worker.seconds_left
        ]

    def close(self) -> None:
        """End all processes."""
        for worker in [*self._idle, *(worker for worker, _ in self._busy.values())]:
            worker.close()
        self._idle, self._busy = [], {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
