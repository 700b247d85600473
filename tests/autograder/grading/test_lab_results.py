"""The results of one lab, summed up: what counts where, and which results are wrong alike."""

from math import isnan

import pytest

from autograder.grading.lab_results import BY_HAND, MOST_NAMED, LabResults, Result, Row
from course_utils.judging import assess_quiz

POINTS = {"double": 2.0, "square": 3.0, "negate": 1.0, "half": 2.0}


def lab_of(*results, **about):
    """Return a lab of one exercise worth 4 points, and a student for each result."""
    rows = [
        Row(f"s{number}", result.score, result.max_score, {"square": result}, [], **about)
        for number, result in enumerate(results)
    ]
    return LabResults("toy", "Toy", {"square": 4.0}, rows)


def failed(message, diagnosis=None):
    return Result(0.0, 4.0, "failed", f"Square (square): {message}", diagnosis)


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (Result(2.0, 2.0, "passed", "right."), ""),
        (Result(2.0, 2.0, "passed", "right.", findings=["It was put back."]), "It was put back."),
        (Result(0.0, 2.0, "failed", "wrong."), "wrong."),
        (
            Result(1.0, 2.0, "partial", "half.", findings=["It was put back.", "Twice."]),
            "half. It was put back. Twice.",
        ),
        (Result(0.0, 2.0, "failed", "", findings=["It was put back."]), "It was put back."),
    ],
)
def test_what_there_is_to_say_about_an_exercise(result, words):
    """What passed needs no message; findings follow the message in one line."""
    assert result.in_words == words


def test_a_row_gathers_its_findings():
    """Findings of the submission come before those of its exercises, in the exercises' order."""
    results = {
        "a": Result(0.0, 1.0, "failed", findings=["second"]),
        "b": Result(0.0, 1.0, "failed", findings=["third"]),
    }
    assert Row("ada", 0.0, 2.0, results, ["first"]).all_findings == ["first", "second", "third"]


@pytest.mark.parametrize(("score", "max_score", "percent"), [(6.0, 8.0, 75.0), (0.0, 8.0, 0.0), (0.0, 0.0, 0.0)])
def test_a_row_has_a_share_in_percent(score, max_score, percent):
    """The share of the points is in percent, and 0 where there are none to earn."""
    assert Row("ada", score, max_score, {}, []).percent == percent


def test_nothing_judged_has_no_mean():
    """Where all that was handed in waits, the zeros of those who handed in nothing are no mean of the class."""
    lab = LabResults("toy", "Toy", POINTS, [Row("ada", 0.0, 8.0, {}, [], open=True)])
    absent = Row("bob", 0.0, 8.0, {}, [], absent=True, absent_is_zero=True)
    lab.add(absent)
    assert (lab.mean, lab.median) == (None, None)
    lab.add(Row("cy", 6.0, 8.0, {}, []))
    assert (lab.mean, lab.median) == (37.5, 37.5)


def test_a_lab_is_worth_its_exercises():
    """What can be earned in a lab is what can be earned in its exercises together."""
    assert LabResults("toy", "Toy", POINTS, []).max_score == 8.0


def test_a_large_class_is_summed_up_and_not_kept():
    """Of a class of thousands all are counted, and only the rows of the first, and of the first with a remark, stay."""
    fail = {"square": Result(0.0, 8.0, "failed", diagnosis="sign_lost")}

    def people():
        for number in range(5000):
            found = ["It was put back."] if number % 2 else []
            yield Row(
                f"ada{number:04}",
                4.0 * (number % 3),
                8.0,
                fail,
                found,
                open=number % 5 == 0,
                absent=number % 5 == 1,
                engine="sealed",
            )

    lab = LabResults("toy", "Toy", {"square": 8.0}, people())
    assert (lab.students, lab.open, lab.absent, len(lab.percents)) == (5000, 1000, 1000, 3000)
    alike = lab.mistakes["square"]["sign_lost"]
    assert alike.count == 3000 == lab.outcomes["square"]["failed"] and len(alike.students) == MOST_NAMED
    assert len(lab.rows) == len(lab.noted) == 1000 < lab.remarks and lab.engines == {"sealed": 5000}
    assert lab.rows[-1].student == "ada0999" and all(row.remark for row in lab.noted)
    lab.keep_remarks_of(["ada0003", "ada0004"])
    assert ([row.student for row in lab.noted], lab.remarks) == (["ada0003"], 1)


