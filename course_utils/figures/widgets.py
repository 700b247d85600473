"""A figure with sliders and buttons, which is drawn anew when they move.

The same in JupyterLab, in Colab and in VS Code. Where widgets cannot run, the same figure is shown as a picture.
Nothing that a student's function does raises here: the figure then says what to finish, and running the cell again
brings it to life.
"""

import os
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.util import find_spec
from typing import Any

from ..probes.base import Unusable
from ..probes.timed import LIMIT, time_limit
from . import frames, pictures, plots, previews
from .panel import Choice, Column, Controls, Frame, Panel, Slider
from .plots import Figure
from .student import Problem

__all__ = ["Choice", "Controls", "Slider", "explore", "watch", "widgets_can_run"]


def explore(
    figure: Figure,
    draw: Callable[..., str | None],
    sliders: Sequence[Controls | Column],
    play: int | None = None,
    note_lines: int = 0,
    picture_at: dict[str, Any] | None = None,
    button: tuple[str, Callable[..., Iterator[None]]] | None = None,
    preview: str = "",
    sound: Callable[..., Any] | None = None,
) -> None:
    """Show sliders beside a figure that `draw` redraws, or the figure alone where widgets cannot run.

    Args:
        figure: holds what never changes; its limits are fixed, so that nothing jumps.
        draw: called with the sliders' values by name, adds the moving parts, and may return a note to copy from.
        sliders: columns of controls, a list of {name: control}, or of (heading, {name: control}); none for a picture
            alone.
        play: milliseconds a step of a play button for the first slider.
        note_lines: the height of the note, fixed so that nothing jumps.
        picture_at: values for the picture where widgets cannot run, if not those at which the sliders start.
        button: a caption and a generator function of the sliders' values; the figure is redrawn at each yield.
        preview: the figure's name, under which ``previews`` keeps how it looks when the exercise is solved.
        sound: called with the sliders' values at rest, returns what ``tunes.sound.player`` does, or None.
    """
    columns = [column if isinstance(column, tuple) else ("", column) for column in sliders]
    start = {name: control.start for _, column in columns for name, control in column.items()}
    endless: list[Problem] = []
    frame, width = _drawn_by(figure, _ending(draw, endless), preview), pictures.screen_width(figure)
    heard = _heard_by(_ending(sound, endless)) if sound else None
    if columns and widgets_can_run():
        Panel(frame, columns, width, note_lines, play, button, heard).show()
    else:
        still = frame(picture_at or start)
        pictures.display(pictures.Picture(still.png, still.words, width))
        if heard and (player := heard(picture_at or start)):
            pictures.display(player)


def watch(
    figure: Figure,
    draw: Callable[..., None],
    work: Iterable[dict[str, Any]],
    preview: str = "",
    pause: float = 0.0,
) -> None:
    """Show a figure that is redrawn while some work goes on, such as a training.

    Args:
        draw: see ``explore``.
        work: gives the values to draw at each of its steps; what it raises is shown.
        preview: see ``explore``.
        pause: seconds from one picture to the next, where a person looks on and the work is quick.
    """
    frame, width, last, shown = _drawn_by(figure, draw, preview), pictures.screen_width(figure), None, None

    def show(still: Frame) -> None:
        nonlocal shown
        picture = pictures.Picture(still.png, still.words, width)
        if shown:
            shown.update(picture)
        else:
            shown = pictures.display(picture, display_id=True)

    try:
        for last in work:
            show(frame(last, sharp=False))
            if pause and widgets_can_run():
                time.sleep(pause)
    except Exception as error:
        show(frame({}, error))
    else:
        show(frame(last or {}))


def _ending(work: Callable[..., Any], endless: list[Problem]) -> Callable[..., Any]:
    """Return the same function of the sliders' values, which stops where it does not end, and then for good.

    The button ■ does not reach what a slider calls: JupyterLab has that run by a thread of its own, and whoever plays
    or rests is called between two messages, when a kernel ignores interrupts.

    Args:
        endless: the Problem of a figure that was stopped, shared by all of its functions.
    """

    def limited(**values: Any) -> Any:
        if not endless:
            try:
                with time_limit(LIMIT):
                    return work(**values)
            except Unusable as error:
                if error.remark["says"] != "too_slow":
                    raise
                says = f"It was stopped after {LIMIT} seconds of computing.\nLook for a loop that never ends, and run"
                endless.append(Problem("A function of yours does not end", f"{says} its cell, and then this one."))
        raise endless[0]

    return limited


def _drawn_by(figure: Figure, draw: Callable[..., str | None], preview: str) -> Callable[..., Frame]:
    """Return a function that draws a figure at some values, and clears it before."""
    permanent = [(parent, set(parent.get_children())) for parent in (*figure.axes, figure)]
    quick = frames.Frames(figure)

    def clear() -> None:
        for parent, kept in permanent:
            for artist in parent.get_children():
                if artist not in kept:
                    artist.remove()

    def frame(values: dict[str, Any], error: Exception | None = None, sharp: bool = True) -> Frame:
        """Return the figure at these values, or what went wrong instead."""
        clear()
        problem, note = (_problem(error) if error else None), None
        with plots.style(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as a letter in an error message that the font does not have
            for ax in figure.axes:
                ax.set_visible(not problem)
            try:
                note = None if problem else draw(**values)
            except Exception as error:  # whatever a student's function returns, the notebook goes on
                problem = _problem(error)
            if problem:
                clear()
                for ax in figure.axes:
                    ax.set_visible(False)
                previews.notice(figure, preview, problem.title, problem.explanation)
            return Frame(frames.png(figure) if sharp else quick.png(), pictures.describe(figure), note or "")

    return frame


def _heard_by(sound: Callable[..., Any]) -> Callable[[dict[str, Any]], Any]:
    """Return a function that gives the player at some values, and None where the figure says what is wrong."""

    def heard(values: dict[str, Any]) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return sound(**values)
            except Exception:
                return None

    return heard


def widgets_can_run() -> bool:
    """Whether sliders would reach this process: a kernel that talks to a notebook, ipywidgets, and no COURSE_STATIC."""
    return os.environ.get("COURSE_STATIC", "0") in ("", "0") and bool(find_spec("ipywidgets")) and in_notebook()


def in_notebook() -> bool:
    """Whether this process is a kernel that talks to a notebook."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return getattr(shell, "kernel", None) is not None


def _problem(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    return Problem("This figure cannot be drawn", f"{type(error).__name__}: {error}")
