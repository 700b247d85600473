"""Worker processes: one that dies costs only the item that it had."""

import multiprocessing
import os

from autograder.grading.pool import Died, Pool


def test_a_worker_that_dies_costs_only_its_item():
    """Exceptions and deaths of workers come back as results; the other items are done."""

    def step(item):
        if item == 2:
            os._exit(3)
        return 10 // item

    with Pool(step, 2) as pool:
        for item in (0, 1, 2, 5):
            pool.add(item)
        results = dict(pool.results())
    assert isinstance(results[0], ZeroDivisionError) and isinstance(results[2], Died)
    assert (results[1], results[5]) == (10, 2)


def test_a_worker_that_dies_with_nothing_to_do_costs_nothing():
    """One that the machine ended between two items is replaced before the next."""
    with Pool(lambda item: (os.getpid(), item), 1) as pool:
        pool.add("before")
        ((_, (process, _)),) = pool.results()
        (worker,) = (child for child in multiprocessing.active_children() if child.pid == process)
        worker.kill()
        worker.join()
        pool.add("after")
        ((_, (_, item)),) = pool.results()
    assert item == "after"
