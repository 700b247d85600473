"""What stands in place of a figure whose exercise is open: what to do, over a dimmed preview of how it will look.

A preview is drawn by the reference solution, and so small that nothing in it can be read; the command
``python -m autograder.authoring.previews`` draws all of them anew.
"""

import textwrap
from pathlib import Path

from . import plots
from .plots import Figure

FOLDER = Path(__file__).resolve().parent.parent / "previews"
BACK = "#EDF4F9"
STRENGTH, SHADES = 0.5, 24  # of a preview: how dark, from 0 to 1, and in how many steps, so that its file is small
LINES, LINE, LETTER = 8, 0.26, 0.096  # of an explanation: how many, and inches of each in height and of a letter
SIGNED = 0.5  # inches that the sign below an explanation needs
SAID = "Preview: dimmed, how the figure will look"


def path_of(name: str) -> Path:
    """Return where the preview of a figure lies."""
    return FOLDER / f"{name}.jpg"


def notice(figure: Figure, name: str, title: str, explanation: str) -> None:
    """Write what to do onto a figure whose Axes are hidden, over its preview, if there is one.

    Args:
        name: of the preview, or "".
    """
    from matplotlib.patches import FancyBboxPatch

    wide, high = figure.get_figwidth(), figure.get_figheight()
    shown = bool(name) and path_of(name).exists()
    lines = _wrapped(explanation, min(62, int((wide - 0.9) / LETTER)))
    width = max(1.4 * LETTER * len(title), *(LETTER * len(line) for line in lines)) + 0.6
    height = LINE * len(lines) + 0.85
    left, bottom = (wide - width) / 2, max((high - height) / 2, min(SIGNED, high - height - 0.05))
    if shown:
        _dimmed(figure, name)
        box = FancyBboxPatch((left, bottom), width, height, boxstyle="round,pad=0,rounding_size=0.12", mutation_scale=1)
        box.set(transform=figure.dpi_scale_trans, facecolor="white", edgecolor=plots.SKY)
        figure.add_artist(box)
    figure.set_facecolor("white" if shown else BACK)
    top = bottom + height
    figure.text(
        0.5, (top - 0.18) / high, title, fontsize=15, ha="center", va="top", fontweight="bold", color=plots.BLUE
    )
    words = "\n".join(lines)
    figure.text(0.5, (top - 0.62) / high, words, fontsize=12, ha="center", va="top", linespacing=1.4, gid=explanation)
    if shown:
        sign = figure.text(0.5, (bottom - 0.3) / high, SAID, fontsize=11, ha="center", va="center", color=plots.GREY)
        sign.set_bbox({"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "boxstyle": "round"})


def _dimmed(figure: Figure, name: str) -> None:
    """Fill a figure with its preview; what is enlarged so far is soft."""
    import numpy as np
    from matplotlib.image import BboxImage
    from PIL import Image

    size = [round(plots.SCREEN_PER_INCH * inches) for inches in figure.get_size_inches()]
    with Image.open(path_of(name)) as picture:
        pixels = np.asarray(picture.convert("RGB").resize(size, Image.Resampling.BICUBIC), dtype=float) / 255
    dimmed = np.round(SHADES * (1 - STRENGTH * (1 - pixels))) / SHADES
    dimmed[[0, -1]] = dimmed[:, [0, -1]] = 1
    image = BboxImage(figure.bbox, interpolation="nearest", zorder=0)
    image.set_data(dimmed)
    figure.add_artist(image)


def _wrapped(text: str, width: int) -> list[str]:
    lines = [line for part in text.replace("$", r"\$").splitlines() for line in textwrap.wrap(part, width)]
    return lines[:LINES]
