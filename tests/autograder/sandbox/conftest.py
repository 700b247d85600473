"""What the tests of the sandbox share: a warm server without frameworks, and a fresh process of it."""

import pytest

from autograder.sandbox import host
from tests.autograder.sealing import SEALABLE, WHY


@pytest.fixture(scope="session")
def bare():
    """What a submission needs that uses no framework."""
    if not SEALABLE:
        pytest.skip(WHY)
    return host.Need((), 300)


@pytest.fixture
def student(bare):
    """A fresh student process."""
    process = host.start_student(bare)
    yield process
    process.close()
