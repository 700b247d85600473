"""Reports: two tables that no spreadsheet runs, and one page that needs nothing else."""

import csv
import re
from urllib.parse import unquote

import pytest
from markupsafe import escape
from nbformat.v4 import new_output
from nbgrader.api import Gradebook

from autograder.engines.base import Incidents
from autograder.grading import report, report_page, stamps
from course_utils.verdict import Verdict
from tests.autograder import toy

EVIL = "@SUM(A1) <img src=x onerror=alert(1)>"
ROWS = {"ada": "passed", "bob": "bias_forgotten", "cy": "bias_forgotten", "dan": "wrong_axis", EVIL: "unfinished"}
pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own


def painter(kind):
    """Return an engine class that gives `double` one kind of verdict and the rest full marks."""

    class Painter:
        def run(self, nb, limits, folder, prelude, environment):
            for name, (points, _) in toy.EXERCISES.items():
                verdict = Verdict("grade", name, points, points, "passed", f"{name}: right.")
                if name == "double" and kind == "unfinished":
                    verdict = Verdict("grade", name, 0.0, points, "unfinished", "-double: not finished.")
                elif name == "double" and kind != "passed":
                    verdict = Verdict("grade", name, 0.0, points, "failed", "double: wrong values.", kind)
                toy.find(nb, name).outputs = [new_output("execute_result", verdict.bundle())]
            return Incidents({0: "it printed a lot."} if kind == "wrong_axis" else {})

    return Painter


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class of six, one of whom handed in nothing; returns classroom, configuration and results."""
    classroom, config = toy.make_classroom(tmp_path_factory.mktemp("report"))
    for student, kind in ROWS.items():
        toy.hand_in(classroom, student, toy.answered(classroom))
        config.Execute.engine_class = painter(kind)
        toy.autograde(classroom, config, student)
    (classroom.submitted / "zoe").mkdir()
    return classroom, config, report.write(classroom, config)


def rows(classroom, name):
    with open(classroom.reports / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def text(classroom):
    return (classroom.reports / "index.html").read_text(encoding="utf-8")


def test_grades_have_one_row_a_student(graded):
    """grades.csv has student, lab, score and max_score of everyone; who handed in nothing has no score, not 0."""
    table = rows(graded[0], "grades.csv")
    assert list(table[0]) == ["student", "name", "lab", "score", "max_score", "engine"]
    assert {row["student"]: (row["score"], row["max_score"]) for row in table} == {
        "ada": ("8", "8"),
        "bob": ("6", "8"),
        "cy": ("6", "8"),
        "dan": ("6", "8"),
        f"'{EVIL}": ("6", "8"),
        "zoe": ("", "8"),
    }


def test_exercises_have_one_row_a_grade_id(graded):
    """exercises.csv has one row for each student and exercise, with a finding where points are missing."""
    table = rows(graded[0], "exercises.csv")
    assert list(table[0]) == ["student", "name", "lab", "exercise", "score", "max_score", "finding"]
    assert len(table) == 6 * len(toy.EXERCISES)
    assert all((row["score"] == row["max_score"]) == (row["finding"] == "") for row in table)


def test_no_cell_is_a_formula(graded):
    """No cell of a table begins with a sign that a spreadsheet takes for a formula."""
    for name in ("grades.csv", "exercises.csv"):
        for row in rows(graded[0], name):
            assert not any(value.startswith(("=", "+", "-", "@")) for value in row.values())


@pytest.mark.parametrize(
    "value, cell",
    [
        ("=1+1", "'=1+1"),
        ("  -x", "'-x"),
        ("a\nb\rc", "a b c"),
        (2.5, "2.5"),
        (3.0, "3"),
        (0.1 + 0.2, "0.3"),
        ("1-2", "1-2"),
        ("a; =cmd|'/c calc'!A1", "a; '=cmd|'/c calc'!A1"),
        ("a;\u200b\ufeff=1", "a;\u200b\ufeff'=1"),
        ("a|@SUM(A1)", "a|'@SUM(A1)"),
        ('a;"=1"', 'a;"\'=1"'),
        ("\u200b=1", "\u200b'=1"),
        ("\x00\x1b=1", "'=1"),
        ("\u00ad\u034f\u3164\u2800=1", "\u00ad\u034f\u3164\u2800'=1"),
        ("＝1+1", "'＝1+1"),
        ("expected (3, -1); got -1 = x", "expected (3, -1); got -1 = x"),
    ],
)
def test_csv_cells(value, cell):
    """Numbers are written shortly; text is one line and never a formula."""
    assert report.csv_cell(value) == cell


def test_tables_and_page_say_how_each_submission_was_graded(graded):
    """grades.csv names the engine of each row; the page says how many scores rest on trust, and marks them."""
    classroom, config, _ = graded
    stamps.write_stamp(classroom.autograded / "bob" / toy.LAB / stamps.STAMP, {"engine": "plain"})
    stamps.write_stamp(classroom.autograded / "cy" / toy.LAB / stamps.STAMP, {"engine": "sealed"})
    report.write(classroom, config)
    engines = {row["student"]: row["engine"] for row in rows(classroom, "grades.csv")}
    assert (engines["bob"], engines["cy"], engines["zoe"]) == ("plain", "sealed", "")
    assert "1 score rests on trust (1 by the engine plain)" in text(classroom)
    assert len(re.findall("This score rests on trust", text(classroom))) == 1
    for student in ("bob", "cy"):
        (classroom.autograded / student / toy.LAB / stamps.STAMP).unlink()
    report.write(classroom, config)
    assert "rest" not in re.sub("(?s)<style>.*?</style>", "", text(classroom))


def test_page_needs_nothing_else(graded):
    """The page holds no script and no address but those of its own pages: it can be archived and printed."""
    page = text(graded[0]).replace(escape(EVIL), "")
    assert "<script" not in page and "<link" not in page and "@import" not in page and "src=" not in page
    links = set(re.findall(r'href="([^"#]+)', page))
    assert all((graded[0].reports / unquote(link)).is_file() for link in links)
    assert {unquote(link).split("/")[2] for link in links} == set(ROWS)
    assert "http" not in page.replace("http-equiv", "")


def test_page_escapes_names(graded):
    """A student's name is text, whatever it contains."""
    assert "<img" not in text(graded[0])
    assert "@SUM(A1) &lt;img src=x onerror=alert(1)&gt;" in text(graded[0])


