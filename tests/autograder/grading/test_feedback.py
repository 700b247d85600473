"""Feedback: what a student reads holds the findings and no hidden test, and nothing in it runs in a browser."""

import re
import shutil

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from nbgrader.api import Gradebook
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.classroom import Classroom
from autograder.engines.base import Incidents
from autograder.errors import CourseError
from autograder.grading import rendering
from autograder.grading.feedback import StudentView, noted_case, write_feedback
from autograder.nbgrader_patches import SubmissionFeedback
from autograder.notebooks.findings import add_case
from course_utils.verdict import Verdict
from tests.autograder import toy

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own
ATTACK = (
    '<script>alert(1)</script><img src="https://evil.example/x.png" onerror="alert(1)"><iframe src="//evil"></iframe>'
)


class Painted:
    """Stands for the kernel: gives each test cell a hand-made verdict and the first cell hostile outputs."""

    def run(self, nb, limits, folder, prelude, environment):
        for number, name in enumerate(toy.EXERCISES):
            verdict = Verdict(
                "grade", name, number / 2, toy.EXERCISES[name][0], "partial", f"{name}: <b>`x`</b> is wrong"
            )
            toy.find(nb, name).outputs = [new_output("execute_result", verdict.bundle())]
        nb.cells[0].outputs = [
            new_output("display_data", {"text/html": ATTACK, "application/javascript": "alert(1)"}),
            new_output("display_data", {"text/latex": ATTACK}),
            new_output("display_data", {"text/markdown": ATTACK}),
            new_output("display_data", {"image/svg+xml": f"<svg>{ATTACK}</svg>", "text/plain": "a picture"}),
            new_output("stream", name="stdout", text=ATTACK),
            new_output("error", ename="E", evalue=ATTACK, traceback=[ATTACK]),
        ]
        return Incidents()


@pytest.fixture(scope="module")
def built_toy(tmp_path_factory):
    """The toy lab, built once."""
    return toy.make_classroom(tmp_path_factory.mktemp("feedback") / "room")[0]


def copy_of(built_toy, root):
    """Return a copy of the built classroom in which nothing was handed in, and its configuration."""
    classroom = Classroom(shutil.copytree(built_toy.root, root))
    config = toy.toy_config(classroom)
    config.Execute.engine_class = Painted
    return classroom, config


@pytest.fixture(scope="module")
def page(built_toy, tmp_path_factory):
    """The feedback of a hostile student."""
    classroom, config = copy_of(built_toy, tmp_path_factory.mktemp("hostile") / "room")
    nb = toy.answered(classroom)
    nb.cells.append(
        new_markdown_cell(ATTACK + "\n\n[link](javascript:alert(1)) <details><summary>hint</summary>fold</details>")
    )
    nb.cells.append(new_code_cell(f"# {ATTACK}"))
    toy.hand_in(classroom, "<i>eve", nb)
    toy.autograde(classroom, config, "<i>eve")
    return next(classroom.feedback.rglob("*.html")).read_text(encoding="utf-8")


def test_findings_points_and_released_tests_are_shown(page):
    """The page shows each exercise's points and message, and the released text of its test."""
    assert "0.5 / 3" in page and "3 / 8" in page
    assert "&lt;b&gt;<code>x</code>&lt;/b&gt; is wrong" in page
    assert '<span class="s2">"double"</span>' in page


def test_no_hidden_test_is_shown(page):
    """Hidden tests, the word grade( and their inputs do not appear."""
    assert toy.SECRET not in page
    assert "HIDDEN" not in page and "grade</span>" not in page


def test_nothing_runs_in_the_browser(page):
    """Scripts, event handlers, frames, foreign pictures and script links are gone from outputs, text and names."""
    lowered = page.lower()
    for bad in ("<script", "<iframe", '<img src="https', "javascript:alert", "<i>eve", "<svg"):
        assert bad not in lowered
    assert not re.search(r"<[^<>]*\son\w+=", lowered)
    assert "content-security-policy" in lowered


def test_nothing_is_fetched(page):
    """The page is whole: no address is loaded when it is opened, and its policy forbids it too."""
    assert not re.search(r"""<(link|object|embed)\b|<[^>]*\s(src|srcset|poster)=["'](?!data:)|@import|url\(""", page)
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'\"" in page


def test_harmless_markup_is_kept(page):
    """Folded hints, tables and plain text survive."""
    assert "<details><summary>hint</summary>fold</details>" in page
    assert "a picture" in page


