"""What the server does once, so that no fork of it has to; and what it must not do."""

import subprocess
import sys

import pytest

from autograder.sandbox.host import ENVIRONMENT
from autograder.settings import PROJECT
from tests.autograder.sealing import text


def fresh(code):
    """Run code in a Python of its own, as the server runs it, and return what it prints."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=PROJECT, env=ENVIRONMENT, capture_output=True, text=True, check=True).stdout


def test_the_first_cell_finds_the_recorded_tests(student):
    """A student's process has what a lab's first cell reads from files, and what IPython does at its first cell."""
    source = (
        "from course_utils import asking, checks, recording\n"
        "print(recording.recorded_tests.cache_info().currsize, checks.version.cache_info().currsize)\n"
        "missed = asking.questions.cache_info().misses\n"
        "print(len(asking.questions('lab1_perceptron')) > 0, asking.questions.cache_info().misses - missed)"
    )
    assert text(student, source) == "1 2\nTrue 0\n"


def test_a_question_imports_nothing(student):
    """What shows a question was imported before the fork."""
    source = (
        "import sys\nfrom course_utils import ask, setup\nsetup('lab1_perceptron')\nbefore = set(sys.modules)\n"
        "ask(1)\nprint(set(sys.modules) - before)"
    )
    assert text(student, source).splitlines()[-1] == "set()"


def test_the_first_cell_of_a_student_is_the_first(student):
    """The server's own cell left neither a name nor a number behind."""
    source = "print(get_ipython().execution_count, Out, In, '_' in dir() and _)"
    assert text(student, source) == f"2 {{}} {['', source]} \n"  # IPython has counted this cell when it runs


def test_the_first_error_of_a_student_is_the_first(student):
    """What a first traceback looks up is there; the server's own one left nothing."""
    source = (
        "import inspect, sys\n"
        "print(len(inspect.modulesbyfile) > 100, hasattr(sys, 'last_value'), get_ipython().InteractiveTB.tb)"
    )
    assert text(student, source) == "True False None\n"


def test_only_one_thread_is_there_to_fork():
    """Nothing that warms up starts a thread: a fork of a process with threads may hang. Then TensorFlow is frugal."""
    code = (
        "import os\nfrom autograder.sandbox.warm import warm_up\nwarm_up(['torch', 'tensorflow', 'keras'])\n"
        "print(len(os.listdir('/proc/self/task')))\n"
        "import tensorflow as tf\n"
        "try:\n    tf.matmul(tf.ones((2, 3)), tf.ones((2, 3)))\n"
        "except tf.errors.InvalidArgumentError as error:\n    print('function_node' in str(error))"
    )
    assert fresh(code) == "1\nFalse\n"


@pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
def test_large_pages_change_no_value():
    """What lies in memory is the same after it was moved; where the kernel cannot, nothing happens."""
    code = (
        "from autograder.sandbox.warm import use_large_pages\nx = list(range(2_000_000))\nbefore = sum(x)\n"
        "moved = list(use_large_pages())\nprint(len(moved) > 0, sum(x) == before)"
    )
    assert fresh(code) == "True True\n"
