"""The server that a grading will need is started before anything else; where none is needed, none is."""

import pytest

from autograder.classroom import Classroom
from autograder.sandbox import early, host


@pytest.fixture
def begun(tmp_path, monkeypatch):
    """A classroom in which one student handed in Lab 1, and the needs for which servers were begun."""
    needs = []
    monkeypatch.setattr(host, "begin", needs.append)
    classroom = Classroom(tmp_path / "room").create()
    notebook = classroom.submitted / "ada" / "lab1_perceptron" / "lab1_perceptron.ipynb"
    notebook.parent.mkdir(parents=True)
    notebook.write_text("{}")
    return classroom, needs


@pytest.mark.parametrize(
    ("options", "frameworks"),
    [
        ([], [("tensorflow", "torch")]),
        (["lab1_perceptron", "--jobs", "2"], [("tensorflow", "torch")]),
        (["lab0_welcome"], [()]),
        (["--unsafe"], []),
        (["--scheduler=tls://a:1"], []),
    ],
)
def test_the_labs_that_will_be_graded_decide(begun, options, frameworks):
    """What was handed in, or is named, says which frameworks the server must have."""
    classroom, needs = begun
    early.begin([*options, "--classroom", str(classroom.root)])
    assert [need.frameworks for need in needs] == frameworks


def test_it_is_the_server_that_grading_asks_for(begun):
    """The server that was begun is the one that the engine's own need finds."""
    from autograder.engines.base import Limits
    from autograder.engines.forked import ForkedEngine

    classroom, needs = begun
    early.begin(["--classroom", str(classroom.root)])
    need = ForkedEngine().need(["neuron", "dense_torch", "dense_tensorflow"], Limits(), classroom.root)
    assert needs[0].shared == need.shared


def test_a_classroom_for_one_framework_needs_only_that(tmp_path, begun):
    """A classroom that teaches one framework does not wait for the other."""
    _, needs = begun
    early.begin(["lab1_perceptron", "--classroom", str(Classroom(tmp_path / "torch").create("torch").root)])
    assert [need.frameworks for need in needs] == [("torch",)]


def test_the_plain_engine_begins_nothing(tmp_path, begun):
    """Where tests run in the student's process the server holds the classroom, which is not known yet."""
    _, needs = begun
    early.begin(["lab1_perceptron", "--classroom", str(Classroom(tmp_path / "plain").create(engine="plain").root)])
    assert needs == []


def test_an_option_without_its_value_is_left_to_the_verb(begun):
    """What stops here would show the options of no verb."""
    _, needs = begun
    early.begin(["lab0_welcome", "--classroom"])
    assert [need.frameworks for need in needs] == [()]