def test_manual_points_and_comments_are_shown(built_toy, tmp_path):
    """Points and comments that an instructor gave in the formgrader appear in the feedback."""
    classroom, config = copy_of(built_toy, tmp_path / "room")
    toy.hand_in(classroom, "ada", toy.answered(classroom))
    toy.autograde(classroom, config, "ada")
    with Gradebook(f"sqlite:///{classroom.gradebook}") as gradebook:
        gradebook.find_grade("square", toy.LAB, toy.LAB, "ada").manual_score = 2.75
        gradebook.find_comment("square_solution", toy.LAB, toy.LAB, "ada").manual_comment = "Nicely *reasoned*."
        gradebook.db.commit()
    write_feedback(config, "ada", toy.LAB)
    page = (classroom.feedback / "ada" / toy.LAB / f"{toy.LAB}.html").read_text(encoding="utf-8")
    assert "2.75 / 3" in page and "given by your instructor" in page
    assert "Nicely <em>reasoned</em>." in page


def handed_in(classroom):
    """Hand in a submission that shows all that a page can show; return its student."""
    nb = toy.answered(classroom, square="return 1")
    nb.cells.append(new_markdown_cell("**bold** $x^2$\n\n| a | b |\n|---|---|\n| 1 | 2 |"))
    nb.cells += [new_code_cell("x = 1  # öäü"), new_code_cell(""), new_raw_cell("raw <b>"), new_raw_cell(" ")]
    toy.hand_in(classroom, "ada", nb)
    toy.hand_in(classroom, "ada", b"1,2", "data.csv")
    return "ada"


@pytest.fixture(scope="module")
def graded_once(built_toy, tmp_path_factory):
    """A graded submission with hostile outputs, late and with points and comments by hand."""
    classroom, config = copy_of(built_toy, tmp_path_factory.mktemp("graded") / "room")
    student = handed_in(classroom)
    toy.grade(classroom, config)
    with Gradebook(f"sqlite:///{classroom.gradebook}") as book:
        book.find_grade("square", toy.LAB, toy.LAB, student).manual_score = 2.75
        book.find_comment("square_solution", toy.LAB, toy.LAB, student).manual_comment = "Nicely *reasoned*."
        book.find_submission_notebook(toy.LAB, toy.LAB, student).late_submission_penalty = 1.5
        book.db.commit()
    return classroom


@pytest.fixture
def graded(graded_once, tmp_path):
    """A copy of it; returns classroom and configuration."""
    return copy_of(graded_once, tmp_path / "room")


def folder_of(classroom):
    return classroom.feedback / "ada" / toy.LAB


def page_of(classroom):
    return (folder_of(classroom) / f"{toy.LAB}.html").read_text(encoding="utf-8")


def test_the_page_is_the_one_that_nbgrader_makes_of_the_same_steps(graded):
    """Byte for byte what ``nbgrader generate_feedback`` writes with the course's steps and template."""
    classroom, config = graded
    write_feedback(config, "ada", toy.LAB)
    ours = page_of(classroom)
    course = CourseDirectory(config=config, student_id="ada", assignment_id=toy.LAB)
    BaseConverter.start(SubmissionFeedback(coursedir=course, config=config, force=True))
    assert page_of(classroom) == ours
    assert "2.75 / 3" in ours and "1.5 points were taken off" in ours and "Nicely <em>reasoned</em>." in ours


def test_nothing_that_was_handed_in_is_given_back(graded):
    """Files beside a notebook, and whatever else stands in the folder of feedback, go; the page stays."""
    classroom, config = graded
    assert (classroom.autograded / "ada" / toy.LAB / "data.csv").exists()
    assert [path.name for path in folder_of(classroom).iterdir()] == [f"{toy.LAB}.html"]
    (folder_of(classroom) / "evil").mkdir()
    (folder_of(classroom) / "evil" / "evil.html").touch()
    (folder_of(classroom) / "link.html").symlink_to("/etc/hostname")
    write_feedback(config, "ada", toy.LAB)
    assert [path.name for path in folder_of(classroom).iterdir()] == [f"{toy.LAB}.html"]


