"""Code that is interrupted once it has used up its processor time."""

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from types import FrameType

SHORTEST = 0.001  # seconds; a timer of 0 would be none


def can_interrupt() -> bool:
    """Return whether ``interrupted_after`` reaches the code that runs here: the main thread's, and not on Windows."""
    return hasattr(signal, "SIGPROF") and threading.current_thread() is threading.main_thread()


@contextlib.contextmanager
def interrupted_after(seconds: float, interrupt: type[BaseException], again: float = 0.0) -> Iterator[bool]:
    """Raise an interrupt in a block that takes longer, where the system can; yields whether this limit is what raises.

    It counts processor time of all threads, not the clock's: a busy computer harms nobody, and threads gain nothing.
    A limit outside of this one goes on behind it; where that has no more time left, it alone interrupts.

    Args:
        seconds: more than 0.
        again: seconds after which an interrupt that was swallowed comes again; 0: it comes once.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        raise interrupt

    available = can_interrupt()
    left, outer_again = signal.getitimer(signal.ITIMER_PROF) if available else (0.0, 0.0)
    if not available or 0 < left <= seconds:
        yield False
        return
    begin = time.process_time()
    before = signal.signal(signal.SIGPROF, stop)
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds, again)
        yield True
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before or signal.SIG_DFL)
        if left:
            rest = max(left - (time.process_time() - begin), SHORTEST)
            signal.setitimer(signal.ITIMER_PROF, rest, outer_again)
