"""The live side of an explorer: sliders and buttons beside a picture that follows them, and the picture that is saved.

While something moves the picture is a quick one; at rest it is sharp, and so is the one that is saved. Only what
ipywidgets 7.7 (Colab's) and 8.1 share is used.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple
from uuid import uuid4

from . import pictures, plots

REST = 0.35  # seconds without a move until the sharp picture comes
BESIDE = 700  # pixels: a picture that would be narrower, with small letters, has its controls below it
NOTE = "line-height:1.3; margin:0; white-space:pre-wrap; overflow-wrap:anywhere; overflow:auto"
VIEW = "application/vnd.jupyter.widget-view+json"


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


class Frame(NamedTuple):
    """What there is to see at some values: a PNG, its words for readers who cannot see it, and a note to copy from."""

    png: bytes
    words: str
    note: str


class Panel:
    """The controls, the picture and the note of one explorer.

    Args:
        draw: from values, perhaps an error, and whether it must be sharp, to a Frame.
        width: of the picture, in pixels of the page.
        note_lines, play, button: see ``explore``.
        sound: from values to what ``tunes.sound.player`` returns, or None; made at rest alone.
    """

    def __init__(
        self,
        draw: Callable[..., Frame],
        columns: Sequence[Column],
        width: int,
        note_lines: int = 0,
        play: int | None = None,
        button: tuple[str, Callable[..., Iterator[None]]] | None = None,
        sound: Callable[..., Any] | None = None,
    ) -> None:
        import ipywidgets as widgets

        self.draw, self.sound, self.width, self.name = draw, sound, width, f"course-live-{uuid4().hex[:8]}"
        self.picture: Any = None  # the handle of the one that is saved
        self._waiting: asyncio.TimerHandle | None = None
        self.controls: dict[str, Any] = {}
        captions = [control.caption for _, column in columns for control in column.values()]
        captioned = f"{0.6 * max(map(len, captions)) + 1:.1f}em"
        groups = []
        for heading, column in columns:
            self.controls |= {name: _control(control, captioned) for name, control in column.items()}
            title = [widgets.HTML(f"<b>{heading}</b>")] if heading else []
            boxes = [*title, *(self.controls[name] for name in column)]
            groups.append(
                widgets.VBox(boxes, layout={"flex": "1 1 250px", "max_width": "460px", "margin": "0 8px 8px 0"})
            )
        buttons = [self._player(play)] if play else []
        buttons += [self._worker(*button)] if button else []
        if buttons:
            groups[0].children = (*groups[0].children, widgets.HBox(buttons))
        self.image = widgets.Image(format="png", layout={"width": "100%", "margin": "0"}).add_class("course-picture")
        self.words = widgets.HTML(layout={"height": "1px", "overflow": "hidden", "margin": "0"}).add_class(
            "course-words"
        )
        self.note = widgets.HTML(layout={"height": f"{1.5 * note_lines}em"})
        self.player = widgets.Audio(format="wav", autoplay=False, loop=False, layout={"width": "100%", "margin": "0"})
        heard = [self.player] if sound else []
        seen = [self.image, self.words, *heard, *([self.note] if note_lines else [])]
        self.box = widgets.HBox(
            [
                widgets.VBox(seen, layout={"flex": f"3 1 {BESIDE}px", "max_width": f"{width}px", "overflow": "hidden"}),
                widgets.HBox(
                    groups, layout={"flex": "1 1 270px", "flex_flow": "row wrap", "align_items": "flex-start"}
                ),
            ],
            layout={"flex_flow": "row wrap", "align_items": "flex-start"},
        ).add_class(self.name)
        for control in self.controls.values():
            control.observe(lambda _: self.move(), names="value")

    def show(self) -> None:
        """Show the saved picture, which hides where the live one is, and the live one."""
        self.picture = pictures.display(self._say(self._set(self.draw(self.values()))), display_id=True)
        self._hear()
        display_live(self.box)

    def values(self) -> dict[str, Any]:
        return {name: control.value for name, control in self.controls.items()}

    def move(self, error: Exception | None = None) -> None:
        """Draw a quick picture, and a sharp one as soon as nothing moves."""
        with plots.DRAWING:  # a slider and its button Play may move in different threads
            if self._waiting:
                self._waiting.cancel()
            if _loop():
                self._set(self.draw(self.values(), error, sharp=False))
            self._waiting = _later(REST, lambda: self.rest(error))

    def rest(self, error: Exception | None = None) -> None:
        """Draw the sharp picture, and replace the saved one."""
        with plots.DRAWING:
            picture = self._say(self._set(self.draw(self.values(), error)))
            self._hear()
            if self.picture and not outputs_stay_as_they_are():
                self.picture.update(picture)

    def _set(self, frame: Frame) -> pictures.Picture:
        """Show a Frame, and return it as the picture to save."""
        self.image.value = frame.png
        self.note.value = f"<pre style='{NOTE}; max-height:{self.note.layout.height}'>{frame.note}</pre>"
        caption = pictures.BEGAN if outputs_stay_as_they_are() else pictures.AGAIN
        return pictures.Picture(frame.png, frame.words, self.width, self.name, caption)

    def _say(self, picture: pictures.Picture) -> pictures.Picture:
        """Tell a screen reader what a picture shows."""
        self.words.value = f"<span>{escape(picture.words)}</span>"
        return picture

    def _hear(self) -> None:
        """Give the player what belongs to the controls; it sounds when it is pressed."""
        player = self.sound(self.values()) if self.sound else None
        self.player.value = player.data if player else b""
        self.player.layout.display = None if player else "none"

    def _player(self, interval: int) -> Any:
        """Return a button that walks the first slider to its end; it waits for each picture and skips none."""
        import ipywidgets as widgets

        slider = next(iter(self.controls.values()))
        button = widgets.Button(description="Play", icon="play", layout={"width": "auto"})

        def step() -> None:
            begin = time.perf_counter()
            if button.description == "Play":
                return
            slider.value += slider.step
            if slider.value >= slider.max:
                button.description, button.icon = "Play", "play"
            else:
                _later(max(interval / 1000 - (time.perf_counter() - begin), 0.01), step)

        def pressed(_: Any) -> None:
            if button.description == "Pause":
                button.description, button.icon = "Play", "play"
                return
            button.description, button.icon = "Pause", "pause"
            if slider.value >= slider.max:
                slider.value = slider.min
            _later(interval / 1000, step)

        button.on_click(pressed)
        return button

    def _worker(self, caption: str, work: Callable[..., Iterator[None]]) -> Any:
        """Return a button that runs a generator; the figure is redrawn at each step, or says what went wrong."""
        import ipywidgets as widgets

        button = widgets.Button(description=caption, layout={"width": "auto"})

        def pressed(_: Any) -> None:
            button.disabled = True
            try:
                for _ in work(**self.values()):
                    self.move()
            except Exception as error:
                self.move(error)
            finally:
                button.disabled = False

        button.on_click(pressed)
        return button


def _control(control: Slider | Choice, captioned: str) -> Any:
    import ipywidgets as widgets

    common = {"value": control.start, "description": control.caption}
    if isinstance(control, Choice) and not control.slider:
        width = captioned if control.caption else "0px"
        style = {"button_width": "auto", "description_width": width}
        return widgets.ToggleButtons(options=control.options, style=style, layout={"width": "auto"}, **common)
    look = {"style": {"description_width": captioned}, "layout": {"width": "auto"}}
    if isinstance(control, Choice):
        return widgets.SelectionSlider(options=control.options, **common, **look)
    kind = widgets.IntSlider if isinstance(control.step, int) else widgets.FloatSlider
    return kind(min=control.low, max=control.high, step=control.step, **common, **look)


def display_live(box: Any) -> None:
    """Display a widget; where it cannot be shown, an empty text is better than its address."""
    view = {"version_major": 2, "version_minor": 0, "model_id": box.model_id}
    pictures.display({VIEW: view, "text/html": "", "text/plain": ""}, raw=True)


def outputs_stay_as_they_are() -> bool:
    """Whether this is ipywidgets 7, as in Colab, where an output can only be replaced while its cell runs."""
    import ipywidgets

    return int(ipywidgets.__version__.split(".")[0]) < 8


def _loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _later(seconds: float, work: Callable[[], None]) -> asyncio.TimerHandle | None:
    """Do something after a while; at once where nothing would call it later."""
    loop = _loop()
    if loop:
        return loop.call_later(seconds, work)
    work()
    return None
