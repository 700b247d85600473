"""What `progress` shows: what was judged, what comes next, and the details folded away."""

import re

import pytest

from course_utils.standing import Progress
from course_utils.verdict import Assessment, Verdict

NAMES = {"dense_numpy": "dense", "dense_torch": "DenseTorch", "deep": "deep", "quiz": "answer_q1"}


def verdict(name, status, points=3, label=None):
    share = {"passed": 1, "answered": 1, "partial": 0.5}.get(status, 0)
    return Verdict.of("check", name, label or name, points, Assessment(share, status, f"it is {status}."))


def standing(quiz="answered", **statuses):
    """Return the progress of a lab with a quiz of 5 points."""
    verdicts = [verdict(name, status) for name, status in statuses.items()]
    return Progress([*verdicts, verdict("quiz", quiz, points=5)], ["quiz"], NAMES)


def test_a_quiz_counts_only_when_somebody_has_judged_it():
    """Answers that nobody has judged are in no total, in neither form."""
    shown = standing(dense_numpy="passed", dense_torch="passed", deep="partial")
    for text in (repr(shown), shown._repr_html_()):
        assert "7.5 of 9 points; the quiz (5 points) counts after grading" in text and "?/5" in text
    assert "the quiz (5 points) has open questions" in repr(standing("unfinished", deep="passed"))


@pytest.mark.parametrize(
    ("statuses", "words"),
    [
        (
            {"dense_numpy": "passed", "dense_torch": "failed", "deep": "unfinished"},
            "Mend dense_torch next: it is failed.",
        ),
        ({"dense_numpy": "passed", "deep": "unfinished"}, "Finish deep next: it is unfinished."),
        ({"dense_numpy": "passed", "deep": "missing"}, "Finish deep next: it is missing."),
        ({"dense_numpy": "passed", "deep": "passed"}, "All that is judged here is right. Well done!"),
        ({"dense_numpy": "missing", "dense_torch": "missing"}, "may have been restarted: dense"),
        (
            {"dense_numpy": "missing", "dense_torch": "missing", "deep": "passed"},
            "restarted: dense, DenseTorch. Run the",
        ),
        ({}, "Every question is answered."),
    ],
)
def test_it_says_what_to_do_next(statuses, words):
    """First what must be mended, then what is open; after a restart the names that must be defined again."""
    assert words in repr(standing(**statuses)) and words in standing(**statuses)._repr_html_()


def test_it_opens_with_a_bar_and_folds_the_details():
    """A bar with its words and the total come first; each exercise stands once, in a table that is folded."""
    html = standing(dense_numpy="passed", deep="failed")._repr_html_()
    assert html.index('aria-label="3 of 6 points"') < html.index("3 of 6 points;") < html.index("<details>")
    assert "width:50.0%" in html
    (table,) = re.findall("<table>.*</table>", html)
    assert table.count("<tr>") == 3 and table.count("dense_numpy") == 1 and "it is passed" not in table


def test_what_a_student_wrote_is_escaped():
    """Messages may quote the student."""
    shown = Progress([Verdict.of("check", "a", "a", 1, Assessment(0, "error", "<script>"))])
    assert "<script>" not in shown._repr_html_()


def test_there_is_a_small_celebration_when_all_is_right():
    """It falls into place once, holds still for who wants no motion, and says nothing to a screen reader."""
    html = standing(dense_numpy="passed", deep="passed")._repr_html_()
    assert html.count("course-confetti ") == 30 and 'aria-hidden="true"' in html and "prefers-reduced-motion" in html
    for other in (standing(dense_numpy="passed", deep="failed"), standing("unfinished", deep="passed"), standing()):
        assert "confetti" not in other._repr_html_()


def test_code_in_a_message_is_set_as_code():
    """What stands between backticks, in what to do next and in the table."""
    wrong = Verdict.of("check", "deep", "deep", 3, Assessment(0, "failed", "`deep` <b> is wrong"))
    html = Progress([wrong])._repr_html_()
    assert html.count("<code>deep</code> &lt;b&gt; is wrong") == 2 and "0 of 3 points" in html


def test_nobody_is_pressed_to_do_what_is_optional():
    """An open exercise of 0 points is listed, and neither comes next nor stands between the student and the praise."""
    verdicts = [verdict("dense_numpy", "passed"), verdict("bonus", "missing", points=0), verdict("deep", "passed")]
    shown = repr(Progress(verdicts, [], NAMES | {"bonus": "bonus"}))
    assert "Well done!" in shown and "missing  bonus" in shown and "Not in this kernel" not in shown
