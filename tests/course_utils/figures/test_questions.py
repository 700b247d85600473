"""The figures of questions: drawn from prepared data, with words, and without any code that tells the answer."""

import base64

import pytest

from bench import prepare_questions
from course_utils import explorers
from course_utils.figures import frames, questions
from tests.course_utils.figures.drawing import touches_the_edge


@pytest.mark.parametrize("name", questions.prepared())
def test_every_figure_is_drawn_with_its_words(name, shown, monkeypatch):
    """Each figure is a picture with a text for readers who cannot see it, and nothing in it is cut off."""
    monkeypatch.setattr(frames, "SHARP", 1)
    explorers.question_figure(name)
    (picture,) = shown
    data = picture._repr_mimebundle_()[0]
    assert questions.prepared()[name]["words"] in data["text/plain"]
    assert not touches_the_edge(base64.b64decode(data["image/png"]))


def test_the_prepared_figures_are_those_that_the_script_makes():
    """Made again, each figure is the one in the file."""
    assert prepare_questions.FILE == questions.PREPARED

    def numbers(value):
        if isinstance(value, dict):
            return [number for each in value.values() for number in numbers(each)]
        if isinstance(value, list):
            return [number for each in value for number in numbers(each)]
        return [value]

    made = prepare_questions.rounded(prepare_questions.figures())
    assert list(made) == list(questions.prepared())
    for name, figure in questions.prepared().items():
        found, wanted = numbers(made[name]), numbers(figure)
        assert len(found) == len(wanted)
        assert all(a == b or b == pytest.approx(a, rel=1e-3, abs=1e-6) for a, b in zip(found, wanted)), name
