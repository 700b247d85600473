"""Waves of tunes: right frequencies at right times, bounded, and shown with a piano roll."""

import base64
import io
import re
import wave

import numpy as np
import pytest

from course_utils import datasets
from course_utils.figures import frames, pictures
from course_utils.tunes import abc, sound

TUNE = abc.read("M:4/4\nK:D\n|:D2 F2|A4:|")


def loudest(samples, rate=sound.RATE):
    """Return the frequency that is loudest in some samples, in Hz."""
    return np.abs(np.fft.rfft(samples, n=8 * rate)).argmax() / 8


@pytest.mark.parametrize(("midi", "hertz"), [(69, 440.0), (57, 220.0), (60, 261.63), (83, 987.77)])
def test_a_tone_has_its_pitch_and_begins_and_ends_in_silence(midi, hertz):
    """The loudest frequency is the note's; its harmonics are whole multiples below half the rate; it fades."""
    samples = sound.tone(midi, 1.0)
    assert loudest(samples) == pytest.approx(hertz, abs=0.5)
    spectrum = np.abs(np.fft.rfft(samples))
    peaks = [spectrum[round(number * hertz) - 2 : round(number * hertz) + 3].max() for number in (1, 2, 3)]
    assert peaks[0] > peaks[1] > peaks[2] > 20 * np.median(spectrum)
    assert samples[0] == 0 and abs(samples[-1]) < 0.01
    assert np.abs(samples[1000:2000]).max() > 2 * np.abs(samples[6000:7000]).max()


def test_harmonics_that_the_rate_cannot_hold_are_left_out():
    """A harmonic above half the rate would be heard as another pitch, between those that belong there."""
    spectrum = np.abs(np.fft.rfft(sound.tone(83, 1.0)))
    false = round(sound.RATE - 5 * 987.77)
    assert spectrum[false - 3 : false + 4].max() < 0.02 * spectrum.max()


def test_notes_sound_at_their_times():
    """Three notes are heard one after the other, each as long as it is written; a repeat takes twice as long."""
    samples, quarter = sound.wave(TUNE), sound.RATE / sound.quarters_a_second(TUNE)
    assert len(samples) == round(4 * quarter)
    heard = [loudest(samples[round(start * quarter) : round((start + 0.9) * quarter)]) for start in (0, 1, 2)]
    assert heard == pytest.approx([293.66, 369.99, 440.0], abs=3)
    assert len(sound.wave(TUNE, repeats=True)) == pytest.approx(2 * len(samples), abs=1)


def test_a_roll_is_struck_three_times():
    """A roll has three attacks where a plain note has one."""
    plain, rolled = (sound.wave(abc.read(f"M:4/4\nK:D\n{note}3")) for note in ("A", "~A"))
    third = len(rolled) // 3
    near = slice(third - 20, third + 20)
    assert np.abs(rolled[near]).mean() < 0.4 * np.abs(plain[near]).mean()
    for strike in range(3):
        middle = slice(round((strike + 0.3) * third), round((strike + 0.4) * third))
        assert np.abs(rolled[middle]).mean() > 0.3 * np.abs(plain[middle]).mean()


def test_waves_are_bounded():
    """However long a tune and its notes are, the wave is within its seconds and between -1 and 1, and ends silent."""
    tunes = [abc.read(text) for text in (*datasets.tunes(0, 2), "M:4/4\nK:D\nA" + 15 * "9", "M:4/4\nK:D\nA//////////")]
    for tune in tunes:
        for seconds in (0.05, 2.0):
            samples = sound.wave(tune, seconds)
            assert len(samples) <= round(seconds * sound.RATE) and np.abs(samples).max(initial=0) <= 0.91
            assert not len(samples) or samples[-1] == pytest.approx(0, abs=1e-9)


def test_a_tune_is_shown_and_played(shown, monkeypatch):
    """Two pictures with words, and a player whose file has eight kilohertz and ten seconds: small enough to keep."""
    monkeypatch.setattr(frames, "SHARP", 1)
    sound.play(datasets.tunes(0, 1)[0])
    written, roll, player = shown
    assert isinstance(written, pictures.Picture) and written.words.startswith("Score of a tune in ")
    assert isinstance(roll, pictures.Picture) and roll.words.startswith("Piano roll of a tune in ")
    (data,) = re.findall('base64,([^"]+)"', player._repr_html_())
    with wave.open(io.BytesIO(base64.b64decode(data))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (8000, 1, 80_000)
        samples = np.frombuffer(file.readframes(80_000), dtype="<i2")
    assert np.abs(samples).max() == pytest.approx(0.9 * 32767, abs=2)
    assert len(data) < 220_000
    with pytest.raises(ValueError, match="line 1"):
        sound.play("no tune")
