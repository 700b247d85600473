"""The instructor's page: each question has its place, and whatever a name holds is text."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from autograder.classroom import Classroom
from autograder.grading import report_page
from autograder.grading.lab_results import LabResults, Result, Row
from autograder.grading.look_alikes import Pair
from autograder.grading.report_people import People
from course_utils.judging import assess_quiz
from tests.autograder import toy


def page_of(*labs):
    """Return the page of some labs, of those students whose rows they kept."""
    people = People(Classroom(Path("nowhere")), Path("nowhere/reports"))
    for lab in labs:
        for row in lab.rows:
            people.add(lab.name, row)
    return report_page.page(list(labs), people, "both")


@pytest.mark.parametrize(
    "engines, told",
    [
        (["sealed", ""], ""),
        (["plain"], "1 score rests on trust (1 by the engine plain)"),
        (["plain", "kernel, without a sandbox", "plain"], "3 scores rest on trust (1 by the engine kernel, without a"),
        (["sealed, without a sandbox"], "1 score rests on trust"),
    ],
)
def test_every_score_that_rests_on_trust_is_told(engines, told):
    """Only the sealed engine with its walls keeps code in a notebook from its own verdict; all others are named."""
    assert report_page.on_trust(engines).startswith(told) and bool(report_page.on_trust(engines)) == bool(told)


def test_a_class_without_a_score_has_no_median():
    """Where nothing was handed in or all is open, there is nothing to take a mean of: not 0 %."""
    people = [Row("ada", 0.0, 8.0, {}, [], absent=True), Row("bob", 0.0, 8.0, {}, [], open=True)]
    page = page_of(LabResults(toy.LAB, "Toy", {}, people))
    assert "<b>–</b><span>median</span>" in page and "<b>–</b><span>mean</span>" in page and ">0%<" not in page
    assert "<b>1</b><span>of 2 students handed in, 1 open</span>" in page


def test_a_page_shows_the_first_of_a_large_class():
    """A page stays one that a browser can open; it says how many it leaves out, and where they are."""
    people = (Row(f"ada{number:04}", 0.0, 8.0, {}, ["A thing."], engine="plain") for number in range(2500))
    page = page_of(LabResults(toy.LAB, "Toy", {}, people))
    assert page.split("Students, exercise by exercise")[1].count('<td class="student">') == 1000
    assert "The first 1000 of 2500 students." in page
    assert "1500 submissions more are in exercises.csv" in page and "2500 scores rest on trust" in page


def row(student, share, mistake="", section=""):
    """Return the row of a student who reached a share of an exercise worth 4 points, and all of another."""
    status = "passed" if share == 1 else "failed"
    message = "The neuron (neuron): wrong number."
    results = {
        "neuron": Result(4.0 * share, 4.0, status, message, mistake or None),
        "dense_torch": Result(2.0, 2.0, "passed"),
    }
    return Row(student, 2.0 + 4.0 * share, 6.0, results, [], section=section)


def class_of(*rows):
    return LabResults("lab1_perceptron", "Lab 1: The perceptron", {"neuron": 4.0, "dense_torch": 2.0}, rows)


def test_each_question_has_its_answer():
    """What to teach, who needs help, how sections compare, who is wrong alike: all made of the class's own numbers."""
    wrong = [row(f"w{number:02}", 0.0, "zeros", "B") for number in range(6)]
    right = [row(f"r{number:02}", 1.0, section="A") for number in range(6)]
    page = re.sub(r"<(?!/?(?:b|bdi)>)[^>]*>", "", page_of(class_of(*wrong, *right)))
    assert "<b>The neuron (Lab 1)</b>: 6 of 12 attempts are not right, all of them alike: " in page
    assert "6 of 12 students." in page and "33% on average" in page
    assert "The neuron: <bdi>A</bdi> reached 100% of the points, <bdi>B</bdi> 0%." in page
    names = ", ".join(f"<bdi>w{number:02}</bdi>" for number in range(6))
    assert f"zeros (6 ×){names}" in page
    assert "50% of the points (fair)" in page and "discrimination" not in page.split("Discrimination: how well")[0]


def test_a_class_that_knows_it_all_is_told_so():
    """Where nothing is wrong, nothing is made up."""
    page = page_of(class_of(*(row(f"r{number}", 1.0) for number in range(12))))
    assert "Nothing stands out: no exercise has two wrong results." in page and "Nobody: all handed in" in page
    assert "<h2>Sections</h2>" not in page


