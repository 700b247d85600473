"""Verdicts: a score in points, a card, and JSON for the reports."""

import pytest

from course_utils.checks import check
from course_utils.verdict import LOOK, MIME_TYPE, Assessment, Verdict


def test_the_card_shows_code_and_no_html_of_the_student():
    """What a student's code says is escaped; names stand as code."""

    def neuron(x, w, b):
        raise ValueError("<script>alert(1)</script>")

    html = check("neuron", {"neuron": neuron})._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "<code>neuron</code>" in check("neuron", {})._repr_html_()


@pytest.mark.parametrize(
    ("fraction", "score"), [(0.0, 0.0), (1 / 3, 0.67), (0.5, 1.0), (1.0, 2.0), (7.0, 2.0), (-1.0, 0.0)]
)
def test_a_fraction_becomes_points(fraction, score):
    """The score is the share of the points, rounded to two digits, and never outside of 0 and all points."""
    verdict = Verdict.of("grade", "toy", "toy (NumPy)", 2, Assessment(fraction, "partial", "almost.", "doubled"))
    assert float(verdict) == score and repr(verdict) == repr(score)
    assert verdict.message == "toy (NumPy): almost." and verdict.diagnosis == "doubled"


@pytest.mark.parametrize("status", LOOK)
def test_every_status_has_a_card(status):
    """The card says its status in a word, and the output carries the verdict as JSON too."""
    verdict = Verdict.of("check", "toy", "toy", 2, Assessment(0.5, status, "use `x`."))
    data = verdict.bundle()
    assert LOOK[status][2] in data["text/html"] and "<code>x</code>" in data["text/html"]
    assert data[MIME_TYPE]["status"] == status and data["text/plain"] == "1.0"


def test_a_card_says_a_thing_once():
    """Not that it is not finished twice, nor one points."""
    card = Verdict.of("check", "x", "x (NumPy)", 1, Assessment(0, "unfinished", "not finished: `x` is empty."))
    assert card.words == "`x` is empty." and card._repr_html_().count("not finished") == 1
    assert "0 of 1 point<" in card._repr_html_()
    card = Verdict.of("check", "x", "x", 1, Assessment(1, "passed", "right: each sample once."))
    assert "<br>Each sample once." in card._repr_html_()
