"""Lab 5b in figures: a training, the costs along a tune, what models write, and tables."""

import numpy as np
import pytest

from course_utils import figures, songs
from course_utils.figures import lab5b_networks as figures_of
from course_utils.figures import lab5b_reports
from course_utils.figures.widgets import _drawn_by
from course_utils.frameworks import installed
from course_utils.songs import SIZE
from tests.course_utils.figures.drawing import picture, touches_the_edge

pytestmark = pytest.mark.skipif(not installed("torch"), reason="PyTorch is not installed")

FEW = songs.songs().training[: songs.FEW]


def streams(numbers, rows, length):
    return np.zeros(((len(numbers) - 1) // rows // length, rows, length + 1), dtype=int)


def surprise(logits, targets):
    log_p = logits - np.logaddexp.reduce(logits, axis=2, keepdims=True)
    return -np.take_along_axis(log_p, targets[..., None], axis=2)[..., 0] / np.log(2)


def excess(bits, log_p):
    return 0.5, 0.25


def alike():
    """Return a class of models for which all characters are alike."""
    from course_utils.frameworks import nn, torch

    class Alike(nn.Module):
        def __init__(self, size, units):
            super().__init__()
            self.weight = nn.Parameter(torch.zeros(size))

        def forward(self, numbers, state=None):
            return self.weight.expand(*numbers.shape, len(self.weight)), numbers[:, -1:]

    return Alike


def model():
    return alike()(SIZE, 2)


def step(model, optimizer, piece, state):
    return 2 * np.log(2), state


def test_a_training_is_watched_and_its_model_comes_back(live, words):
    """The words say the loss in bits, nothing is cut off, and the model is the student's."""
    trained = figures.watch_song("torch", alike(), step, streams, FEW)
    assert type(trained).__name__ == "Alike"
    assert "After 300 of 300 pieces: 2.00 bits" in words[-1]


@pytest.mark.parametrize(
    ("made", "learn", "cut", "name"),
    [
        (alike, step, lambda *_: None, "streams"),
        (alike, step, lambda *_: np.zeros((2, 3)), "streams"),
        (alike, lambda *_: None, streams, "learning_step_torch"),
        (alike, lambda *_: 1 / 0, streams, "learning_step_torch"),
        (lambda: None, step, streams, "tune_model_torch"),
    ],
)
def test_what_is_unfinished_or_broken_is_named(words, made, learn, cut, name):
    """No model comes back, and the picture names the exercise."""
    from course_utils.frameworks import nn

    class Unfinished(nn.Module):
        def __init__(self, size, units):
            super().__init__()

        def forward(self, numbers, state=None): ...

    assert figures.watch_song("torch", made() or Unfinished, learn, cut, FEW) is None
    assert any(name in each for each in words)


def test_the_last_losses_are_smoothed():
    """Each value is the mean of the last few up to there."""
    from course_utils.figures.lab5b_networks import smoothed

    assert smoothed([4.0, 2.0, 0.0], width=2).tolist() == [4.0, 3.0, 1.0]


def test_costs_are_drawn_by_the_students_function(live, words):
    """Where all characters are alike, 36 of them cost 185 bits; another place is another picture."""
    figures.character_costs(surprise, {"PyTorch": model(), "TensorFlow": None})
    assert "your model pays 185 bits" in words[0]
    first = picture(live[0])
    assert not touches_the_edge(first)


def test_the_slider_reaches_the_end_of_each_tune():
    """The last picture of the longest tune to choose from can be seen, in steps of the slider."""
    longest = max(len(tune) + 1 for tune in songs.songs().held_out[: figures_of.TUNES])
    assert longest - figures_of.SHOWN <= figures_of.LAST_PLACE


def test_blanks_line_breaks_and_the_end_have_signs(live, words, monkeypatch):
    """Below the bars of costs no character is invisible."""
    drawn = []
    monkeypatch.setattr(figures_of, "written", lambda ax, line, *_: drawn.extend(line.split(" ")))
    figures.character_costs(surprise, {"PyTorch": model()})
    assert len(drawn) == figures_of.SHOWN
    assert {"\u21b5", "\u2423"} <= set(drawn) and not {"", "\n", "$"} & set(drawn)


def test_a_quick_picture_holds_the_characters_of_its_place(monkeypatch):
    """While the slider moves, the tune below the bars moves on too: other pictures before leave no trace."""
    frames = []
    monkeypatch.setattr(figures_of, "explore", lambda *args, **_: frames.append(_drawn_by(*args[:2], "")))
    for _ in range(2):
        figures.character_costs(surprise, {"PyTorch": model()})
    moved, fresh = frames
    moved({"tune": 1, "start": 0}, sharp=False)
    assert moved({"tune": 1, "start": 20}, sharp=False) == fresh({"tune": 1, "start": 20}, sharp=False)


@pytest.mark.parametrize("broken", [lambda *_: None, lambda *_: np.zeros(3), lambda *_: 1 / 0])
def test_a_broken_surprise_never_raises(words, broken):
    """The picture names it."""
    figures.character_costs(broken, {"PyTorch": model()})
    assert "surprise" in words[0]


def test_without_a_model_the_figures_say_what_to_do(words, capsys):
    """Neither picture nor tables need a model that is trained."""
    figures.character_costs(surprise, {"PyTorch": None})
    assert "Train a model first" in words[0]
    figures.play_songs({})
    figures.same_song({"PyTorch": model()}, alike())
    figures.compare_models(surprise, excess, {"PyTorch": None})
    assert capsys.readouterr().out.count("Train a model first") == 3


def test_the_table_of_models_shows_what_they_need(capsys):
    """All alike needs 5.13 bits; excess and error are what the student's function returns."""
    figures.compare_models(surprise, excess, {"all alike": model()})
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.split()[:5] == ["all", "alike", "5.13", "0.50", "0.250"]


@pytest.mark.parametrize("broken", [lambda *_: None, lambda *_: 1 / 0])
def test_a_table_names_what_to_finish(capsys, broken):
    """A broken function gets a sentence, and no error."""
    figures.compare_models(surprise, broken, {"PyTorch": model()})
    figures.copies(broken, {})
    printed = capsys.readouterr().out
    assert "Finish surprise and excess first" in printed and "Finish copied first" in printed


def test_copies_are_counted_for_the_grammar_too(capsys):
    """New tunes of the grammar are the line to compare with, and all their bars add up."""
    figures.copies(lambda tune, training: len(tune), {})
    line = capsys.readouterr().out.splitlines()[1]
    lengths = [len(tune) for tune in songs.songs().held_out[:8]]
    assert line.split()[-3:] == [f"{np.mean(lengths):.0f}", str(max(lengths)), "100%"]


def test_what_cannot_be_played_is_said(capsys):
    """A model without any idea writes no tune: its first characters are shown."""
    figures.play_songs({"PyTorch": model()})
    assert "None of them can be played" in capsys.readouterr().out


REAL = songs.Songs(["AB", "ABAB"], ["AB", "BA"], [])


def test_pairs_are_counted():
    """Each pair counts once more than it came, and each tune as much as any other, its end sign included."""
    ahead = {("$", "A"): 3, ("A", "B"): 4, ("B", "$"): 3, ("$", "B"): 1, ("B", "A"): 2, ("A", "$"): 1}
    total = {"$": 2 + SIZE, "A": 3 + SIZE, "B": 3 + SIZE}
    costs = [[np.log2(total[pair[0]] / ahead[pair]) for pair in zip("$" + tune, tune + "$")] for tune in REAL.held_out]
    assert lab5b_reports.counted_pairs(REAL.training, REAL.held_out) == pytest.approx(np.mean(costs))


def test_models_are_compared_on_real_tunes(capsys):
    """A line for each model, wherever it was trained, and what is missing is said."""
    figures.compare_real(surprise, REAL, {"PyTorch": model()}, {"PyTorch": model(), "TensorFlow": None})
    printed = capsys.readouterr().out.splitlines()
    assert [line[:34].strip() for line in printed[1:]] == [
        "all alike", "counted pairs", "PyTorch, the grammar's tunes", "PyTorch, real tunes",
    ]  # fmt: skip
    assert {printed[1].split()[-1], *(line.split()[-1] for line in printed[3:])} == {f"{np.log2(SIZE):.2f}"}
    figures.compare_real(surprise, REAL, {}, {})
    assert "Train a model first" in capsys.readouterr().out
    figures.compare_real(lambda *_: None, REAL, {}, {"PyTorch": model()})
    assert "Finish surprise first" in capsys.readouterr().out


def test_a_model_learns_from_the_tunes_that_are_given(live, monkeypatch):
    """A line says what the grammar needs where they are the lab's own, and for others it claims no knowledge."""
    lines, seen = [], []
    monkeypatch.setattr("matplotlib.axes.Axes.text", lambda self, x, y, words, **_: lines.append(words))
    figures.watch_song("torch", alike(), step, streams, FEW)
    assert lines == ["all alike", "the grammar, on new tunes"]
    lines.clear()
    figures.watch_song(
        "torch", alike(), step, lambda *given: seen.append(given[0]) or streams(*given), REAL.training * 99
    )
    assert np.array_equal(seen[0], songs.corpus(REAL.training * 99))
    assert lines == ["all alike"]
