"""Workers: each takes one item at a time; what goes wrong in one is a result like any other."""

import os
import time

from autograder.grading.pool import Died, Pool


def results(step, items, jobs=1):
    with Pool(step, jobs) as pool:
        for item in items:
            pool.add(item)
        return list(pool.results())


def test_items_are_taken_in_order():
    """One worker takes one item after the other, each in a process that is not this one."""
    pairs = results(lambda item: (item, os.getpid()), range(3))
    assert [item for item, _ in pairs] == [0, 1, 2]
    processes = {process for _, (_, process) in pairs}
    assert len(processes) == 1 and os.getpid() not in processes


def test_several_items_are_worked_on_at_once():
    """Two workers that wait for each other both come to an end."""
    reading, writing = os.pipe()

    def step(item):
        return os.read(reading, 1) if item == "reads" else os.write(writing, b"x")

    try:
        assert dict(results(step, ["reads", "writes"], 2)) == {"reads": b"x", "writes": 1}
    finally:
        os.close(reading)
        os.close(writing)


def test_an_item_may_be_added_while_others_run_and_go_before_them():
    """What is added soon is taken next, before what has been waiting."""
    with Pool(lambda item: item, 1) as pool:
        for item in ("first", "last"):
            pool.add(item)
        order = []
        for item, _ in pool.results():
            order.append(item)
            if item == "first":
                pool.add("soon", soon=True)
    assert order == ["first", "soon", "last"]


def test_an_exception_is_a_result():
    """A function that raises costs its own item only."""
    (_, error), (_, result) = results(lambda item: 10 // item, [0, 5])
    assert isinstance(error, ZeroDivisionError) and result == 2


def test_a_worker_that_ends_is_replaced():
    """The item that it had is told so with the exit code; the next one is worked on by a new worker."""
    (_, death), (_, result) = results(lambda item: item or os._exit(3), [0, 5])
    assert isinstance(death, Died) and "exit code 3" in str(death) and result == 5


def test_a_result_that_cannot_be_sent_is_an_error():
    """A result that cannot be pickled becomes an error that shows it."""
    ((_, error),) = results(lambda item: lambda: None, [1])
    assert isinstance(error, RuntimeError) and "lambda" in str(error)


def test_closing_ends_the_workers():
    """A pool that is left while a worker is busy does not wait for it."""
    started = time.monotonic()
    with Pool(lambda item: time.sleep(60), 1) as pool:
        pool.add(1)
    assert time.monotonic() - started < 30
