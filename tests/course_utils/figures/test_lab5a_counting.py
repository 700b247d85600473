"""Lab 5a's table of bigrams, and tunes that are written at a temperature: the numbers, the words, and the sound."""

import io
import wave

import ipywidgets
import numpy as np
import pytest

from course_utils import figures
from course_utils.figures import widgets
from tests.course_utils.figures import language
from tests.course_utils.figures.drawing import parts, picture, pixels, touches_the_edge

SIZE = len(language.LETTERS)
TABLE = language.bigram(language.SEQUENCES, SIZE)
NETWORK = (language.unroll, language.parameters())


def written(box):
    """Return the tune that stands below the figure."""
    return parts(box, ipywidgets.HTML)[-1].value.split(">", 1)[1].removesuffix("</pre>")


def player(box):
    return parts(box, ipywidgets.Audio)[0].value


def test_the_table_tells_the_probabilities_behind_a_character(live, words):
    """The headline names the three most probable next characters of the row that the slider chooses."""
    figures.bigram_table(TABLE, language.LETTERS)
    (slider,) = parts(live[0], ipywidgets.SelectionSlider)
    for before, said in (("M", "'M'"), ("\n", "new line"), (" ", "space")):
        slider.value = before
        row = TABLE[language.LETTERS.index(before)]
        assert words[0].startswith(f"After {said}: ") and f" {row.max():.2f}, " in words[0]
        assert not touches_the_edge(picture(live[0]))
    slider.value = "M"
    added = 41 / (40 + SIZE)
    assert words[0].startswith(f"After 'M': ':' {added:.2f}, "), "40 tunes, and one more of each character"


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (None, "Finish bigram first"),
        (..., "Finish bigram first"),
        ("text", "bigram cannot draw this figure yet"),
        (TABLE[:3], "bigram cannot draw this figure yet"),
        (2 * TABLE, "bigram cannot draw this figure yet"),
    ],
    ids=["None", "...", "text", "shape", "not probabilities"],
)
def test_what_is_no_table_is_said(live, words, table, says):
    """An unfinished table, one of another shape and one whose rows do not sum to one name the exercise."""
    figures.bigram_table(table, language.LETTERS)
    assert words[0] == says


@pytest.mark.parametrize("letters", [None, ..., [], 5], ids=str)
def test_characters_that_are_missing_are_named(live, words, letters):
    """Without a vocabulary each figure names the exercise that makes one."""
    figures.bigram_table(TABLE, letters)
    assert "vocabulary" in words[0] and 'check("encode")' in words[1]
    figures.temperature(language.temper, language.draw, TABLE, letters)
    assert "vocabulary" in words[0]


@pytest.mark.parametrize("model", [TABLE, NETWORK], ids=["table", "network"])
def test_tunes_are_written_at_the_temperature_and_can_be_heard(live, words, model):
    """Each slider writes another tune; the player holds what can be read of it; no word is cut off."""
    figures.temperature(language.temper, language.draw, model, language.LETTERS)
    (box,) = live
    size, found = pixels(picture(box)).shape, set()
    for slider in parts(box, (ipywidgets.IntSlider, ipywidgets.FloatSlider)):
        for value in (slider.min, slider.max):
            slider.value = value
            found.add(written(box))
            assert written(box).startswith("M:6/8\nK:D\n|:")
            assert pixels(picture(box)).shape == size and not touches_the_edge(picture(box))
            assert f"{len(written(box))} characters" in words[0]
    assert len(found) >= 3
    (choice,) = parts(box, ipywidgets.ToggleButtons)
    choice.value = "reel in G"
    assert written(box).startswith("M:4/4\nK:G\n|:")
    assert player(box)
    note = parts(box, ipywidgets.HTML)[-1]
    assert f"max-height:{note.layout.height}" in note.value and "overflow:auto" in note.value, "long ones scroll"


def test_the_player_holds_the_tune_as_a_wav_file(live):
    """A table that goes round and round writes a tune of the same notes, which lasts as long as they do."""
    ring = np.full((SIZE, SIZE), 1e-9)
    for before, after in (":D", "DD"):
        ring[language.LETTERS.index(before), language.LETTERS.index(after)] = 1.0
    figures.temperature(language.temper, language.draw, ring / ring.sum(axis=1, keepdims=True), language.LETTERS)
    assert "D" * 300 in written(live[0])
    with wave.open(io.BytesIO(player(live[0]))) as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(10)


def test_a_low_temperature_takes_the_most_probable_character(live):
    """At 0.1 nearly all tunes are the same one; at 2 all differ."""
    figures.temperature(language.temper, language.draw, TABLE, language.LETTERS)
    degree, number = parts(live[0], (ipywidgets.IntSlider, ipywidgets.FloatSlider))

    def many(value):
        degree.value = value
        found = []
        for number.value in range(1, 7):
            found.append(written(live[0])[:20])
        return len(set(found))

    assert many(0.1) < many(2.0) == 6


STUBS = {"None": lambda *_: None, "...": lambda *_: ...}
BROKEN = [lambda *_: 1 / 0, lambda *_: "text", lambda *_: np.zeros((2, 3, 4)), lambda: 1, lambda *_: {"w": 1}]


@pytest.mark.parametrize("name", ["temper", "draw"])
@pytest.mark.parametrize("stub", STUBS.values(), ids=STUBS)
def test_an_unfinished_function_is_named(live, words, name, stub):
    """With a stub the figure says which exercise to finish, and there is nothing to hear."""
    functions = {"temper": language.temper, "draw": language.draw, name: stub}
    figures.temperature(functions["temper"], functions["draw"], TABLE, language.LETTERS)
    parts(live[0], ipywidgets.IntSlider)[0].value = 3
    assert words[0] == f"Finish {name} first" and not player(live[0])


@pytest.mark.parametrize("name", ["temper", "draw", "unroll", "bigram"])
@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_function_never_raises(live, words, name, broken):
    """Whatever comes back, the figure names the exercise instead of raising."""
    functions = {"temper": language.temper, "draw": language.draw, name: broken}
    model = {"unroll": (broken, NETWORK[1]), "bigram": "text"}.get(name, TABLE)
    figures.temperature(functions["temper"], functions["draw"], model, language.LETTERS)
    assert words[0] == f"{name} cannot draw this figure yet"
    assert not touches_the_edge(picture(live[0]))


@pytest.mark.parametrize("drawn", [-1, SIZE, 0.5, 1e9])
def test_a_number_of_no_character_is_named(live, words, drawn):
    """A draw that is no place of the vocabulary is said, and is not read from the end of it."""
    figures.temperature(language.temper, lambda p, rng: drawn, TABLE, language.LETTERS)
    assert words[0] == "draw cannot draw this figure yet" and "the number of no character" in words[1]


def test_without_widgets_a_picture_and_a_player_are_shown(shown, monkeypatch):
    """Where sliders cannot run, an explorer shows a picture, and below that of a tune a player."""
    monkeypatch.setattr(widgets, "widgets_can_run", lambda: False)
    figures.bigram_table(TABLE, language.LETTERS)
    assert len(shown) == 1 and "After 'A'" in shown[0].words
    figures.temperature(language.temper, language.draw, TABLE, language.LETTERS)
    assert shown[1].png.startswith(b"\x89PNG") and "<audio" in shown[2]._repr_html_()
    figures.temperature(lambda *_: None, language.draw, TABLE, language.LETTERS)
    assert len(shown) == 4, "silence where the exercise is open"
