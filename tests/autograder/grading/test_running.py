"""What the submissions of a lab share is started once, before workers are forked."""

from pathlib import Path

import pytest

from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.grading import running
from autograder.settings import load_config


def test_a_large_class_has_its_inputs_drawn_while_the_server_starts(tmp_path, monkeypatch):
    """This process draws until the server is ready, once all else is done; for a small class it does not."""
    steps, needs, begun = [], [], []
    monkeypatch.setattr(running, "cells_with_tests", lambda notebook: {"neuron": None})
    monkeypatch.setattr(running, "released_notebook", lambda config, lab: None)
    monkeypatch.setattr(running, "draw_ahead", lambda classroom, names: (steps.append(name) for name in [*names] * 9))
    monkeypatch.setattr(running.host, "is_starting", lambda need: len(steps) < 4)
    monkeypatch.setattr(running.host, "begin", begun.append)
    monkeypatch.setattr(running.host, "server", needs.append)
    config = load_config(Classroom(tmp_path).create())
    running.prepare(config, "lab", running.SMALL_CLASS)
    assert (len(steps), len(needs)) == (0, 1)
    running.prepare(config, "lab", running.SMALL_CLASS + 1, lambda: steps.append(len(begun)))
    assert (steps, len(needs)) == ([2, "neuron", "neuron", "neuron"], 2)


def test_a_lab_that_was_changed_and_not_built_is_refused_before_anything_starts(tmp_path, monkeypatch):
    """A test cell that no exercise defines any more would be judged by nothing; another course's lab is left alone."""
    started = []
    cells = {"neuron": None, "gone_numpy": None, "dense_numpy": None}
    monkeypatch.setattr(running, "cells_with_tests", lambda notebook: cells)
    monkeypatch.setattr(running, "released_notebook", lambda config, lab: None)
    monkeypatch.setattr(running.host, "begin", started.append)
    config = load_config(Classroom(tmp_path).create())
    for engine in ("sealed", "plain"):  # in the plain engine it would earn nothing, without a word
        Classroom(tmp_path).create(engine=engine)
        with pytest.raises(CourseError, match=r"not built: it has gone_numpy, which .* `autograder build.*`, or put"):
            running.prepare(config, "lab1_perceptron", 1, lambda: started.append("gradebook"))
    assert started == []
    running.require_judged(Path("classroom"), "lab_of_another_course", cells)
    cells.pop("gone_numpy")
    monkeypatch.setattr("autograder.engines.hidden.recorded_tests", dict)
    with pytest.raises(CourseError, match="neuron, dense_numpy"):
        running.require_judged(Path("classroom"), "lab1_perceptron", cells)
