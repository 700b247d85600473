"""The stand-in for ``google.colab``: there for who cannot do without, and not seen by who asks."""

import contextlib
import importlib.util
import sys

import pytest

from autograder.sandbox import colab


@pytest.fixture(autouse=True)
def stand_in():
    """Put the stand-in where imports find it, and take it away again."""
    before = sys.meta_path[:]
    colab.stand_in()
    colab.stand_in()
    assert len(sys.meta_path) == len(before) + 1
    yield
    sys.meta_path[:] = before
    for name in [name for name in sys.modules if name.startswith("google.colab")]:
        del sys.modules[name]


def run(code):
    """Run a cell and return its names."""
    names = {}
    exec(code, names)
    return names


def test_whatever_a_notebook_calls_does_nothing():
    """Drives, uploads and secrets can be imported, and calling them does nothing; nobody uploaded a file."""
    found = run(
        "from google.colab import auth, drive, files, userdata\n"
        "mounted = drive.mount('/content/drive', force_remount=True)\n"
        "nothing = [auth.authenticate_user(), userdata.get('KEY'), files.download('x')]\n"
        "uploaded = list(files.upload().keys())\n"
        "import google.colab.output as output\n"
        "output.clear()\n"
    )
    assert found["mounted"] is None and found["nothing"] == [None] * 3 and found["uploaded"] == []


@pytest.mark.parametrize(
    "code",
    [
        "import sys\nis_colab = 'google.colab' in sys.modules",
        "try:\n    import google.colab\n    is_colab = True\nexcept ImportError:\n    is_colab = False",
        "is_colab = True\ntry:\n    from google.colab import drive\nexcept:\n    is_colab = False",
        "def ask():\n    try:\n        import google.colab\n    except ImportError:\n        return 0\n    return 1\n"
        "is_colab = bool(ask())",
    ],
    ids=["sys.modules", "import", "from", "in a function"],
)
def test_who_asks_is_told_that_this_is_not_colab(code):
    """So a notebook that knows both places runs as on a laptop."""
    assert run(code)["is_colab"] is False


def test_find_spec_finds_nothing():
    """As the labs' own first cell might ask."""
    with contextlib.suppress(ModuleNotFoundError):  # where there is no package `google` at all
        assert importlib.util.find_spec("google.colab") is None


def test_special_names_are_absent():
    """Python's own questions about a module, such as for ``__wrapped__``, find nothing."""
    run("from google.colab import drive")
    assert not hasattr(sys.modules["google.colab.drive"], "__wrapped__")