def test_page_tells_shares_and_mistakes(graded):
    """For each exercise the page shows the share that passed and the most frequent mistakes first."""
    view = report_page.lab_view(graded[2][0])
    double = next(each for each in view["exercises"] if each["name"] == "double")
    assert double["reached"] == {"passed": 1, "failed": 3, "unfinished": 1}
    assert [(reason["name"], reason["count"]) for reason in double["reasons"]] == [("bias forgotten", 2)]
    assert [reason["students"] for reason in double["all_reasons"]] == [["bob", "cy"], ["dan"]] and double[
        "others"
    ] == 1
    assert text(graded[0]).index("bias forgotten") < text(graded[0]).index("wrong axis")
    assert "20% passed" in text(graded[0])


def test_page_shows_points_percent_and_histogram(graded):
    """The page shows each student's points and percent, and a histogram of those who handed in, who are counted."""
    view = report_page.lab_view(graded[2][0])
    assert sum(view["bins"]) == 5 and view["bins"][9] == 1 and view["bins"][7] == 4
    assert "6 / 8" in text(graded[0]) and "75%" in text(graded[0])
    assert text(graded[0]).count('class="column"') == 2
    assert "of 6 students handed in" in text(graded[0]) and '<td class="right">not handed in</td>' in text(graded[0])


def test_names_of_the_roster_stand_beside_the_ids(graded):
    """Who is in the roster has a row without a folder, blank, with the name as text; who is not, has the id alone."""
    classroom, config, _ = graded
    classroom.roster.write_text("id,name\nada,Ada \u202eL\nyan,<b>Yan</b>\n", encoding="utf-8")
    try:
        results = report.write(classroom, config)
        by_id = {row["student"]: row for row in rows(classroom, "grades.csv")}
        assert (by_id["yan"]["name"], by_id["yan"]["score"], by_id["bob"]["name"]) == ("<b>Yan</b>", "", "")
        assert {row["name"] for row in rows(classroom, "exercises.csv")} == {"Ada L", "<b>Yan</b>", ""}
        assert '<bdi>&lt;b&gt;Yan&lt;/b&gt;</bdi> <span class="hint"><bdi>yan</bdi></span>' in text(classroom)
        assert (results[0].students, results[0].absent, len(results[0].percents)) == (7, 2, 5)
    finally:
        classroom.roster.unlink()
        report.write(classroom, config)


def test_outcomes_differ_by_sign_and_pattern(graded):
    """No outcome is told by colour alone: each has a sign, words and, but for full marks, a pattern."""
    signs = {sign for _, _, _, sign in report_page.OUTCOMES}
    assert len(signs) == len(report_page.OUTCOMES)
    assert all(f'id="{key}"' in text(graded[0]) for key, *_ in report_page.OUTCOMES[1:])


def test_findings_of_submissions_are_listed(graded):
    """What was found in a submission is listed under its student."""
    assert "In the cell setup: it printed a lot." in text(graded[0])


def test_reports_are_the_same_when_nothing_changed(graded):
    """Writing the reports again gives the same bytes."""
    before = {path.name: path.read_bytes() for path in graded[0].reports.iterdir()}
    report.write(graded[0], graded[1])
    assert {path.name: path.read_bytes() for path in graded[0].reports.iterdir()} == before


def test_points_given_by_hand_count(graded):
    """Points that an instructor gave replace those of the test, in tables and page."""
    classroom, config, _ = graded
    with Gradebook(f"sqlite:///{classroom.gradebook}") as gradebook:
        gradebook.find_grade("double", toy.LAB, toy.LAB, "bob").manual_score = 2
        gradebook.db.commit()
    results = report.write(classroom, config)
    bob = next(row for row in results[0].rows if row.student == "bob")
    assert (bob.score, bob.results["double"].outcome, bob.results["double"].in_words) == (8.0, "passed", "")


def test_empty_classroom_has_an_empty_report(tmp_path):
    """A classroom without submissions gets tables without rows and a page that says so."""
    classroom, config = toy.make_classroom(tmp_path)
    assert report.write(classroom, config) == []
    assert "Nothing was graded yet" in text(classroom)
