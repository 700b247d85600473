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


class TooLong(BaseException):
    """Raised in a student's code when its time is up."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[Callable[[], float]]:
    """Interrupt what takes longer, where the system can; yields a function that returns the seconds so far.

    It counts processor time of all threads, not the clock's: a busy computer harms nobody, and threads gain nothing.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLong

    begin = time.process_time()
    available = hasattr(signal, "SIGPROF") and threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGPROF, stop) if available else None
    try:
        if available:
            signal.setitimer(signal.ITIMER_PROF, seconds)
        yield lambda: time.process_time() - begin
    except TooLong:
        raise Unusable("too_slow", seconds=seconds) from None
    finally:
        if available:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)


def seed_everything(seed: int) -> None:
    """Seed Python's, NumPy's and the imported frameworks' own random numbers."""
    random.seed(seed)
    np.random.seed(seed)
    if torch := sys.modules.get("torch"):
        torch.manual_seed(seed)
    if "tensorflow" in sys.modules:
        from ..frameworks import tf

        tf.random.set_seed(seed)
