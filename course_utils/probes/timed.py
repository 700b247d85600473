"""What trainings of a student are given: a limit of processor time, and libraries with a seed."""

import contextlib
import ctypes
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np

from ..processor_time import can_interrupt, interrupted_after
from .base import Unusable

LIMIT = 60  # seconds of computing after which a check or a figure stops what does not end, as a grader stops a cell
LOOK = 0.1  # seconds from one look of a thread at another one to the next


class TooLong(KeyboardInterrupt):
    """Raised in a student's code when its time is up; it passes through every probe, as the button ■ does."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[Callable[[], float]]:
    """Interrupt what takes longer, in any thread, see ``interrupted_after``; yields a function: the seconds so far.

    Raises:
        Unusable: it was interrupted.
    """
    begin = time.process_time()
    try:
        with interrupted_after(seconds, TooLong) if can_interrupt() else _stopped_by_thread(seconds):
            yield lambda: time.process_time() - begin
    except TooLong:
        raise Unusable("too_slow", seconds=seconds) from None


@contextlib.contextmanager
def _stopped_by_thread(seconds: float) -> Iterator[None]:
    """Raise TooLong in a thread that signals do not reach, or on Windows, which has none of this kind."""
    begin, limited = time.process_time(), threading.get_ident()
    ended, deciding = threading.Event(), threading.Lock()

    def look() -> None:
        while not ended.wait(LOOK):
            if time.process_time() - begin > seconds:
                with deciding:
                    if not ended.is_set():
                        raise_there = ctypes.pythonapi.PyThreadState_SetAsyncExc
                        raise_there(ctypes.c_ulong(limited), ctypes.py_object(TooLong))
                return

    threading.Thread(target=look, daemon=True).start()
    try:
        yield
    finally:
        with deciding:  # from here on nothing is raised in this thread any more
            ended.set()


def seed_everything(seed: int) -> None:
    """Seed Python's, NumPy's and the imported frameworks' own random numbers."""
    random.seed(seed)
    np.random.seed(seed)
    if torch := sys.modules.get("torch"):
        torch.manual_seed(seed)
    if "tensorflow" in sys.modules:
        from ..frameworks import tf

        tf.random.set_seed(seed)
