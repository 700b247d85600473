"""What a warm server does once so that no fork of it has to: imports, first uses of Python code, large pages.

No operation of a framework runs here: TensorFlow and PyTorch start threads with their first one, and a fork of a
process with threads may hang.
"""

import contextlib
import ctypes
import gc
import importlib
import sys
from collections.abc import Iterable, Iterator

from autograder.sandbox import deferred
from autograder.sandbox.shell import Shell, make_shell
from course_utils.asking import QUESTIONS, questions
from course_utils.checks import version
from course_utils.recording import recorded_tests

WARM = (
    "numpy",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "ipywidgets",
    "IPython.core.interactiveshell",
    "course_utils.checks",
    "course_utils.figures.plots",
    "course_utils.figures",
    "course_utils.figures.questions",
    "course_utils.figures.widgets",
    "course_utils.datasets",
    "course_utils.judging",
    "course_utils.language",
    "course_utils.training",
)
LARGE_PAGE = 2 << 20  # bytes
MADV_COLLAPSE = 25  # Linux 6.1


def warm_up(modules: Iterable[str]) -> Shell:
    """Import modules, make the shell and use it once, and leave what is in memory to all forks.

    Args:
        modules: to import, beside ``WARM``; one that is not installed is left out.
    """
    gc.disable()  # nothing of what is imported becomes garbage, and looking for it takes a fifth of the time
    for name in [*WARM, *modules]:
        deferred.defer(name)
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    run_operations_directly()
    recorded_tests()  # a lab's first cell asks for these
    for path in QUESTIONS.glob("*.toml"):
        questions(path.stem)  # to read a lab's takes each process 17 ms
    for framework in ("torch", "tensorflow"):
        version(framework)
    shell = make_shell()
    shell.run_cell("None", store_history=False)  # IPython's own first time
    shell.display_formatter.format(None)  # and its own first display
    _show_an_error(shell)
    gc.freeze()  # a collection in a fork would touch, and so copy, all that was imported
    gc.enable()
    return shell


def _show_an_error(shell: Shell) -> None:
    """Let IPython make a traceback once, for nobody: for its first one it looks through all modules, 0.2 s."""
    try:
        raise ValueError
    except ValueError:
        shell.InteractiveTB.structured_traceback(*sys.exc_info())
    shell.InteractiveTB.tb = None


def run_operations_directly() -> None:
    """Let TensorFlow, once it starts, run an eager operation by its kernel, and not as a graph of one operation.

    It would first optimise and compile that graph: 0.45 ms for each new operation, type and shape, of which a
    submission has hundreds. The kernel is the same. TensorFlow has a switch for it, and sets it in Python for good.
    """
    switch = "TFE_ContextOptionsSetRunEagerOpAsFunction"
    if "tensorflow" in sys.modules:
        with contextlib.suppress(ImportError, AttributeError):
            interface = importlib.import_module("tensorflow.python.pywrap_tfe")
            set_switch = getattr(interface, switch)
            setattr(interface, switch, lambda options, as_function: set_switch(options, False))


def use_large_pages() -> Iterator[bool]:
    """Move this process's data into large pages, one with each step; yield whether the kernel could.

    A fork copies the table of pages: with 400 MB in small ones that is most of what a submission's processes cost to
    start and to end. What a fork writes to is still copied in small pages.
    """
    madvise = ctypes.CDLL(None, use_errno=True).madvise
    madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    lines: list[str] = []
    with contextlib.suppress(OSError), open("/proc/self/maps") as maps:
        lines = maps.readlines()
    for line in lines:
        span, rights, *_, name = [*line.split(), "", ""][:6]
        if rights == "rw-p" and name in ("", "[heap]"):
            first, end = (int(address, 16) for address in span.split("-"))
            for page in range(-(-first // LARGE_PAGE) * LARGE_PAGE, end - LARGE_PAGE + 1, LARGE_PAGE):
                yield madvise(page, LARGE_PAGE, MADV_COLLAPSE) == 0
