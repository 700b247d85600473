"""What every engine has: which cells run, what runs again, in what environment, and in which words a limit is told."""

import os
from pathlib import Path
from time import monotonic

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.engines.base import (
    Limits,
    RunState,
    definitions,
    kernel_environment,
    output_cut,
    ran_too_long,
    runnable,
)
from autograder.settings import PROJECT


def test_what_ran_too_long_is_known_by_its_words():
    """Whatever sentence stands around them: a cell's time and the submission's; an error of another kind is none."""
    assert ran_too_long(f"In the cell x: {Limits(cell=2.5).cell_over()}")
    assert ran_too_long(f"it was not run: {Limits().submission_over()}")
    assert not ran_too_long("it used more than 4096 MB of memory and was stopped.")


def test_which_cells_run():
    """Grading runs code that is not empty and not tagged to be skipped."""
    assert runnable(new_code_cell("1"))
    assert runnable(new_code_cell("1", metadata={"tags": ["other"]}))
    assert not runnable(new_code_cell(" \n"))
    assert not runnable(new_code_cell("1", metadata={"tags": ["skip-execution"]}))
    assert not runnable(new_markdown_cell("text"))


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("import math\nx = 1\nwhile True: pass\ndef f(): return math.pi", "import math\ndef f():\n    return math.pi"),
        ("from os import path\nclass A: pass\nprint(1)", "from os import path\nclass A:\n    pass"),
        ("%matplotlib inline\n!ls\ndef f(): pass", "def f():\n    pass"),
        ("def broken(", ""),
        ("x = '\0'", ""),
        ("", ""),
    ],
)
def test_what_a_cell_defines(source, kept):
    """Of a cell only imports, functions and classes are kept; of one that does not parse, nothing."""
    assert definitions(source) == kept


def test_a_submission_shares_nothing_with_the_next(monkeypatch, tmp_path):
    """Startup files and packages of a submission lie in its own folder, and the classroom's secret can be found."""
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("IPYTHONDIR", "/elsewhere/.ipython")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    environment = kernel_environment(Path("/room"), tmp_path)
    assert environment["CLASSROOM"] == "/room"
    assert environment["PYTHONPATH"] == os.pathsep.join([str(PROJECT), "/elsewhere"])
    for name in ("IPYTHONDIR", "PIP_TARGET"):
        assert Path(environment[name]).is_relative_to(tmp_path)
    assert environment["CUDA_VISIBLE_DEVICES"] == "" and environment["OMP_NUM_THREADS"] == "1"
    assert "CLASSROOM" not in os.environ or os.environ["CLASSROOM"] != "/room"


def test_threads_that_were_chosen_are_kept(monkeypatch, tmp_path):
    """An instructor who sets the number of threads keeps it."""
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    assert kernel_environment(Path("/room"), tmp_path)["OMP_NUM_THREADS"] == "4"


def test_limits_are_told_in_one_form():
    """Both engines tell a student in the same words which limit a cell broke."""
    limits = Limits(cell=1.5, submission=600)
    assert limits.cell_over() == "it ran longer than 1.5 s and was stopped. Is there a loop that never ends?"
    assert limits.submission_over() == "the submission had used up its 600 s."
    assert output_cut(1_000_000) == "its output was cut at 1 MB."


@pytest.fixture
def state():
    """The state of a run of two cells."""
    nb = new_notebook(cells=[new_code_cell("x = 1\ndef f(): pass"), new_code_cell("# why\nf()")])
    return RunState(nb, Limits(restarts=2, submission=50))


def test_a_cell_that_breaks_limits_is_reduced(state):
    """A cell is repeated whole, after it broke a limit without its statements, and after a second time not at all."""
    assert state.source_again(0) == "x = 1\ndef f(): pass"
    state.died(0, "it ended.")
    assert state.source_again(0) == "def f():\n    pass"
    state.blame(0)
    assert state.source_again(0) == ""


def test_the_first_reason_counts(state):
    """The incident of a cell that ends several processes is the first; later cells are told which cell it was."""
    state.died(1, "it needed too much.")
    state.died(1, "it ended.")
    state.not_run(0, state.last_death)
    assert state.incidents[1] == "it needed too much."
    assert state.incidents[0] == (
        "it was not run: the Python process had ended in the cell that begins 'f()', and was not started again after "
        "2 times."
    )


def test_a_pass_begins_with_the_whole_time(state):
    """Each pass has all restarts and the whole time, and knows the incidents and killers of the last."""
    state.died(0, "it ended.")
    state.starts, state.end, state.done = 0, monotonic() - 1, [0]
    assert state.out_of_time
    state.begin()
    assert not state.out_of_time and state.starts == 3 and state.done == [] and state.last_death == ""
    assert state.incidents == {0: "it ended."} and state.killers == {0: 1}