@pytest.mark.parametrize("in_the_way", ["page is a folder", "page is a link", "folder is a file", "folder is a link"])
def test_the_page_is_written_whatever_stands_in_its_way(graded, tmp_path, in_the_way):
    """What an earlier version or a person left under the name of page or folder is replaced, and no link followed."""
    classroom, config = graded
    shutil.rmtree(folder_of(classroom))
    other = tmp_path / "other"
    other.mkdir()
    (other / "kept.html").write_text("kept")
    page = folder_of(classroom) / f"{toy.LAB}.html"
    if in_the_way == "page is a folder":
        (page / "x").mkdir(parents=True)
    elif in_the_way == "page is a link":
        page.parent.mkdir()
        page.symlink_to(other / "kept.html")
    elif in_the_way == "folder is a file":
        page.parent.write_text("")
    else:
        page.parent.symlink_to(other)
    write_feedback(config, "ada", toy.LAB)
    assert page.is_file() and not page.is_symlink() and "2.75 / 3" in page_of(classroom)
    assert (other / "kept.html").read_text() == "kept" and len(list(other.iterdir())) == 1


@pytest.mark.parametrize(
    "name",
    [
        f"{toy.LAB}.html/x.txt",
        ".graded.json/x",
        f"{toy.LAB}_files/x.txt",
        f".{toy.LAB}.old/x",
        f"{toy.LAB}.html.part/x",
    ],
)
def test_no_handed_in_name_is_in_the_way_of_what_grading_writes(built_toy, tmp_path, name):
    """A folder under the name of the page, the stamp or a half-written file costs nothing."""
    classroom, config = copy_of(built_toy, tmp_path / "room")
    path = toy.hand_in(classroom, "ada", toy.answered(classroom)) / name
    path.parent.mkdir()
    path.write_text("a student's")
    for _ in range(2):
        assert [outcome.word for outcome in toy.grade(classroom, config, regrade=True)] == ["graded"]
        assert [path.name for path in folder_of(classroom).iterdir()] == [f"{toy.LAB}.html"]
    assert [outcome.word for outcome in toy.grade(classroom, config)] == ["unchanged"]


def test_the_plain_page_shows_all_text_as_it_was_typed(graded):
    """Where rendering took too much, a page without Markdown, colours and HTML has the points and every text."""
    classroom, config = graded
    write_feedback(config, "ada", toy.LAB, plain=True)
    page = page_of(classroom)
    assert "2.75 / 3" in page and "<pre>**bold** $x^2$" in page and "<pre>Nicely *reasoned*.</pre>" in page
    assert "<math" not in page and '<span class="n">' not in page and "<script" not in page.lower()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and toy.SECRET not in page
    write_feedback(config, "ada", toy.LAB)
    assert "<math" in page_of(classroom)


def test_the_plain_page_calls_no_parser(graded, monkeypatch):
    """Nothing whose time depends on what a student wrote is used for it."""
    for name in ("markdown_to_html", "Cleaner", "highlight"):
        monkeypatch.setattr(rendering, name, lambda *arguments, **more: pytest.fail("a parser was called"))
    write_feedback(graded[1], "ada", toy.LAB, plain=True)


def test_a_step_of_the_courses_own_is_taken(graded):
    """What a course adds to nbgrader's list for feedback runs in its place, by class or by name."""

    class Signed(NbGraderPreprocessor):
        def preprocess(self, nb, resources):
            nb.cells.append(new_markdown_cell(f"Signed for {resources['nbgrader']['student']}"))
            return nb, resources

    classroom = graded[0]
    config = toy.toy_config(classroom)
    config.GenerateFeedback.preprocessors = ["nbgrader.preprocessors.GetGrades", StudentView, Signed]
    write_feedback(config, "ada", toy.LAB)
    assert "Signed for ada" in page_of(classroom)


def test_a_submission_that_was_never_graded_has_no_feedback(built_toy, tmp_path):
    """It is an error in words."""
    _, config = copy_of(built_toy, tmp_path / "room")
    with pytest.raises(CourseError, match="no grades yet"):
        write_feedback(config, "ada", toy.LAB)


@pytest.mark.parametrize(
    "signature, names",
    [("neuron(x, w, b)", ["x", "w", "b"]), ("neuron(x)", ["argument 1", "argument 2", "argument 3"])],
)
def test_a_case_names_its_arguments_as_the_lab_does(signature, names):
    """Names come from the released notebook, where as many are known; what came back has its own."""
    nb, released = new_notebook(), new_notebook(cells=[new_code_cell(f"def {signature}:\n    ...")])
    released.cells[0].metadata["nbgrader"] = {"grade_id": "neuron_solution", "solution": True, "grade": False}
    add_case(nb, "neuron", {"message": "", "rows": [["", "1"], ["", "2"], ["", "3"], ["came back: output", "4"]]})
    assert [name for name, _ in noted_case(nb, "neuron", released)["rows"]] == [*names, "came back: output"]
    assert noted_case(nb, "dense", released) is None
