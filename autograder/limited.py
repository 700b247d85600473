"""Untrusted bytes are only touched behind a limit: of memory, of processor time, and of time in all.

``Worker`` is a child process whose work is limited, and ``call`` applies one function in such a child. ``within`` sets
a narrower limit inside a child, for a step that has something else to offer when it is not done in time. What goes
beyond a limit is interrupted and raises ``OverLimit``; what cannot be interrupted ends with its process.
"""

import contextlib
import multiprocessing
import pickle
import resource
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from autograder.limits import GRACE, MEGABYTE
from course_utils.processor_time import can_interrupt, interrupted_after

Result = TypeVar("Result")
AGAIN = 0.05  # seconds of processor time after which an interrupt that was swallowed comes again


class OverLimit(Exception):
    """A step went beyond what it may use; the text says what that was."""


class Died(Exception):
    """A child process ended in the middle of its work."""


class _TimeUp(BaseException):
    """The interrupt of what has used up its processor time; no library takes it for an error of its own."""


@dataclass(frozen=True)
class Limit:
    """What one step may use.

    Args:
        memory: MB beyond what the process has when the step begins.
        processor: seconds of processor time.
        wall: seconds in all, which only a process from outside can enforce.
    """

    memory: int
    processor: float
    wall: float


READING = Limit(memory=1024, processor=10, wall=300)  # of one notebook, with all that is made of it before it runs
JUDGING = Limit(memory=1024, processor=5, wall=300)  # of one test, without the time that the student's code takes
RENDERING = Limit(memory=1024, processor=20, wall=300)  # of one page


@contextmanager
def within(limit: Limit) -> Iterator[None]:
    """Keep a block to a limit of memory and processor time; it is meant for a process that does nothing else.

    Raises:
        OverLimit: the block went beyond it.
        RuntimeError: this is not the main thread, where alone it can be interrupted.
    """
    if not can_interrupt():
        raise RuntimeError("only the main thread of a process can be kept to a limit; use `call`")
    own = False  # whether it is this limit that interrupts, not one around it
    try:
        with _memory_limited(limit.memory), interrupted_after(limit.processor, _TimeUp, AGAIN) as own:
            yield
    except _TimeUp:
        if not own:
            raise
        raise OverLimit(f"it took more than {limit.processor:g} s of processor time") from None
    except MemoryError:
        raise OverLimit(f"it needed more than {limit.memory} MB of memory") from None


