"""The pictures of a figure: quick ones while it moves, for which only what moves is drawn, and a sharp one at rest."""

import io
from typing import Any

import numpy as np

from . import plots
from .plots import SCREEN_PER_INCH, Axes, Figure

SHARP = 2  # pixels of a picture at rest for each pixel of the page
LARGE = 40_000  # bytes from which a picture at rest gets a palette, so that a saved lab stays small
COLOURS = (
    plots.BLACK, plots.GREY, plots.ORANGE, plots.SKY, plots.GREEN, plots.YELLOW, plots.BLUE, plots.VERMILLION,
    plots.PURPLE, "#FFFFFF", *plots.CLASS_TINTS,
)  # fmt: skip


def png(figure: Figure, sharp: bool = True) -> bytes:
    """Return the whole figure as the bytes of a PNG file."""
    with plots.DRAWING:
        figure.set_dpi((SHARP if sharp else 1) * SCREEN_PER_INCH)
        figure.canvas.draw()
        whole = _encoded(figure)
        return whole if len(whole) < LARGE else _encoded(figure, palette=True)


class Frames:
    """The quick pictures of a figure that moves: axes with their labels are drawn again only if they change."""

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self._background: Any = None
        self._belongs_to: Any = None  # the state of the figure in which the background was drawn

    def png(self) -> bytes:
        """Return the figure as the bytes of a PNG file with a pixel for each of the page."""
        self.figure.set_dpi(SCREEN_PER_INCH)
        moving = [artist for ax in self.figure.axes for artist in _moving(ax)] + _beside(self.figure)
        state = _state(self.figure)
        if self._background is None or state != self._belongs_to:
            self._background, self._belongs_to = self._without(moving), state
        self.figure.canvas.restore_region(self._background)
        renderer = self.figure.canvas.get_renderer()
        for artist in moving:
            artist.draw(renderer)
        return _encoded(self.figure)

    def _without(self, moving: list[Any]) -> Any:
        """Draw the figure without its moving parts, and return a copy of its pixels."""
        hidden = [artist for artist in moving if artist.get_visible()]
        for artist in hidden:
            artist.set_visible(False)
        self.figure.canvas.draw()
        for artist in hidden:
            artist.set_visible(True)
        return self.figure.canvas.copy_from_bbox(self.figure.bbox)


def _encoded(figure: Figure, palette: bool = False) -> bytes:
    from PIL import Image

    buffer, drawn = io.BytesIO(), np.asarray(figure.canvas.buffer_rgba())
    picture = Image.fromarray(np.ascontiguousarray(drawn[..., :3]))
    if palette:
        _with_palette(picture, drawn).save(buffer, "png")
    else:  # level 1 writes a file a tenth larger than the default level does, in a third of the time
        picture.save(buffer, "png", compress_level=1)
    return buffer.getvalue()


def _with_palette(picture: Any, drawn: np.ndarray) -> Any:
    """Return a picture in 256 colours; the course's own, which may fill few pixels, stay what the text calls them."""
    from PIL import Image

    shades = 256 - len(COLOURS)
    shaded = picture.quantize(shades, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    own = np.array([[int(colour[start : start + 2], 16) for start in (1, 3, 5)] for colour in COLOURS], dtype=np.uint8)
    numbers = np.array(shaded)
    packed = drawn.view(np.uint32)[..., 0]
    for number, colour in enumerate(np.column_stack([own, np.full(len(own), 255, np.uint8)]).view(np.uint32)[:, 0]):
        numbers[packed == colour] = shades + number
    result = Image.fromarray(numbers, "P")
    colours = (shaded.getpalette() or [])[: 3 * shades]
    result.putpalette([*colours, *[0] * (3 * shades - len(colours)), *own.ravel().tolist()])
    return result


def _moving(ax: Axes) -> list[Any]:
    """Return what lies within the Axes, in the order in which it is drawn."""
    if not ax.get_visible():
        return []
    kept = {ax.xaxis, ax.yaxis, ax.patch, ax.title, ax._left_title, ax._right_title}
    return sorted((artist for artist in ax.get_children() if artist not in kept), key=lambda artist: artist.zorder)


def _beside(figure: Figure) -> list[Any]:
    """Return what lies on the figure outside its Axes."""
    return [*figure.artists, *(text for text in figure.texts if text.get_text())]


def _state(figure: Figure) -> Any:
    """Return what decides how the background looks."""
    return figure.get_facecolor(), [
        (
            ax.get_visible(), ax.get_xlim(), ax.get_ylim(), ax.get_facecolor(), ax.get_xlabel(), ax.get_ylabel(),
            [ax.get_title(side) for side in ("left", "center", "right")],
            tuple(ax.get_xticks()), tuple(ax.get_yticks()),
        )
        for ax in figure.axes
    ]  # fmt: skip
