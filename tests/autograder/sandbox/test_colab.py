"""The stand-in for ``google.colab``."""

import sys

import pytest

from autograder.sandbox import colab


@pytest.fixture(autouse=True)
def stand_in():
    """Put the stand-in among the modules, and take it away again."""
    colab.stand_in()
    yield
    for name in [name for name in sys.modules if name.startswith("google.colab")]:
        del sys.modules[name]


def test_whatever_a_notebook_calls_does_nothing():
    """Drives, uploads and secrets can be imported, and calling them does nothing."""
    from google.colab import auth, drive, files, userdata

    assert drive.mount("/content/drive", force_remount=True) is None
    assert auth.authenticate_user() is files.upload() is userdata.get("KEY") is None
    import google.colab.output as output

    assert output.clear() is None


def test_special_names_are_absent():
    """Python's own questions about a module, such as for ``__wrapped__``, find nothing."""
    assert not hasattr(sys.modules["google.colab.drive"], "__wrapped__")