@contextmanager
def _memory_limited(megabytes: int) -> Iterator[None]:
    """Limit the memory of this process to so much more than it has; only Linux counts it."""
    if sys.platform != "linux":
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_DATA)
    asked = _data_bytes() + megabytes * MEGABYTE
    ceilings = [asked, *(limit for limit in before if limit != resource.RLIM_INFINITY)]
    resource.setrlimit(resource.RLIMIT_DATA, (min(ceilings), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def _data_bytes() -> int:
    """Return the private memory of this process as the kernel counts it for RLIMIT_DATA."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5]) * resource.getpagesize()


@contextmanager
def unlimited() -> Iterator[None]:
    """Start a process in this block that does not inherit the limits; whoever starts it limits it otherwise."""
    kinds = (resource.RLIMIT_DATA, resource.RLIMIT_CPU)
    before = {kind: resource.getrlimit(kind) for kind in kinds}
    for kind, (_, most) in before.items():
        resource.setrlimit(kind, (most, most))
    try:
        yield
    finally:
        for kind, limits in before.items():
            resource.setrlimit(kind, limits)


class Worker:
    """A child process that applies a function to one item at a time, each within a limit.

    Args:
        step: function from an item to a result; both can be pickled, and with "spawn" the function too.
        method: "fork", for a process without other threads that matter; "spawn" makes a process that inherits nothing.
    """

    def __init__(self, step: Callable[[Any], Any], method: str = "fork") -> None:
        context: Any = multiprocessing.get_context(method)
        self.connection, theirs = context.Pipe()
        inherited = self.connection if method == "fork" else None
        self.process = context.Process(target=_serve, args=(theirs, inherited, step), daemon=True)
        with warnings.catch_warnings():  # a progress bar's thread may run; a worker never touches what it holds
            warnings.simplefilter("ignore", DeprecationWarning)
            self.process.start()
        theirs.close()
        self._limit, self._deadline = RENDERING, 0.0

    def begin(self, item: Any, limit: Limit) -> None:
        """Give the child an item to work on.

        Raises:
            OSError: the child is gone.
        """
        self._limit, self._deadline = limit, monotonic() + limit.wall
        self.connection.send((item, limit))

    @property
    def seconds_left(self) -> float:
        """How long the child may still work on its item."""
        return max(self._deadline - monotonic(), 0.0)

    def result(self) -> Any:
        """Wait for the result of the item and return it, or the exception that stands for it.

        After ``OverLimit`` or ``Died`` the child may be gone: look at ``alive``.
        """
        if not self.connection.poll(self.seconds_left):
            self.close()
            return OverLimit(f"it took more than {self._limit.wall:g} s")
        try:
            return self.connection.recv()
        except (EOFError, OSError):
            self.process.join(GRACE)  # so that it has an exit code
            self.close()
        if self.process.exitcode == -signal.SIGXCPU:
            return OverLimit(f"it took more than {self._limit.processor:g} s of processor time")
        return Died(f"the grading process ended with exit code {self.process.exitcode}")

    @property
    def alive(self) -> bool:
        """Whether the child can be given another item."""
        return not self.connection.closed

    def close(self) -> None:
        """End the child."""
        self.connection.close()
        self.process.kill()
        self.process.join()


def _serve(connection: Connection, parents_end: Connection | None, step: Callable[[Any], Any]) -> None:
    """Work on what comes in, until the other side hangs up."""
    global _limited
    _limited = True
    if parents_end is not None:
        parents_end.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers itself
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(EOFError, OSError):
        while True:
            item, limit = connection.recv()
            result = _outcome(step, item, limit)
            try:
                connection.send(result)
            except (TypeError, AttributeError, pickle.PicklingError):
                connection.send(RuntimeError(repr(result)[:500]))


def _outcome(step: Callable[[Any], Any], item: Any, limit: Limit) -> Any:
    """Return what a step makes of an item, or the exception that it raised."""
    _end_at(limit.processor + 2 * GRACE)
    try:
        with within(limit):
            return step(item)
    except _TimeUp:  # one that came while the limit was lifted
        return OverLimit(f"it took more than {limit.processor:g} s of processor time")
    except Exception as error:
        return error


def _end_at(seconds: float) -> None:
    """Have the kernel end this process after so much more processor time: that stops what Python cannot interrupt."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    end = int(time.process_time() + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (end if most == resource.RLIM_INFINITY else min(end, most), most))


_limited = False  # whether this process is such a child itself
_helper: Worker | None = None
_one_at_a_time = threading.Lock()


def call(function: Callable[..., Result], *arguments: Any, limit: Limit) -> Result:
    """Return what a function gives for some arguments, applied in a child process; any thread may call this.

    In a child process whose work is limited already, the function is applied there.

    Args:
        function: of a module, so that it can be found by its name; arguments and result can be pickled.

    Raises:
        OverLimit: it went beyond the limit.
        Died: the child process ended.
        Exception: what the function raised.
    """
    global _helper
    if _limited:
        with within(limit):
            return function(*arguments)
    with _one_at_a_time:
        if _helper is None or not _helper.process.is_alive():
            _helper = Worker(_apply, "spawn")
        helper, _helper = _helper, None  # one that is interrupted here is not asked again
        helper.begin((function, arguments), limit)
        result = helper.result()
        if helper.alive:
            _helper = helper
    if isinstance(result, Exception):
        raise result
    return result


def _apply(item: tuple[Callable[..., Any], tuple[Any, ...]]) -> Any:
    function, arguments = item
    return function(*arguments)
