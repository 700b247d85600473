"""What trainings of a student are given: a limit of processor time, and libraries with a seed."""

import contextlib
import random
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np

from ..processor_time import interrupted_after
from .base import Unusable


class TooLong(KeyboardInterrupt):
    """Raised in a student's code when its time is up; it passes through every probe, as the button ■ does."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[Callable[[], float]]:
    """Interrupt what takes longer, see ``interrupted_after``; yields a function that returns the seconds so far.

    Raises:
        Unusable: it was interrupted.
    """
    begin = time.process_time()
    try:
        with interrupted_after(seconds, TooLong):
            yield lambda: time.process_time() - begin
    except TooLong:
        raise Unusable("too_slow", seconds=seconds) from None


def seed_everything(seed: int) -> None:
    """Seed Python's, NumPy's and the imported frameworks' own random numbers."""
    random.seed(seed)
    np.random.seed(seed)
    if torch := sys.modules.get("torch"):
        torch.manual_seed(seed)
    if "tensorflow" in sys.modules:
        from ..frameworks import tf

        tf.random.set_seed(seed)
