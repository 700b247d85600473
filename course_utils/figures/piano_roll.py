"""A tune as a piano roll: time to the right, pitch upwards, a bar for each note."""

from typing import Any

from ..tunes import abc
from . import plots

NAMES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "G♯", "A", "B♭", "B")  # as most tunes have them
BLACK_KEYS = (1, 3, 6, 8, 10)
SHADE, LINES = "#F0F0F0", "#C8C8C8"


def show(tune: abc.Tune, upto: float, repeats: bool = False) -> None:
    """Show a tune as far as it is heard, with words for readers who cannot see it.

    Args:
        upto: the quarter note at which it ends, if the tune does not end before.
        repeats: draw repeated parts twice.
    """
    bars = [(start, bar) for start, bar in abc.timeline(tune, repeats) if bar and start < upto]
    notes = [note for note in abc.heard(tune, repeats) if note.start < upto]
    with plots.picture(width=plots.WIDTH, height=2.9, words=_words(tune, notes)) as ax:
        draw(ax, notes, [float(start) for start, _ in bars], tune.tonic)
        ax.set(xlim=(0, min(upto, float(notes[-1].start + notes[-1].length))))
        ax.set_title(f"{tune.key}, {tune.metre}: a line for each bar, the tonic in a stronger blue")


def draw(ax: Any, notes: list[abc.Note], starts: list[float], tonic: int) -> None:
    """Draw notes with lines where bars start.

    Args:
        starts: in quarter notes, as the notes have them.
        tonic: in semitones above a C.
    """
    low, high = min(note.midi for note in notes) - 1, max(note.midi for note in notes) + 1
    bars(ax, notes, starts, tonic)
    for midi in range(low, high + 1):
        if midi % 12 in BLACK_KEYS:
            ax.axhspan(midi - 0.5, midi + 0.5, color=SHADE, linewidth=0, zorder=0)
    white = [midi for midi in range(low, high + 1) if midi % 12 not in BLACK_KEYS]
    ax.set_yticks(white[::2], [name(midi) for midi in white[::2]])
    ax.set(ylim=(low - 0.5, high + 0.5), xlabel="time in quarter notes", ylabel="pitch")


def bars(ax: Any, notes: list[abc.Note], starts: list[float], tonic: int) -> None:
    """Draw notes as ``draw`` does, onto Axes whose limits stay."""
    for start in starts:
        ax.axvline(start, color=LINES, linewidth=1, zorder=1)
    plots.boxes(
        ax, [float(note.start) for note in notes], [note.midi - 0.43 for note in notes],
        [float(note.length) for note in notes], 0.86,
        [plots.BLUE if note.midi % 12 == tonic else plots.SKY for note in notes], edge="white",
    )  # fmt: skip


def name(midi: int) -> str:
    """Return the name of a pitch with its octave: C4 for the C in the middle of the piano."""
    return f"{NAMES[midi % 12]}{midi // 12 - 1}"


def _words(tune: abc.Tune, notes: list[abc.Note]) -> str:
    pitches = [note.midi for note in notes]
    return (
        f"Piano roll of a tune in {tune.key}, {tune.metre}: {len(notes)} notes between {name(min(pitches))} and "
        f"{name(max(pitches))}. It begins {', '.join(map(name, pitches[:8]))}, and the last note heard is "
        f"{name(pitches[-1])}."
    )
