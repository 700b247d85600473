"""Lab 5a's network while it reads a tune: what it expects next, and what its hidden units do."""

import numpy as np
import pytest

from course_utils import figures
from course_utils.figures import widgets
from course_utils.tunes import ALPHABET, END, next_characters
from tests.course_utils.figures import language
from tests.course_utils.figures.drawing import picture, pixels, sliders, touches_the_edge

TUNE, PARAMETERS = language.TUNES[0], language.parameters()


def next_character(unroll, temper=language.temper, letters=language.LETTERS):
    figures.next_character(unroll, temper, PARAMETERS, letters, TUNE)


def hidden_units(unroll, letters=language.LETTERS):
    figures.hidden_units(unroll, PARAMETERS, letters, TUNE)


every_explorer = pytest.mark.parametrize("explorer", [next_character, hidden_units], ids=lambda each: each.__name__)


@every_explorer
def test_every_slider_redraws_a_picture_of_the_same_size(live, explorer):
    """Each slider changes the picture, whose size stays; no word is cut off; there and back is the same picture."""
    explorer(language.unroll)
    (box,) = live
    first = picture(box)
    for slider in sliders(box):
        start = slider.value
        for value in {slider.min, slider.max} - {start}:
            slider.value = value
            assert picture(box) != first, slider.description
            assert pixels(picture(box)).shape == pixels(first).shape and not touches_the_edge(picture(box))
        slider.value = start
        assert picture(box) == first


def test_the_headline_tells_what_network_and_rules_give_to_what_comes(live, words):
    """The numbers are the softmax of the student's logits behind the place, and the grammar's own probability."""
    next_character(language.unroll)
    sliders(live[0])[0].value = place = 31
    numbers = np.array([[language.LETTERS.index(letter) for letter in END + TUNE[:place]]])
    logits = language.unroll(numbers, np.zeros((1, 24)), PARAMETERS)[1][0, -1]
    p, rules = language.temper(logits, 1.0), next_characters(TUNE[:place])[-1]
    comes = TUNE[place]
    assert words[0].startswith(f"Behind {place} characters: ")
    assert f" is expected with {p.max():.2f};" in words[0]
    own, by_rules = p[language.LETTERS.index(comes)], rules[ALPHABET.index(comes)]
    assert words[0].endswith(f"'{comes}' comes, with {own:.2f}, by the rules {by_rules:.2f}")


def test_the_longest_headline_is_not_cut_off(live, words):
    """Where a new line is expected behind more than a hundred characters, and comes."""
    line = language.LETTERS.index("\n")
    next_character(language.unroll, lambda z, degree: np.eye(np.shape(z)[-1])[line] * np.ones_like(z))
    sliders(live[0])[0].value = place = TUNE.rindex("\n")
    assert place >= 100 and words[0].startswith(f"Behind {place} characters: new line is expected with 1.00; new line")
    assert not touches_the_edge(picture(live[0]))


def test_the_temperature_is_the_students(live, words):
    """A low temperature makes the network surer, by the student's own softmax."""
    next_character(language.unroll)
    place, degree = sliders(live[0])

    def highest():
        return float(words[0].split(" with ")[1].split(";")[0])

    before = highest()
    degree.value = 0.3
    assert highest() > 2 * before
    place.value = place.max
    assert (
        words[0].startswith(f"Behind {len(TUNE)} characters")
        and words[0].endswith("by the rules 1.00")
        and "end comes" in words[0]
    )
    place.value = 0
    assert "comes, with" in words[0] and words[0].endswith("by the rules 1.00"), "every tune begins with M"


def test_the_headline_tells_where_a_unit_is_high(live, words):
    """The characters of the highest and lowest mean of the chosen unit are those of the student's states."""
    hidden_units(language.unroll)
    (slider,) = sliders(live[0])
    slider.value = 5
    numbers = np.array([[language.LETTERS.index(letter) for letter in END + TUNE]])
    states = language.unroll(numbers, np.zeros((1, 24)), PARAMETERS)[0][0, 1:, 5]
    means = {letter: states[np.array(list(TUNE)) == letter].mean() for letter in set(TUNE)}
    assert words[0].startswith(f"Unit 5: highest and lowest on average {max(means.values()):.2f} at ")
    assert f"{min(means.values()):.2f} at " in words[0]


@every_explorer
@pytest.mark.parametrize("unfinished", [lambda *_: None, lambda *_: ..., lambda *_: (None, None)])
def test_an_unfinished_function_gets_a_friendly_panel(live, words, explorer, unfinished):
    """With a stub the figure says which exercise to finish, and its sliders do no harm."""
    explorer(unfinished)
    sliders(live[0])[0].value += 1
    assert words[0] == "Finish unroll first" and 'check("unroll")' in words[1]


@every_explorer
@pytest.mark.parametrize("broken", [
    lambda *_: 1 / 0, lambda *_: "text", lambda *_: (np.zeros(3), np.zeros(2)), lambda *_: {"w": 1}, lambda: 1,
    lambda inputs, h, parameters: language.unroll(inputs, h, parameters)[::-1],
])  # fmt: skip
def test_a_broken_function_never_raises(live, words, explorer, broken):
    """Whatever comes back, the figure names the exercise instead of raising."""
    explorer(broken)
    assert words[0] == "unroll cannot draw this figure yet"
    assert not touches_the_edge(picture(live[0]))


def test_the_function_that_is_missing_is_named(live, words):
    """An open softmax, or characters that are not there or do not hold the tune's, are named as such."""
    next_character(language.unroll, temper=lambda *_: None)
    assert words[0] == "Finish temper first"
    next_character(language.unroll, letters=None)
    assert "vocabulary" in words[0]
    hidden_units(language.unroll, letters=["a", "b"])
    assert "vocabulary" in words[0] and "'~'" in words[1]


@every_explorer
def test_without_widgets_a_picture_is_shown(shown, monkeypatch, explorer):
    """Where sliders cannot run, an explorer shows one picture."""
    monkeypatch.setattr(widgets, "widgets_can_run", lambda: False)
    explorer(language.unroll)
    (image,) = shown
    assert image.png.startswith(b"\x89PNG")
