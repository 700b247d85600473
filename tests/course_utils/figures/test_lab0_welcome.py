"""The thermometer of Lab 0, which the student's `fahrenheit` reads; test_lab1_perceptron tests it as an explorer."""

import pytest

from course_utils import figures
from tests.course_utils.figures.drawing import fahrenheit, sliders


@pytest.mark.parametrize(
    ("celsius", "words_shown"), [(20, "20 °C is 68 °F"), (-30, "-30 °C is -22 °F"), (37, "37 °C is 98.6 °F")]
)
def test_the_headline_reads_the_students_rule(live, words, celsius, words_shown):
    """Wherever the slider stands, the figure tells what the student's function makes of that temperature."""
    figures.thermometer(fahrenheit)
    sliders(live[0])[0].value = celsius
    assert words == [words_shown]
