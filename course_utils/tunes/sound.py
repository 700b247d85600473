"""From a tune's notes to a wave, by adding harmonics, in NumPy alone; and both shown below the cell."""

from typing import Any

import numpy as np

from . import abc

RATE = 8_000  # samples a second: with SECONDS, a cell may keep several tunes
SECONDS = 10.0
HARMONICS = (1.0, 0.55, 0.32, 0.2, 0.1, 0.05)  # amplitudes, as of a plucked string
ATTACK, RELEASE = 0.008, 0.03  # seconds in which a tone rises, and falls at its end
DECAY = 2.2  # how fast a tone fades, in 1/s; a harmonic fades as many times faster as its number says
JIG, REEL = 2.9, 3.4  # quarter notes a second, of metres in eighths and of others
FADE, LOUDEST = 0.2, 0.9  # seconds at the end of the whole, and its largest sample
STRIKES = 3  # of a roll


def quarters_a_second(tune: abc.Tune) -> float:
    """Return how fast a tune is played."""
    return JIG if tune.metre.endswith("/8") else REEL


def wave(tune: abc.Tune, seconds: float = SECONDS, rate: int = RATE, repeats: bool = False) -> np.ndarray:
    """Return a tune as samples between -1 and 1.

    Args:
        seconds: at most; a tune that takes longer fades there.
        rate: samples a second. Harmonics from half of it on are left out.
        repeats: play repeated parts twice.
    """
    speed = quarters_a_second(tune)
    notes = [note for note in abc.heard(tune, repeats) if note.start < seconds * speed]
    end = min(seconds, float(notes[-1].start + notes[-1].length) / speed)
    samples = np.zeros(round(end * rate))
    for note in notes:
        start, length = float(note.start) / speed, min(float(note.length) / speed, seconds)
        strikes = STRIKES if note.roll else 1
        for strike in range(strikes):
            place = round((start + length * strike / strikes) * rate)
            sound = tone(note.midi, length / strikes, rate)[: max(len(samples) - place, 0)]
            samples[place : place + len(sound)] += sound
    fading = min(round(FADE * rate), len(samples))
    samples[len(samples) - fading :] *= np.linspace(1, 0, fading)
    return LOUDEST * samples / max(np.abs(samples).max(initial=0.0), 1e-9)


def tone(midi: int, seconds: float, rate: int = RATE) -> np.ndarray:
    """Return one tone with its harmonics; it begins and ends in silence."""
    time = np.arange(round(seconds * rate)) / rate
    frequency = 440 * 2 ** ((midi - 69) / 12)
    samples = np.zeros(len(time))
    for number, amplitude in enumerate(HARMONICS, start=1):
        if number * frequency < rate / 2:
            fading = amplitude * np.exp(-DECAY * number * time)
            samples += fading * np.sin(2 * np.pi * number * frequency * time)
    return samples * np.minimum(1, time / ATTACK) * np.minimum(1, (seconds - time) / RELEASE)


def play(tune: str | abc.Tune, seconds: float = SECONDS, repeats: bool = False) -> None:
    """Show a tune below the cell: a score and a piano roll of what is heard, and a player.

    Args:
        tune: in ABC; of a dialect, what ``in_plain`` makes of it.
        seconds: at most.
        repeats: play repeated parts twice.

    Raises:
        ValueError: as ``abc.read`` does.
    """
    from ..figures import piano_roll, pictures, score

    read = abc.read(tune) if isinstance(tune, str) else tune
    score.show(read, seconds * quarters_a_second(read), repeats)
    piano_roll.show(read, seconds * quarters_a_second(read), repeats)
    pictures.display(player(wave(read, seconds, repeats=repeats)))


def player(samples: np.ndarray) -> Any:
    """Return the player of a wave, to be displayed; its ``data`` are a WAV file."""
    from IPython.display import Audio

    return Audio(samples, rate=RATE, normalize=False)
