"""Who needs help, and how sections compare."""

import pytest

from autograder.classroom import Classroom
from autograder.grading.lab_results import LabResults, Result, Row
from autograder.grading.report_people import FEW, People, gaps, listed, sections

LABS = ("lab1", "lab2", "lab3")


def row(student, percent, section="", tried=True):
    """Return the row of a student; None: nothing was handed in."""
    if percent is None:
        return Row(student, 0.0, 100.0, {"a": Result(0.0, 100.0, "missing")}, [], absent=True)
    status = "failed" if tried else "unfinished"
    return Row(student, percent, 100.0, {"a": Result(percent, 100.0, status)}, [], section=section)


def gathered(tmp_path, percents, tried=True):
    """Return the people of three labs, and the labs, from each student's percents."""
    classroom = Classroom(tmp_path)
    people, labs = People(classroom, classroom.reports), []
    for number, name in enumerate(LABS):
        rows = [row(student, own[number], tried=tried) for student, own in percents.items() if number < len(own)]
        for each in rows:
            people.add(name, each)
        labs.append(LabResults(name, f"Lab {number + 1}: More", {"a": 100.0}, rows))
    return people, labs


@pytest.mark.parametrize(
    ("own", "reasons"),
    [
        ((80, 80, 80), []),
        ((50, 50, 50), []),
        ((80, 20, 40), ["47% on average"]),
        ((80, None, 80), ["handed in nothing for Lab 2"]),
        ((None, None, 40), ["handed in nothing for Lab 1 and Lab 2", "40% on average"]),
        ((90, 90, 60), ["fell back by 30 percentage points in the newest lab"]),
        ((100, 100, None), ["handed in nothing for Lab 3"]),
    ],
)
def test_reasons(tmp_path, own, reasons):
    """Each reason is said, and what is missing lowers no mean."""
    people, labs = gathered(tmp_path, {"ada": own, **{f"b{number}": (80, 80, 80) for number in range(4)}})
    found = {person.id: person.reasons for person in people.in_need(labs)}
    assert found == ({"ada": reasons} if reasons else {})


def test_a_harder_lab_is_no_fall(tmp_path):
    """Where the whole class has less in a lab, nobody fell back; nor who keeps a level that the others leave."""
    percents = {f"b{number}": (90, 90, 60) for number in range(5)}
    people, labs = gathered(tmp_path, {**percents, "ada": (60, 60, 60), "bob": (95, 95, 65)})
    assert people.in_need(labs) == [] and people.all["bob"].change == people.all["ada"].change == 0.0
    rising = {f"b{number}": (60, 60, 95) for number in range(5)}
    people, labs = gathered(tmp_path, {**rising, "ada": (60, 60, 60)})
    assert people.in_need(labs) == []


def test_a_lab_that_few_handed_in_yet_is_missed_by_nobody(tmp_path):
    """One early hand-in makes no list of those who did not."""
    percents = {f"b{number}": (80, 80, None) for number in range(5)}
    people, labs = gathered(tmp_path, {**percents, "early": (80, 80, 80)})
    assert people.in_need(labs) == []


def test_who_could_not_be_judged_is_no_matter_of_knowledge(tmp_path):
    """Where no exercise was tried, as in a file that is no notebook, that is the reason."""
    people, labs = gathered(tmp_path, {"ada": (0, 0, 0)}, tried=False)
    [ada] = people.in_need(labs)
    assert ada.reasons == ["nothing to judge in any lab", "0% on average"]


def test_what_is_missing_is_0_where_the_instructor_says_so(tmp_path):
    """Then it is in the mean, and no fall besides."""
    people, labs = gathered(tmp_path, {"ada": (80, 80, None), **{f"b{number}": (80, 80, 80) for number in range(4)}})
    zero = row("ada", None)
    zero.absent_is_zero = True
    people.add("lab3", zero)
    [ada] = people.in_need(labs)
    assert ada.reasons == ["handed in nothing for Lab 3"] and ada.mean == pytest.approx(160 / 3) and ada.change == 0.0


def test_most_reasons_come_first(tmp_path):
    """Then the lowest mean, then the name."""
    percents = {"a": (80, 80, 80), "b": (80, 80, 80), "c": (80, 80, 80), "low": (10, 10, 10), "lower": (0, 5, 5)}
    people, labs = gathered(tmp_path, {**percents, "gone": (30, None, 30), "d": (80, 80, 80)})
    assert [person.id for person in people.in_need(labs)] == ["gone", "lower", "low"]


def test_names_lead_to_pages_that_are_there(tmp_path):
    """The address is that of the page from where the report stands, whatever the name holds; without one is no link."""
    classroom = Classroom(tmp_path)
    student = 'a "b" #1?%41 ü'
    page = classroom.feedback / student / "lab1" / "lab1.html"
    page.parent.mkdir(parents=True)
    page.write_text("")
    people = People(classroom, classroom.reports / "chosen")
    for lab in LABS:
        people.add(lab, row(student, 10))
    assert people.all[student].pages == {"lab1": "../../feedback/a%20%22b%22%20%231%3F%2541%20%C3%BC/lab1/lab1.html"}
    assert people.all[student].page == people.all[student].pages["lab1"]


def section_labs(count):
    rows = [row(f"a{number}", 80, "A") for number in range(count)] + [row(f"b{number}", 40, "B") for number in range(6)]
    return [LabResults("lab1", "Lab 1", {"a": 100.0}, [*rows, row("c", 10), row("d", None)])]


def test_sections_are_compared():
    """By median and count of those who handed in; an exercise in which they differ much is named."""
    labs = section_labs(7)
    assert [(line.name, line.labs) for line in sections(labs)] == [
        ("A", {"lab1": (7, 80.0)}),
        ("B", {"lab1": (6, 40.0)}),
    ]
    [gap] = gaps(labs)
    assert (gap.exercise, gap.best, gap.best_share, gap.least, gap.least_share) == ("a", "A", 0.8, "B", 0.4)
    assert gaps(section_labs(FEW - 1)) == []
    assert sections([LabResults("lab1", "Lab 1", {"a": 100.0}, [row("a", 1, "A")])]) == []


def test_words_are_listed():
    """As a sentence lists them."""
    assert [listed("abc"[:number]) for number in (1, 2, 3)] == ["a", "a and b", "a, b and c"]


def test_who_was_renamed_is_one_student(tmp_path):
    """The old name of a renamed folder is no student more, unless other work stands under it."""
    people, _ = gathered(tmp_path, {"ada2": (80,), "bob": (None,)})
    people.add("lab1", Row("ada", 0.0, 100.0, {}, [], open=True, gone=True, moved_to="ada2"))
    assert people.count == 2 and "lab1" not in people.all["ada"].open
    people.add("lab2", row("ada", 70))
    assert people.count == 3
