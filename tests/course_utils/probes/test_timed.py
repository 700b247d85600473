"""The time and the random numbers of a student's training."""

import random
import threading
import time

import numpy as np
import pytest

from course_utils.probes.base import Unusable
from course_utils.probes.timed import seed_everything, time_limit
from course_utils.remarks import diagnosis


def compute(seconds):
    """Use so much processor time."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_who_computes_too_long_is_stopped():
    """Even where the student's code catches exceptions; the limit is gone afterwards."""
    with pytest.raises(Unusable) as stopped, time_limit(0.1):
        try:
            compute(30)
        except Exception:
            compute(30)
    assert diagnosis(stopped.value.remark) == "too_slow"
    compute(0.3)


def test_another_thread_is_stopped_as_well():
    """No signal reaches it, and JupyterLab lets sliders call from there; who ends in time is left alone."""
    found = []

    def work(limit, seconds):
        try:
            with time_limit(limit):
                compute(seconds)
            compute(0.3)
        except Unusable as error:
            found.append(diagnosis(error.remark))

    for limit, seconds in ((0.05, 30), (1000, 0.2)):
        thread = threading.Thread(target=work, args=(limit, seconds))
        thread.start()
        thread.join()
    assert found == ["too_slow"]


def test_waiting_costs_nothing():
    """Processor time counts, not the clock's."""
    with time_limit(0.2) as spent:
        time.sleep(0.4)
        assert spent() < 0.2


def test_random_numbers_come_again():
    """Python's and NumPy's are the same after the same seed, and others after another."""

    def drawn(seed):
        seed_everything(seed)
        return random.random(), float(np.random.random())

    first = drawn(3)
    assert drawn(3) == first
    assert all(one != other for one, other in zip(drawn(4), first))
