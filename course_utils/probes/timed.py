"""What trainings of a student are given: a limit of processor time, and libraries with a seed."""

import contextlib
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType

import numpy as np

from .base import Unusable


class TooLong(KeyboardInterrupt):
    """Raised in a student's code when its time is up; it passes through every probe, as the button ■ does."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[Callable[[], float]]:
    """Interrupt what takes longer, where the system can; yields a function that returns the seconds so far.

    It counts processor time of all threads, not the clock's: a busy computer harms nobody, and threads gain nothing.
    A limit outside of this one goes on behind it; where that has less time left, it alone interrupts.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLong

    begin = time.process_time()
    available = hasattr(signal, "SIGPROF") and threading.current_thread() is threading.main_thread()
    left, again = signal.getitimer(signal.ITIMER_PROF) if available else (0.0, 0.0)
    interrupts = available and not 0 < left <= seconds
    before = signal.signal(signal.SIGPROF, stop) if interrupts else None
    try:
        if interrupts:
            signal.setitimer(signal.ITIMER_PROF, seconds)
        yield lambda: time.process_time() - begin
    except TooLong:
        raise Unusable("too_slow", seconds=seconds) from None
    finally:
        if interrupts:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)
            if left:
                signal.setitimer(signal.ITIMER_PROF, max(left - (time.process_time() - begin), 0.001), again)


def seed_everything(seed: int) -> None:
    """Seed Python's, NumPy's and the imported frameworks' own random numbers."""
    random.seed(seed)
    np.random.seed(seed)
    if torch := sys.modules.get("torch"):
        torch.manual_seed(seed)
    if "tensorflow" in sys.modules:
        from ..frameworks import tf

        tf.random.set_seed(seed)
