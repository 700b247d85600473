"""How the signs of a score look. Music fonts differ from machine to machine, so clef and flags are curves of our own;
digits, sharps and flats are of Matplotlib's own font. The unit is the distance of two lines of a staff.
"""

from fractions import Fraction
from typing import Any

import numpy as np

from ..tunes.engraving import CLOSE, DOUBLE, FINAL, START
from . import plots

INK = plots.BLACK
HEAD = (1.32, 0.92, 22)  # width, height and angle of a head
HOLE = (1.0, 0.45, 34)  # of what an open head leaves white
THIN, THICK, BEAM = 0.12, 0.5, 0.5  # lines, the thick one of a repeat sign, a beam
DOT = 0.34
METRE_SIZE = 2.6  # of its digits' font
# The clef: points of its stroke around the line of G, from the curl to the ball, each with half its width there.
TREBLE = np.array([
    (0.25, -0.55, 0.1), (-0.42, -0.3, 0.12), (-0.45, 0.5, 0.14), (0.2, 0.98, 0.17), (1.05, 0.6, 0.2),
    (1.22, -0.2, 0.17), (0.75, -0.88, 0.1), (0.0, -1.02, 0.09), (-0.85, -0.8, 0.12), (-1.35, -0.05, 0.2),
    (-1.2, 1.0, 0.24), (-0.5, 2.0, 0.2), (0.3, 2.85, 0.15), (0.66, 3.75, 0.14), (0.5, 4.6, 0.12),
    (0.2, 4.85, 0.07), (-0.12, 4.2, 0.08), (-0.1, 3.2, 0.09), (0.2, 1.4, 0.09), (0.55, -0.8, 0.09),
    (0.7, -2.0, 0.09), (0.4, -2.75, 0.09), (-0.2, -2.85, 0.1), (-0.55, -2.4, 0.1),
])  # fmt: skip
BALL = (-0.42, -2.3, 0.75)
STROKE = 24  # points of the stroke between two of TREBLE
FLAG = np.array([(0, 0), (0.1, -0.9), (1.5, -1.2), (0.9, -2.8), (1.1, -1.7), (0.4, -1.2), (0, -1.0)])  # Bezier curves


