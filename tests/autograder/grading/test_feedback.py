"""Feedback: what a student reads holds the findings and no hidden test, and nothing in it runs in a browser."""

import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from autograder.engines.base import Incidents
from autograder.grading.feedback import clean, inline, safe, write_feedback
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
def page(tmp_path_factory):
    """The feedback of a hostile student."""
    classroom, config = toy.make_classroom(tmp_path_factory.mktemp("feedback"))
    config.Execute.engine_class = Painted
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


@pytest.mark.parametrize(
    "html, kept",
    [
        ("<b style='color: red; position: fixed'>x</b>", '<b style="color: red;">x</b>'),
        ("<style>p {color: red}</style><p>x</p>", "<p>x</p>"),
        ("<a href='https://example.org'>x</a>", '<a href="https://example.org">x</a>'),
        ("<a href=' javascript:alert(1)'>x</a>", "<a>x</a>"),
        ("<img src='data:image/png;base64,AA' onload='alert(1)'>", '<img src="data:image/png;base64,AA">'),
        ("<form action='/x'><input></form>", ""),
        ("<scr<script></script>ipt>alert(1)</script>", "alert(1)"),
    ],
)
def test_clean_keeps_only_what_a_page_may_show(html, kept):
    """HTML from a student's outputs is reduced to tags, attributes and styles that cannot act."""
    assert clean(html) == kept


def test_widgets_fall_back_to_their_text():
    """An output that needs scripts is shown in its best plain form."""
    output = new_output(
        "display_data", {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "IntSlider(value=1)"}
    )
    assert safe(output).data == {"text/plain": "IntSlider(value=1)"}


def test_backticks_become_code_and_the_rest_is_escaped():
    """A message shows what stands in backticks as code, and never as HTML."""
    assert inline("`<b>` & x") == "<code>&lt;b&gt;</code> &amp; x"


def test_manual_points_and_comments_are_shown(tmp_path):
    """Points and comments that an instructor gave in the formgrader appear in the feedback."""
    from nbgrader.api import Gradebook

    classroom, config = toy.make_classroom(tmp_path)
    config.Execute.engine_class = Painted
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