def test_results_are_wrong_alike_by_mistake_or_by_what_was_said():
    """A known mistake gathers results, else the words about them do, whatever numbers they hold."""
    lab = lab_of(
        failed("got 3 of 12.", "sign_lost"),
        failed("wrong number.", "sign_lost"),
        failed("twice as large as 7."),
        failed("twice as large as -1.5e3."),
        failed("wrong values of `W1`."),
        Result(4.0, 4.0, "failed", "a person gave all points", "sign_lost"),
        Result(0.0, 4.0, "unfinished", "Square (square): not finished.", "still_broken"),
    )
    found = {kind: (each.count, each.known, each.students) for kind, each in lab.mistakes["square"].items()}
    assert found == {
        "sign_lost": (2, True, ["s0", "s1"]),
        "Twice as large as ….": (2, False, ["s2", "s3"]),
        "Wrong values of `W1`.": (1, False, ["s4"]),
    }
    assert lab.mistakes["square"]["sign_lost"].sentence == "Got 3 of 12."  # no lab has a hint for it


@pytest.mark.parametrize(
    ("result", "share"),
    [
        (Result(3.0, 4.0, "partial"), 0.75),
        (Result(0.0, 4.0, "error"), 0.0),
        (Result(4.0, 4.0, "failed", "a person gave all points"), 1.0),
        (Result(5.0, 4.0, "passed", "with extra credit"), 1.0),
        (Result(0.0, 4.0, "unfinished"), None),
        (Result(0.0, 4.0, "missing", BY_HAND), None),
        (Result(1.5, 4.0, "missing", ""), 0.375),
        (Result(0.0, 0.0, "excused"), None),
    ],
)
def test_statistics_count_what_was_tried(result, share):
    """What is open, waits for a person or is excused is no 0; points given by hand count."""
    [found] = lab_of(result).shares["square"]
    assert isnan(found) if share is None else found == share


def test_who_handed_in_nothing_is_in_no_statistic_of_an_exercise():
    """Not even where missing work is 0 by the instructor's word: it says nothing about an exercise."""
    lab = lab_of(Result(0.0, 4.0, "missing"), absent=True, absent_is_zero=True, section="A")
    assert list(lab.percents) == [0.0] and len(lab.shares["square"]) == 0 and lab.sections == {}


def test_a_late_penalty_does_not_make_an_exercise_harder():
    """It is taken off the score, and the shares of the exercises stay what the work was worth."""
    lab = LabResults("toy", "Toy", {"square": 4.0}, [Row("ada", 1.0, 4.0, {"square": Result(4.0, 4.0, "passed")}, [])])
    assert list(lab.percents) == [25.0] and list(lab.shares["square"]) == [1.0]


def test_what_was_stopped_for_its_time_is_counted():
    """Whether the finding of its cell says so or its message."""
    stopped = "it ran longer than 60 s and was stopped."
    lab = lab_of(
        Result(0.0, 4.0, "error", f"square: {stopped}"),
        Result(4.0, 4.0, "passed", findings=[f"In the cell square_solution: {stopped}"]),
        Result(0.0, 4.0, "error", "square: it raised an error"),
    )
    assert lab.too_long == {"square": 2}


def test_sections_are_gathered_apart():
    """By the roster's section: the percents, and the shares of those who tried an exercise."""
    tried, left = {"square": Result(1.0, 4.0, "partial")}, {"square": Result(0.0, 4.0, "unfinished")}
    rows = [Row("a", 1.0, 4.0, tried, [], section="A"), Row("b", 0.0, 4.0, left, [], section="B")]
    lab = LabResults("toy", "Toy", {"square": 4.0}, [*rows, Row("c", 1.0, 4.0, tried, [])])
    assert {name: list(found) for name, found in lab.sections.items()} == {"A": [25.0], "B": [0.0]}
    assert lab.section_shares["A"]["square"][0] == 0.25 and "B" not in lab.section_shares


def test_the_options_of_a_quiz_are_counted():
    """Each answer counts under its question, with why it is right or wrong; what was not answered is no option."""
    keys = {"answer_q1": "A", "answer_q2": "B"}
    why = {name: {"A": "It is so.", "B": "It is else."} for name in keys}

    def answers(*letters):
        judged = assess_quiz(keys, why, dict(zip(keys, letters)))
        score = 4 * judged.fraction
        return Result(score, 4.0, judged.status, f"Quiz: {judged.message}", judged.diagnosis)

    lab = lab_of(answers("A", "A"), answers("A", "B"), answers("b", ""), answers("", ""))
    counted = {
        question: {(answer.letter, answer.right, answer.why): count for answer, count in found.items()}
        for question, found in lab.choices["square"].items()
    }
    assert counted == {
        "q1": {("A", True, "It is so."): 2, ("B", False, "It is else."): 1},
        "q2": {("A", False, "It is so."): 1, ("B", True, "It is else."): 1},
    }
    assert lab.mistakes["square"] == {}