class Pen:
    """Collects signs, and puts them onto Axes as a few artists: one for each kind is much faster than one each."""

    def __init__(self, ax: Any) -> None:
        self.ax = ax
        self._heads: list[tuple[float, float]] = []
        self._holes: list[tuple[float, float]] = []
        self._dots: list[tuple[float, float, float]] = []
        self._lines: list[tuple[tuple[float, float], tuple[float, float]]] = []
        self._widths: list[float] = []
        self._paths: list[Any] = []

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float = THIN) -> None:
        """Draw a straight line."""
        self._lines.append(((x1, y1), (x2, y2)))
        self._widths.append(width)

    def text(self, x: float, y: float, text: str, size: float) -> None:
        """Write something around a point; the size is in points."""
        self.ax.text(x, y, text, ha="center", va="center_baseline", fontsize=size, color=INK)

    def number(self, x: float, y: float, digits: str) -> None:
        """Draw a number of a metre, two spaces high, with its middle at a point."""
        from matplotlib.font_manager import FontProperties
        from matplotlib.path import Path
        from matplotlib.textpath import TextPath

        font = FontProperties(family=plots.STYLE["font.family"], weight="bold")
        shape = TextPath((0, 0), digits, size=METRE_SIZE, prop=font)
        box = shape.get_extents()
        middle = np.array([box.x0 + box.x1, box.y0 + box.y1]) / 2
        self._paths.append(Path(shape.vertices - middle + (x, y), shape.codes))

    def head(self, x: float, y: float, value: Fraction) -> None:
        """Draw a head; one of a half note or more is open."""
        self._heads.append((x, y))
        if value >= 2:
            self._holes.append((x, y))

    def dot(self, x: float, y: float, size: float = DOT) -> None:
        """Draw a dot."""
        self._dots.append((x, y, size))

    def beam(self, x1: float, y1: float, x2: float, y2: float, thickness: float) -> None:
        """Draw a beam between two stems, upwards or downwards from where they end."""
        from matplotlib.path import Path

        self._paths.append(Path([(x1, y1), (x2, y2), (x2, y2 + thickness), (x1, y1 + thickness), (x1, y1)]))

    def flag(self, x: float, y: float, way: int) -> None:
        """Draw the flag of a stem that ends here, going up (1) or down (-1)."""
        from matplotlib.path import Path

        codes = [Path.MOVETO, *[Path.CURVE4] * 6]
        self._paths.append(Path(FLAG * (1, way) + (x, y), codes))

    def tie(self, x1: float, x2: float, y: float) -> None:
        """Draw the arc that joins two heads to one note."""
        from matplotlib.path import Path

        y -= 0.8
        bows = [(x1 + 0.4, y), (x1 + 0.9, y - 1.0), (x2 - 0.9, y - 1.0), (x2 - 0.4, y)]
        back = [(x2 - 0.9, y - 0.8), (x1 + 0.9, y - 0.8), (x1 + 0.4, y)]
        self._paths.append(Path([*bows, *back], [Path.MOVETO, *[Path.CURVE4] * 6]))

    def roll(self, x: float, y: float) -> None:
        """Draw the sign of a roll, a small wave."""
        places = np.linspace(-1, 1, 17)
        wave = 0.4 * np.sin(np.pi * places)
        self._stroke(x + 1.05 * places, y - wave, 0.07 + 0.12 * (1 - places**2))

    def clef(self, y: float) -> None:
        """Draw a treble clef at the left end of a staff whose lowest line has this height."""
        x = 1.8
        knots = np.linspace(0, 1, len(TREBLE))
        fine = np.linspace(0, 1, STROKE * (len(TREBLE) - 1) + 1)
        smooth = np.column_stack([_smooth(knots, column, fine) for column in TREBLE.T])
        self._stroke(x + smooth[:, 0], y + 1 + smooth[:, 1], smooth[:, 2])
        self.dot(x + BALL[0], y + 1 + BALL[1], BALL[2])

    def bar_line(self, x: float, y: float, sign: str) -> None:
        """Draw a bar line or a repeat sign, whose thick line ends at x, or begins there if it opens a part."""
        if sign == "|":
            self.line(x, y, x, y + 4)
        elif sign == DOUBLE:
            self.line(x - 0.6, y, x - 0.6, y + 4)
            self.line(x, y, x, y + 4)
        elif sign in (CLOSE, FINAL, START):
            way = 1 if sign == START else -1
            self.line(x + way * THICK / 2, y, x + way * THICK / 2, y + 4, THICK)
            self.line(x + way * 0.9, y, x + way * 0.9, y + 4)
            for height in (1.5, 2.5) if sign != FINAL else ():
                self.dot(x + way * 1.4, y + height)

    def finish(self) -> None:
        """Put all onto the Axes; heads are the first of their collections."""
        from matplotlib.collections import EllipseCollection, LineCollection, PathCollection

        points = 72 * self.ax.bbox.width / self.ax.figure.dpi / np.ptp(self.ax.get_xlim())
        widths = np.array(self._widths) * points
        self._ellipses(EllipseCollection, self._heads, HEAD, INK, 3)
        self._ellipses(EllipseCollection, self._holes, HOLE, "white", 4)
        lines = LineCollection(self._lines, linewidths=widths, colors=INK, capstyle="butt", zorder=2)
        self.ax.add_collection(lines, autolim=False)
        self.ax.add_collection(PathCollection(self._paths, facecolors=INK, linewidths=0, zorder=3), autolim=False)
        dots = np.array(self._dots).reshape(-1, 3)
        self._ellipses(EllipseCollection, dots[:, :2], (dots[:, 2], dots[:, 2], 0), INK, 3)

    def _stroke(self, x: np.ndarray, y: np.ndarray, half: np.ndarray) -> None:
        """Draw a curve with a width of its own at each point, as a quadrangle between each two of them."""
        from matplotlib.path import Path

        along = np.gradient(np.column_stack([x, y]), axis=0)
        across = np.column_stack([-along[:, 1], along[:, 0]]) / np.linalg.norm(along, axis=1)[:, None] * half[:, None]
        middle = np.column_stack([x, y])
        outline = np.concatenate([middle + across, (middle - across)[::-1]])
        self._paths.append(Path(outline, closed=False))

    def _ellipses(self, kind: Any, centres: Any, size: Any, colour: str, zorder: int) -> None:
        width, height, angle = (np.broadcast_to(each, len(centres)) for each in size)
        ellipses = kind(
            width, height, angle, units="xy", offsets=np.reshape(centres, (-1, 2)), offset_transform=self.ax.transData,
            facecolors=colour, linewidths=0, zorder=zorder,
        )  # fmt: skip
        self.ax.add_collection(ellipses, autolim=False)


def _smooth(knots: np.ndarray, values: np.ndarray, fine: np.ndarray) -> np.ndarray:
    """Return a Catmull-Rom spline through values at even knots: a cubic with the slopes of its neighbours."""
    slopes = np.gradient(values)
    place = np.minimum((fine * (len(knots) - 1)).astype(int), len(knots) - 2)
    t = fine * (len(knots) - 1) - place
    return (
        (2 * t**3 - 3 * t**2 + 1) * values[place] + (t**3 - 2 * t**2 + t) * slopes[place]
        + (3 * t**2 - 2 * t**3) * values[place + 1] + (t**3 - t**2) * slopes[place + 1]
    )  # fmt: skip
