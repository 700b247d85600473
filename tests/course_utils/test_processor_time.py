"""A limit of processor time interrupts the block around which it stands, and leaves other limits what they have."""

import signal
import threading
from contextlib import suppress

import pytest

from course_utils.processor_time import interrupted_after

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGPROF"), reason="this system has no timer of processor time")


class Inner(BaseException):
    pass


class Outer(BaseException):
    pass


def left():
    """Return the seconds until an interrupt, and those after which it comes again."""
    return signal.getitimer(signal.ITIMER_PROF)


def spin():
    while True:
        pass


def test_an_interrupt_that_is_swallowed_comes_again():
    """A library that catches everything cannot go on for ever; afterwards there is neither timer nor handler of it."""
    before = signal.getsignal(signal.SIGPROF)
    with pytest.raises(Inner), interrupted_after(0.05, Inner, again=0.05):
        with suppress(Inner):
            spin()
        spin()
    assert left()[0] == 0 and signal.getsignal(signal.SIGPROF) is before


def test_a_limit_around_another_goes_on_as_it_was():
    """The outer limit goes on behind the inner one, and comes again as often as before."""
    with interrupted_after(1000, Outer, again=7) as outer, interrupted_after(100, Inner) as inner:
        assert outer and inner
        assert 0 < left()[0] < 200 and left()[1] == 0
    with interrupted_after(1000, Outer, again=7):
        with interrupted_after(100, Inner):
            pass
        assert 200 < left()[0] < 2000 and 6 < left()[1] < 8
    assert left()[0] == 0


def test_where_the_outer_limit_has_less_time_it_alone_interrupts():
    """The inner one sets no timer and says so; what comes is the outer one's."""
    with pytest.raises(Outer), interrupted_after(0.05, Outer), interrupted_after(5000, Inner) as inner:
        assert not inner
        spin()


def test_a_thread_has_no_limit():
    """No signal could interrupt it, so nothing is set and the block is told."""
    said = []

    def work():
        with interrupted_after(1000, Inner) as inner:
            said.extend([inner, left()[0]])

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert said == [False, 0]
