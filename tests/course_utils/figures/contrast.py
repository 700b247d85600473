"""How well what is written in a figure can be read: the contrast of WCAG 2.1, on a bright page and on a dark one."""

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.text import Text

LEAST, LEAST_IF_LARGE = 4.5, 3.0  # WCAG 2.1, 1.4.3
LARGE, LARGE_IF_BOLD = 18, 14  # points
PATCH = "\N{BLACK SQUARE}"  # of a legend: a colour to compare, and nothing to read

# The filter of a dark page, as Filter Effects 1 defines it: a negative, then hues turned by half a circle.
INVERT = 0.93
TURN = np.array([[-0.574, 1.430, 0.144], [0.426, 0.430, 0.144], [0.426, 1.430, -0.856]])


def dark(colour):
    """Return a colour as a dark page shows it."""
    return np.clip(TURN @ (INVERT + (1 - 2 * INVERT) * np.asarray(colour)), 0, 1)


def luminance(colour):
    colour = np.asarray(colour)
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(first, second):
    """Return the contrast of two colours, from 1 to 21."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def hard_to_read(figure):
    """Return what is written in a drawn figure in too little contrast, with the contrast, on either page."""
    drawn = np.asarray(figure.canvas.buffer_rgba())
    found = []
    for text in figure.findobj(Text):
        seen = text.get_visible() and (text.axes is None or text.axes.get_visible())
        if not seen or text.get_text().strip() in ("", PATCH):
            continue
        colour, behind = to_rgb(text.get_color()), _behind(text, drawn)
        large = text.get_fontsize() >= (LARGE_IF_BOLD if text.get_fontweight() == "bold" else LARGE)
        for page in (np.asarray, dark):
            ratio = contrast(page(colour), page(behind))
            if ratio < (LEAST_IF_LARGE if large else LEAST):
                found.append((text.get_text(), page.__name__, round(ratio, 2)))
    return found


def _behind(text, drawn):
    """Return the colour that fills most of the place where a text stands."""
    box = text.get_window_extent()
    top, bottom = (int(np.clip(len(drawn) - y, 0, len(drawn))) for y in (box.y1, box.y0))
    left, right = (int(np.clip(x, 0, drawn.shape[1])) for x in (box.x0, box.x1))
    part = drawn[top:bottom, left:right, :3].reshape(-1, 3)
    if not len(part):
        return 1.0, 1.0, 1.0
    colours, counts = np.unique(part // 8, axis=0, return_counts=True)
    most = np.all(part // 8 == colours[counts.argmax()], axis=1)
    return part[most].mean(axis=0) / 255
