"""Verdicts in test cells: exactly one that is sound, or zero with the reason."""

import pytest
from nbformat.v4 import new_code_cell, new_output

from autograder.notebooks import verdicts
from course_utils.verdict import MIME_TYPE, Verdict

RIGHT = Verdict("grade", "neuron", 2.0, 3.0, "partial", "neuron: half right.", "bias_forgotten")


def graded_cell(*outputs):
    """Return the test cell of the exercise `neuron`, worth 3 points, with some outputs."""
    source = 'check("neuron")\n  grade("neuron")  '
    data = {"grade_id": "neuron", "points": 3, "grade": True, "solution": False}
    return new_code_cell(source, outputs=list(outputs), metadata={"nbgrader": data}, execution_count=4)


def result(**changes):
    data = RIGHT.bundle()
    return new_output("execute_result", {**data, MIME_TYPE: {**data[MIME_TYPE], **changes}})


def test_a_sound_verdict_is_read_as_it_was_given():
    """Score, status, message and diagnosis come out as they went in."""
    cell = graded_cell()
    verdicts.put(cell, RIGHT)
    assert verdicts.read(cell) == verdicts.read_or_zero(cell) == RIGHT
    assert cell.outputs[0].execution_count == 4


@pytest.mark.parametrize(
    "outputs, reason",
    [
        ([], "the test gave no result"),
        ([new_output("stream", text="3.0")], "the test gave no result"),
        ([new_output("display_data", RIGHT.bundle())], "the test gave no result"),
        ([result(), result()], "2 results of its own and 0 others"),
        ([result(), result(kind="check")], "1 results of its own and 1 others"),
        ([result(exercise="dense")], "0 results of its own and 1 others"),
        ([new_output("execute_result", {MIME_TYPE: [3]})], "0 results of its own and 1 others"),
        ([result(score="3")], "not a number"),
        ([result(score=True)], "not a number"),
        ([result(score=float("nan"))], "not a number"),
        ([result(score=3.5)], "3.5 is not between 0 and 3"),
        ([result(score=-1)], "-1 is not between 0 and 3"),
        ([result(status="splendid")], "has no status"),
    ],
)
def test_anything_else_is_refused_with_the_reason(outputs, reason):
    """What is not exactly one sound verdict for this cell is zero, and the message says what is there."""
    with pytest.raises(ValueError, match=reason):
        verdicts.read(graded_cell(*outputs))
    verdict = verdicts.read_or_zero(graded_cell(*outputs))
    assert (verdict.score, verdict.max_score, verdict.status) == (0.0, 3.0, "error")
    assert reason in verdict.message


def test_points_come_from_the_cell_and_long_messages_are_cut():
    """A verdict cannot say how much an exercise is worth, nor fill a page, nor name a mistake that is no text."""
    verdict = verdicts.read(graded_cell(result(max_score=300, message="x" * 9000, diagnosis=7)))
    assert verdict.max_score == 3.0 and verdict.diagnosis is None
    assert len(verdict.message) == verdicts.LONGEST_MESSAGE


def test_sealing_keeps_the_verdict_and_drops_what_was_printed():
    """A sealed cell shows its one verdict and nothing that could tell of hidden inputs."""
    cell = graded_cell(new_output("stream", text="the input is 7316"), result())
    assert verdicts.seal(cell) == RIGHT
    assert [output.output_type for output in cell.outputs] == ["execute_result"]


def test_sealing_says_why_there_is_no_verdict():
    """The reason is the incident, else the error of the cell by its kind alone, else what is there."""
    error = new_output("error", ename="KeyError", evalue="7316", traceback=["7316"])
    assert verdicts.seal(graded_cell(error), "it was stopped.").message == "neuron: it was stopped."
    assert verdicts.seal(graded_cell(error)).message == "neuron: the test stopped with KeyError."
    assert verdicts.seal(graded_cell()).message == "neuron: the test gave no result."


def test_a_test_of_another_course_fails_closed():
    """A test cell that did not finish, or never ran, has an error; one that ran stays as it is."""
    cell = graded_cell()
    verdicts.fail_closed(cell, "")
    assert cell.outputs == []
    verdicts.fail_closed(cell, "it was stopped.")
    assert cell.outputs[0].evalue == "it was stopped."
    cell = graded_cell()
    cell.execution_count = None
    verdicts.fail_closed(cell, "")
    assert cell.outputs[0].ename == "NotFinished"


def test_a_cell_gives_a_verdict_where_it_calls_grade_for_itself():
    """Another course's test, or a call for another exercise, gives none."""
    cell = graded_cell()
    assert verdicts.gives_verdict(cell)
    cell.source = 'grade("dense")\nassert neuron(1) == 2'
    assert not verdicts.gives_verdict(cell)


def test_checks_that_had_failed_are_found_in_any_notebook():
    """What a hand-in shows of its checks; no form of it stops the grader."""

    def cell(**verdict):
        return {"outputs": [{"data": {MIME_TYPE: {"kind": "check", "exercise": "neuron", **verdict}}}]}

    assert verdicts.checks_that_failed({"cells": [cell(status="failed"), cell(exercise="dense", status="passed")]}) == {
        "neuron"
    }
    odd = [None, {}, {"outputs": 3}, {"outputs": [3, {"data": 3}, {"data": {MIME_TYPE: 3}}]}, cell(status=["failed"])]
    for cells in (None, 3, odd, [cell(kind="grade", status="failed")]):
        assert verdicts.checks_that_failed({"cells": cells}) == set()
