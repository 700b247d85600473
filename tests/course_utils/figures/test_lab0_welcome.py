"""The thermometer of Lab 0, which the student's `fahrenheit` reads; test_lab1_perceptron tests it as an explorer."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from bench import prepare_opening
from course_utils import figures
from course_utils.figures import lab0_welcome
from tests.course_utils.figures.drawing import fahrenheit, sliders


@pytest.mark.parametrize(
    ("celsius", "words_shown"), [(20, "20 °C is 68 °F"), (-30, "-30 °C is -22 °F"), (37, "37 °C is 98.6 °F")]
)
def test_the_headline_reads_the_students_rule(live, words, celsius, words_shown):
    """Wherever the slider stands, the figure tells what the student's function makes of that temperature."""
    figures.thermometer(fahrenheit)
    sliders(live[0])[0].value = celsius
    assert words == [words_shown]


def test_the_opening_moves_once_and_ends_with_what_was_learned(shown):
    """It ends within five seconds, stands still in print, and its words tell beginning and end."""
    figures.opening()
    [picture] = shown
    film = Image.open(io.BytesIO(picture.png))
    seconds, still = 0.0, np.asarray(film.convert("RGB"))
    for number in range(1, film.n_frames):
        film.seek(number)
        seconds += film.info["duration"] / 1000
    assert film.info["loop"] == 1 and 3 < seconds < 5 and len(picture.png) < 400_000
    assert np.array_equal(np.asarray(film.convert("RGB")), still) and tuple(still[0, 0]) == (255, 255, 255)
    assert "after 800 steps" in picture.words and "100% of the points are on their side" in picture.words


def test_the_prepared_network_is_the_one_that_its_command_trains():
    """The weights that ship are those of `python -m bench.prepare_opening`, up to rounding."""
    moments = json.loads(lab0_welcome.PREPARED.read_text())
    assert [moment["step"] for moment in moments] == [*prepare_opening.STEPS]
    for kept, weights in zip(moments, prepare_opening.trained()):
        assert all(np.allclose(old, new, atol=2e-3) for old, new in zip(kept["weights"], weights))
