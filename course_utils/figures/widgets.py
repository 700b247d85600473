"""What every interactive figure needs: sliders above one figure, and a student's function that may not be finished.

The figure is redrawn, as PNG bytes, into one image widget: the same in JupyterLab, in Colab and in VS Code. Where
widgets cannot run, the same figure is shown as a picture. Nothing that a student's function does raises here: the
figure then says what to finish, and running the cell again brings it to life. Only what ipywidgets 7.7 (Colab's) and
8.1 share is used.
"""

import contextlib
import io
import os
import sys
import textwrap
import warnings
from importlib.util import find_spec
from typing import NamedTuple

import numpy as np

from . import plots


class Slider(NamedTuple):
    """A number to explore: its caption, its range, its step and where it starts (whole numbers make whole steps)."""

    caption: str
    low: float
    high: float
    step: float
    start: float


class Choice(NamedTuple):
    """One of several words to choose: the caption, the words, and the one that is chosen at the start."""

    caption: str
    options: tuple
    start: str


class Stops(NamedTuple):
    """A slider over a few values: its caption, the values (or pairs of a label and a value), and where it starts."""

    caption: str
    options: tuple
    start: object


class Problem(Exception):
    """What stands in the way of a figure: a short title, and an explanation for the student."""

    def __init__(self, title, explanation):
        super().__init__(f"{title}: {explanation}")
        self.title, self.explanation = title, explanation


class Student:
    """A student's function, asked politely: its answer is data to draw, or a Problem that says what to mend.

    Args:
        exercise: the name in the exercise's heading; `check` is the name that its check goes by, where that differs.
    """

    def __init__(self, function, exercise, check=None):
        self.function, self.exercise, self.check = function, exercise, check or exercise

    def __call__(self, *arguments):
        """Call the function with copies of the arrays, and without its prints and warnings."""
        arguments = [value.copy() if isinstance(value, np.ndarray) else value for value in arguments]
        quiet = io.StringIO()
        with warnings.catch_warnings(), np.errstate(all="ignore"), contextlib.redirect_stdout(quiet):
            warnings.simplefilter("ignore")
            try:
                answer = self.function(*arguments)
            except NotImplementedError:
                answer = None
            except Exception as error:
                raise self.broken(f"It stopped with {type(error).__name__}: {error}.") from error
        if answer is None or answer is Ellipsis:
            raise self.unfinished()
        return answer

    def numbers(self, answer, shape, question):
        """The answer as an array of floats of that shape, or a Problem."""
        try:
            values = np.asarray(answer, dtype=float)
        except Exception as error:
            raise self.broken(f"For {question} it returned {type(answer).__name__}, not numbers.") from error
        if values.shape != shape:
            raise self.broken(f"For {question} it returned shape {values.shape}, where {shape} was expected.")
        return values

    def unfinished(self):
        """The Problem of a function that says nothing yet."""
        return Problem(f"Finish {self.exercise} first", f"This figure is drawn by your own function.\n{self._then()}")

    def broken(self, finding):
        """The Problem of a function whose answer cannot be drawn, and why."""
        return Problem(f"{self.exercise} cannot draw this figure yet", f"{finding}\n{self._then()}")

    def _then(self):
        return f'When check("{self.check}") is happy, run this cell again.'


