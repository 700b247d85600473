"""Frameworks: the real one where it is installed, else a stand-in that lets other cells go on."""

import subprocess
import sys

import numpy as np
import pytest

from course_utils import frameworks
from course_utils.frameworks import Missing, installed


def test_installed_asks_without_importing():
    """Whether a framework is there is found out without the seconds that its import takes."""
    code = (
        "import sys; from course_utils import checks, frameworks, training\n"
        "[frameworks.installed(name) for name in ('torch', 'tensorflow')]\n"
        "print([name for name in ('torch', 'tensorflow', 'keras') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
    assert installed("json") and not installed("no_such_framework")


@pytest.mark.parametrize("name", ["torch", "nn", "tf", "keras"])
def test_a_missing_framework_has_a_stand_in(monkeypatch, name):
    """Where it is not installed, each of the four names is the stand-in."""
    monkeypatch.setattr(frameworks, "installed", lambda framework: False)
    assert getattr(frameworks, name) is Missing


def test_an_unknown_name_is_an_error():
    """A misspelt framework is no stand-in."""
    with pytest.raises(AttributeError, match="no attribute 'jax'"):
        frameworks.jax  # noqa: B018


def test_the_stand_in_takes_whatever_a_lab_does_with_it():
    """It can be called, subclassed, entered, added, indexed and asked for any attribute, and is false and empty."""

    class Layer(Missing.Module):
        def __init__(self):
            super().__init__(3)

    assert Layer()(1).weight is Missing and Missing.nn.Linear(2, 3) is Missing
    assert Missing + 1 is Missing and 2 * Missing is Missing and Missing[0] is Missing
    with Missing.no_grad() as context:
        assert context is Missing
    assert not Missing and list(Missing) == [] and len(Missing) == 0
    assert np.isnan(float(Missing))
    assert repr(Missing) == repr(Layer()) == "(not installed)"
    assert f"{Missing.grad.item():+.4f}" == "(not installed)"


def test_products_of_numpy_stay_on_one_thread_where_that_can_be_asked_for(monkeypatch):
    """Inside, NumPy's BLAS has one thread, afterwards as many as before; without threadpoolctl nothing is asked."""
    threads = pytest.importorskip("threadpoolctl")

    def counts():
        return {
            each["filepath"]: each["num_threads"] for each in threads.threadpool_info() if "numpy" in each["filepath"]
        }

    with threads.threadpool_limits(2, user_api="blas"):
        before = counts()
        with frameworks.one_thread():
            assert set(counts().values()) <= {1}
        assert counts() == before
        monkeypatch.setitem(sys.modules, "threadpoolctl", None)
        frameworks._threads_of_numpy.cache_clear()
        with frameworks.one_thread():
            assert counts() == before
    frameworks._threads_of_numpy.cache_clear()
