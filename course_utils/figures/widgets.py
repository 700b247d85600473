"""Sliders and buttons above one figure, which is drawn anew when they move.

The figure is redrawn, as PNG bytes, into one image widget: the same in JupyterLab, in Colab and in VS Code. Where
widgets cannot run, the same figure is shown as a picture. Nothing that a student's function does raises here: the
figure then says what to finish, and running the cell again brings it to life. Only what ipywidgets 7.7 (Colab's) and
8.1 share is used.
"""

import os
import sys
import textwrap
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import Any, NamedTuple

from . import plots
from .plots import Figure
from .student import Problem


class Slider(NamedTuple):
    """A number to explore: its caption, its range, its step and where it starts (whole numbers make whole steps)."""

    caption: str
    low: float
    high: float
    step: float
    start: float


class Choice(NamedTuple):
    """One of a few values to choose.

    Args:
        options: the values, or pairs of a label and a value.
        start: the value that is chosen at the start.
        slider: show them as the stops of a slider, in place of buttons.
    """

    caption: str
    options: tuple[Any, ...]
    start: Any
    slider: bool = False


Controls = Mapping[str, Slider | Choice]  # by the name of `draw`'s argument
Column = tuple[str, Controls]  # a heading, and the controls below it
Frame = Callable[..., tuple[bytes, str]]  # from values and perhaps a Problem to the picture and its note


def explore(
    figure: Figure,
    draw: Callable[..., str | None],
    sliders: Sequence[Controls | Column],
    play: int | None = None,
    note_lines: int = 0,
    picture_at: dict[str, Any] | None = None,
    button: tuple[str, Callable[..., Iterator[None]]] | None = None,
) -> None:
    """Show sliders above a figure that `draw` redraws, or the figure alone where widgets cannot run.

    Args:
        figure: holds what never changes; its limits are fixed, so that nothing jumps.
        draw: called with the sliders' values by name, adds the moving parts, and may return a note to copy from.
        sliders: columns of controls, a list of {name: control}, or of (heading, {name: control}); none for a picture
            alone.
        play: milliseconds a step of a play button for the first slider.
        note_lines: the height of the note, fixed so that nothing jumps.
        picture_at: values for the picture where widgets cannot run, if not those at which the sliders start.
        button: a caption and a generator function of the sliders' values; the figure is redrawn at each yield.
    """
    columns = [column if isinstance(column, tuple) else ("", column) for column in sliders]
    start = {name: control.start for _, column in columns for name, control in column.items()}
    with plots.style():
        notice = figure.text(0.5, 0.62, "", fontsize=17, ha="center", va="bottom", fontweight="bold", color=plots.BLUE)
        explanation = figure.text(0.5, 0.55, "", fontsize=13, ha="center", va="top", linespacing=1.5)
    permanent = [(parent, set(parent.get_children())) for parent in (*figure.axes, figure)]

    def clear() -> None:
        for parent, kept in permanent:
            for artist in parent.get_children():
                if artist not in kept:
                    artist.remove()

    def frame(values: dict[str, Any], problem: Problem | None = None) -> tuple[bytes, str]:
        """Return the figure at these values, or the problem instead, as PNG bytes, and the note that belongs to it."""
        clear()
        note = None
        with plots.style(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as a letter in an error message that the font does not have
            try:
                note = None if problem else draw(**values)
            except Exception as error:  # whatever a student's function returns, the notebook goes on
                problem = _problem(error)
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
    display(_panel(frame, columns, start, plots.screen_width(figure), play, note_lines, button))


def widgets_can_run() -> bool:
    """Whether sliders would reach this process: a kernel that talks to a notebook, ipywidgets, and no COURSE_STATIC."""
    if os.environ.get("COURSE_STATIC", "0") not in ("", "0") or not find_spec("ipywidgets"):
        return False
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return getattr(shell, "kernel", None) is not None


def _panel(
    frame: Frame,
    columns: list[Column],
    start: dict[str, Any],
    width: int,
    play: int | None,
    note_lines: int,
    button: tuple[str, Callable[..., Iterator[None]]] | None,
) -> Any:
    """Return the widget that holds the controls, the picture and the note."""
    import ipywidgets as widgets

    png, note = frame(start)
    image = widgets.Image(value=png, format="png", layout={"width": f"{width}px", "max_width": "100%"})
    words = widgets.HTML(value=_copyable(note), layout={"height": f"{1.5 * note_lines}em"})
    controls, boxes = {}, []
    for heading, column in columns:
        for name, control in column.items():
            controls[name] = _widget(control, min(420, width // len(columns) - 12))
        title = [widgets.HTML(f"<b>{heading}</b>")] if heading else []
        boxes.append(widgets.VBox([*title, *(controls[name] for name in column)]))

    def values() -> dict[str, Any]:
        return {name: control.value for name, control in controls.items()}

    def redraw(problem: Problem | None = None) -> None:
        image.value, note = frame(values(), problem)
        words.value = _copyable(note)

    for control in controls.values():
        control.observe(lambda _: redraw(), names="value")
    if play:
        first = next(iter(controls.values()))
        player = widgets.Play(value=first.value, min=first.min, max=first.max, step=1, interval=play)
        widgets.jslink((player, "value"), (first, "value"))
        boxes.insert(0, player)
    if button:
        caption, work = button
        boxes.append(_button(caption, lambda: work(**values()), redraw))
    panel = widgets.HBox(boxes, layout={"flex_flow": "row wrap"})
    return widgets.VBox([panel, image, words] if note_lines else [panel, image])


def _widget(control: Slider | Choice, width: int) -> Any:
    import ipywidgets as widgets

    if isinstance(control, Choice) and not control.slider:
        return widgets.ToggleButtons(
            value=control.start,
            options=control.options,
            description=control.caption,
            style={"button_width": "auto"},
        )
    common = {"value": control.start, "description": control.caption, "layout": {"width": f"{width}px"}}
    if isinstance(control, Choice):
        return widgets.SelectionSlider(options=control.options, **common)
    kind = widgets.IntSlider if isinstance(control.step, int) else widgets.FloatSlider
    return kind(min=control.low, max=control.high, step=control.step, **common)


def _button(caption: str, work: Callable[[], Iterator[None]], redraw: Callable[..., None]) -> Any:
    """Return a button that runs a generator; the figure is redrawn at each yield, or says what went wrong."""
    import ipywidgets as widgets

    button = widgets.Button(description=caption, layout={"width": "auto"})

    def pressed(_: Any) -> None:
        button.disabled = True
        try:
            for _ in work():
                redraw()
        except Exception as error:
            redraw(_problem(error))
        finally:
            button.disabled = False

    button.on_click(pressed)
    return button


def _problem(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    return Problem("This figure cannot be drawn", f"{type(error).__name__}: {error}")


def _copyable(note: str) -> str:
    return f"<pre style='line-height:1.3; margin:0'>{note}</pre>"


def _wrapped(text: str, width: int = 62) -> str:
    lines = [line for part in text.replace("$", r"\$").splitlines() for line in textwrap.wrap(part, width)]
    return "\n".join(lines[:8])
