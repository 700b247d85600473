"""Workers: each takes one item at a time; what goes wrong in one is a result like any other."""

import os
import time

import psutil

from autograder.grading.pool import Pool
from autograder.limited import Died, Limit, OverLimit
from tests.autograder.memory import take

LIMIT = Limit(memory=200, processor=10, wall=60)


def results(step, items, jobs=1, limit=LIMIT):
    with Pool(step, jobs, limit) as pool:
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
    """What is added soon is taken next, before what has been waiting; a worker does not wait for that."""
    with Pool(lambda item: item, 1, LIMIT) as pool:
        for item in ("first", "begun", "last"):
            pool.add(item)
        order = []
        for item, _ in pool.results():
            order.append(item)
            if item == "first":
                pool.add("soon", soon=True)
    assert order == ["first", "begun", "soon", "last"]


def test_a_worker_goes_on_while_its_result_is_looked_at():
    """And whoever waits for results waits no longer than is asked."""
    reading, writing = os.pipe()
    try:
        with Pool(lambda item: item and os.read(reading, item), 1, LIMIT) as pool:
            pool.add(0)
            pool.add(1)
            assert pool.idle and pool.take() == [(0, 0)] and not pool.idle and pool.waiting == 0
            assert pool.take(patience=0) == [] and pool.unfinished
            os.write(writing, b"x")
            assert pool.take() == [(1, b"x")] and pool.idle and not pool.unfinished
    finally:
        os.close(reading)
        os.close(writing)


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
    """A pool that is left while a worker is busy ends it."""
    before = psutil.Process().children()
    with Pool(time.sleep, 2, LIMIT) as pool:
        pool.add(10_000)
        pool.add(0)
        assert next(pool.results())[0] == 0
    assert set(psutil.Process().children()) <= set(before)


def test_an_item_over_its_limit_costs_only_itself():
    """One that takes too long ends as such, while another worker goes on; the next item finds a worker."""
    limit = Limit(memory=200, processor=10, wall=3)  # in which a busy machine begins a worker too
    ended = dict(results(lambda item: time.sleep(1000) if item == "slow" else item, ["slow", "a", "b"], 2, limit))
    assert isinstance(ended.pop("slow"), OverLimit) and ended == {"a": "a", "b": "b"}


def test_a_worker_stays_below_its_memory():
    """What needs more than the limit fails by itself, item after item, in the same process."""
    limit = Limit(memory=64, processor=10, wall=60)
    pairs = results(lambda item: (take(item), os.getpid()), [600, 1, 800, 1], 1, limit)
    assert [isinstance(result, OverLimit) for _, result in pairs] == [True, False, True, False]
    assert len({result for _, result in pairs if not isinstance(result, OverLimit)}) == 1