def test_the_options_of_a_quiz_are_shown():
    """How many chose which, which is right, and why, for each question."""
    keys = {"answer_q1": "A", "answer_q2": "B"}
    why = {name: {"A": "It is <so>.", "B": "It is else."} for name in keys}
    rows = []
    for student, letters in (("ada", "AA"), ("bob", "BA"), ("cy", "AB")):
        judged = assess_quiz(keys, why, dict(zip(keys, letters)))
        result = Result(judged.fraction, 1.0, judged.status, f"Quiz: {judged.message}", judged.diagnosis)
        rows.append(Row(student, judged.fraction, 1.0, {"foundations_quiz": result}, []))
    page = page_of(LabResults("quiz1_foundations", "Chapter quiz", {"foundations_quiz": 1.0}, rows))
    options = re.findall('<span class="option( right-one)?">([^<]*)</span>', page)
    assert options == [(" right-one", "A ✓ 2"), ("", "B 1"), ("", "A 2"), (" right-one", "B ✓ 1")]
    assert "<dd><b>A ✓</b> (2 ×) It is &lt;so&gt;.</dd>" in page and "2 of 3" in page and "q1 A" not in page


def test_an_exercise_in_doubt_is_named_on_top():
    """Where those who are good at the rest do worse, the page says to look at the exercise."""
    results = [
        Row(
            f"s{number:02}",
            3.0,
            6.0,
            {
                "neuron": Result(4.0 * (number % 2), 4.0, "failed", "The neuron: wrong."),
                "dense_torch": Result(2.0 - 2.0 * (number % 2), 2.0, "failed", "dense_torch: wrong."),
            },
            [],
        )
        for number in range(20)
    ]
    page = page_of(class_of(*results))
    assert "Look at The neuron (Lab 1) and A dense layer (PyTorch) (Lab 1) yourself" in page
    assert "discrimination -1.00" in page


def test_the_page_says_when_work_was_handed_in():
    """A column of its own, where anybody's time is known."""
    timed = row("ada", 1.0)
    assert "handed in (UTC)" not in page_of(class_of(timed))
    timed.handed_in = datetime(2026, 11, 26, 10, 58)
    assert page_of(class_of(timed, row("bob", 1.0))).count('<td class="when">2026-11-26 10:58</td>') == 1


def test_every_picture_is_told_in_words():
    """Each picture has words in its place, or says that it holds nothing."""
    page = page_of(class_of(row("ada", 1.0), row("bob", 0.0)))
    pictures = re.findall("<svg[^>]*>", page)
    assert len(pictures) > 5
    assert all("aria-hidden" in each or re.search('role="img" aria-label="[^"]{9}', each) for each in pictures)
    assert "Histogram of scores in percent: 0 to 10: 0, 10 to 20: 0, 20 to 30: 0, 30 to 40: 1," in page


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", '" onfocus=alert(1) x="', "a&b", "\u202eevil"])
def test_names_are_text(name):
    """Whatever a student, a section or a mistake is called."""
    hostile = [row(name, 0.0, name, name), row(f"{name}2", 0.0, name, f"{name}2")]
    page = page_of(class_of(*hostile, *(row(f"w{number}", 0.0, name, name) for number in range(5))))
    assert "<img" not in page and 'onfocus=alert(1) x=""' not in page
    assert "a&b" not in page


def test_look_alikes_stand_side_by_side_where_they_were_asked_for():
    """Off by default; asked for, both sides are text, with what they do not prove."""
    lab, people = class_of(row("ada", 1.0), row("bob", 1.0)), People(Classroom(Path("nowhere")), Path("nowhere"))
    for each in lab.rows:
        people.add(lab.name, each)
    assert "Look-alikes" not in report_page.page([lab], people, "both")
    side = [(3, "x = '<script>'"), None, (9, "y")]
    pair = Pair(lab.name, ("ada", "bob"), 0.75, (side, side))
    page = report_page.page([lab], people, "both", [pair])
    assert "Lab 1: <bdi>ada</bdi> and <bdi>bob</bdi>, 2 lines, 75% of the unusual code" in page
    assert (
        page.count("   3  <mark>x = &#39;&lt;script&gt;&#39;</mark>") == 2 and "This says nothing of who wrote" in page
    )
    assert "This does not say that each worked alone" in report_page.page([lab], people, "both", [])