def explore(figure, draw, sliders, continuous=True, play=None, note_lines=0, picture_at=None, button=None):
    """Show sliders above a figure that `draw` redraws, or the figure alone where widgets cannot run.

    Args:
        figure: holds what never changes; its limits are fixed, so that nothing jumps.
        draw: called with the sliders' values by name, adds the moving parts, and may return a note to copy from.
        sliders: columns of controls (Slider, Stops or Choice), a list of {name: control}, or of (heading,
            {name: control}); none for a picture alone.
        continuous: redraw while a slider is being dragged, not only when it is let go.
        play: milliseconds a step of a play button for the first slider.
        note_lines: the height of the note, fixed so that nothing jumps.
        picture_at: values for the picture where widgets cannot run, if not those at which the sliders start.
        button: a caption and a generator function of the sliders' values; the figure is redrawn at each yield.
    """
    columns = [column if isinstance(column, tuple) else ("", column) for column in sliders]
    start = {name: slider.start for _, column in columns for name, slider in column.items()}
    with plots.style():
        notice = figure.text(0.5, 0.62, "", fontsize=17, ha="center", va="bottom", fontweight="bold", color=plots.BLUE)
        explanation = figure.text(0.5, 0.55, "", fontsize=13, ha="center", va="top", linespacing=1.5)
    still = [(parent, set(parent.get_children())) for parent in (*figure.axes, figure)]

    def clear():
        for parent, kept in still:
            for artist in parent.get_children():
                if artist not in kept:
                    artist.remove()

    def frame(values, problem=None):
        """Return the figure at these values, or the problem instead, as PNG bytes, and the note that belongs to it."""
        clear()
        note = None
        with plots.style(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as a letter in an error message that the font does not have
            try:
                note = None if problem else draw(**values)
            except Problem as found:
                problem = found
            except Exception as error:  # whatever a student's function returns, the notebook goes on
                problem = Problem("This figure cannot be drawn", f"{type(error).__name__}: {error}")
            if problem:
                clear()
            notice.set_text(problem.title if problem else "")
            explanation.set_text(_wrapped(problem.explanation) if problem else "")
            figure.set_facecolor("#EDF4F9" if problem else "white")
            for ax in figure.axes:
                ax.set_visible(not problem)
            return plots.png(figure), note or ""

    from IPython.display import Image, display

    if not columns or not widgets_can_run():
        display(Image(data=frame(picture_at or start)[0], width=plots.screen_width(figure)))
        return
    display(_widgets(frame, columns, start, plots.screen_width(figure), continuous, play, note_lines, button))


def widgets_can_run():
    """Whether sliders would reach this process: a kernel that talks to a notebook, ipywidgets, and no COURSE_STATIC."""
    if os.environ.get("COURSE_STATIC", "0") not in ("", "0") or not find_spec("ipywidgets"):
        return False
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return getattr(shell, "kernel", None) is not None


def _widgets(frame, columns, start, width, continuous, play, note_lines, button):
    import ipywidgets as widgets

    png, note = frame(start)
    image = widgets.Image(value=png, format="png", layout={"width": f"{width}px", "max_width": "100%"})
    words = widgets.HTML(value=_copyable(note), layout={"height": f"{1.5 * note_lines}em"})
    controls, boxes = {}, []
    for heading, column in columns:
        for name, slider in column.items():
            if isinstance(slider, Choice):
                controls[name] = widgets.ToggleButtons(
                    value=slider.start,
                    options=slider.options,
                    description=slider.caption,
                    style={"button_width": "auto"},
                )
                continue
            layout = {"width": f"{min(420, width // len(columns) - 12)}px"}
            if isinstance(slider, Stops):
                controls[name] = widgets.SelectionSlider(
                    options=slider.options, value=slider.start, description=slider.caption,
                    continuous_update=continuous, layout=layout,
                )  # fmt: skip
                continue
            kind = widgets.IntSlider if isinstance(slider.step, int) else widgets.FloatSlider
            controls[name] = kind(
                value=slider.start, min=slider.low, max=slider.high, step=slider.step, description=slider.caption,
                continuous_update=continuous, layout=layout,
            )  # fmt: skip
        title = [widgets.HTML(f"<b>{heading}</b>")] if heading else []
        boxes.append(widgets.VBox([*title, *(controls[name] for name in column)]))

    def redraw(_, problem=None):
        image.value, note = frame({name: control.value for name, control in controls.items()}, problem)
        words.value = _copyable(note)

    for control in controls.values():
        control.observe(redraw, names="value")
    if play:
        first = next(iter(controls.values()))
        player = widgets.Play(value=first.value, min=first.min, max=first.max, step=1, interval=play)
        widgets.jslink((player, "value"), (first, "value"))
        boxes.insert(0, player)
    if button:
        boxes.append(_button(*button, controls, redraw))
    panel = widgets.HBox(boxes, layout={"flex_flow": "row wrap"})
    return widgets.VBox([panel, image, words] if note_lines else [panel, image])


def _button(caption, work, controls, redraw):
    """A button that lets a generator work with the controls' values; the figure follows, or says what went wrong."""
    import ipywidgets as widgets

    button = widgets.Button(description=caption, layout={"width": "auto"})

    def pressed(_):
        button.disabled = True
        try:
            for _ in work(**{name: control.value for name, control in controls.items()}):
                redraw(None)
        except Problem as problem:
            redraw(None, problem)
        except Exception as error:
            redraw(None, Problem("This figure cannot be drawn", f"{type(error).__name__}: {error}"))
        finally:
            button.disabled = False

    button.on_click(pressed)
    return button


def _copyable(note):
    return f"<pre style='line-height:1.3; margin:0'>{note}</pre>"


def _wrapped(text, width=62):
    lines = [line for part in text.replace("$", r"\$").splitlines() for line in textwrap.wrap(part, width)]
    return "\n".join(lines[:8])
