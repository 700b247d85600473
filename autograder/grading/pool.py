"""A few processes that each work on one item at a time, within a limit; one that dies costs only the item it had."""

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

    def results(self) -> Iterator[tuple[Any, Any]]:
        """Yield (item, result) as they finish, until no item is left; items may be added meanwhile.

        A result is an exception where the function raised one, ``OverLimit`` where an item went beyond its limit, and
        ``Died`` where the process ended.
        """
        while self._waiting or self._busy:
            while self._waiting and self._idle:
                self._begin(self._idle.pop(), self._waiting.popleft())
            for worker, item in self._finished():
                del self._busy[worker.connection]
                result = worker.result()
                self._idle.append(worker if worker.alive else Worker(self._step))
                yield item, result

    def ready(self) -> bool:
        """Return whether another result has arrived already."""
        return bool(self._busy) and bool(wait(list(self._busy), 0))

    def _begin(self, worker: Worker, item: Any) -> None:
        try:
            worker.begin(item, self._limit)
        except OSError:  # it ended while it had nothing to do, as when a machine runs out of memory
            worker.close()
            worker = Worker(self._step)
            worker.begin(item, self._limit)
        self._busy[worker.connection] = worker, item

    def _finished(self) -> list[tuple[Worker, Any]]:
        """Wait until a worker has a result or is past its deadline, and return all such workers."""
        ready = wait(list(self._busy), min(worker.seconds_left for worker, _ in self._busy.values()))
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
