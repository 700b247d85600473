"""A tune as musicians write it: heads on a staff, with clef, key, metre, beams, bar lines and repeats.

All is drawn in staff spaces, the distance of two lines: here is where signs stand, in ``score_signs`` how they look.
"""

from typing import Any, NamedTuple

import numpy as np

from ..tunes import abc, engraving
from ..tunes.engraving import Group, Head, Measure
from . import plots
from .score_signs import BEAM, HEAD, THICK, Pen

SPACE = 0.088  # inches
LINE = plots.WIDTH / SPACE - 1.0  # from the left of a line to its right
MARGIN, GAP = 0.5, 1.4  # beside the staves, and between two lines at the least
CLEF, SIGN, METRE = 3.6, 1.05, 2.4  # widths of what stands before the first bar
BEFORE, REPEAT = 1.5, 1.3  # from a bar line to the first head, and what a repeat sign takes
SQUEEZED, STRETCHED = 0.9, 1.9  # how far bars may be moved from their natural widths
STEM, TILT = 3.3, 1.2  # the length of a stem, and how far a beam rises at most


class Staff(NamedTuple):
    """A line of the score.

    Args:
        measures: its bars.
        stretch: by which their natural widths are multiplied.
        left: where its first bar begins.
        y: the height of its lowest line.
    """

    measures: list[Measure]
    stretch: float
    left: float
    y: float


def show(tune: abc.Tune, upto: float, repeats: bool = False) -> None:
    """Show the bars of a tune that are heard, with words for readers who cannot see them.

    Args:
        upto: in quarter notes; a bar that begins before is drawn as a whole.
        repeats: whether repeated parts are heard twice.
    """
    from .pictures import show

    measures = engraving.measures(tune, upto, repeats)
    staves, height = arranged(measures, len(tune.signature))
    with plots.style():
        figure = plots.blank(plots.WIDTH, height * SPACE)
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set(xlim=(-MARGIN, LINE + 0.5), ylim=(-height, 0))
        ax.set_axis_off()
        draw(ax, tune, staves)
        show(figure, _words(tune, measures, len(staves)))


def draw(ax: Any, tune: abc.Tune, staves: list[Staff]) -> None:
    """Draw the lines of a score onto Axes whose unit is a staff space."""
    pen = Pen(ax)
    for number, staff in enumerate(staves):
        x = staff.left
        ends = [x := x + staff.stretch * width(measure) for measure in staff.measures]
        for line in range(5):
            pen.line(0, staff.y + line, ends[-1], staff.y + line)
        pen.clef(staff.y)
        for place, (step, sign) in enumerate(engraving.signature(tune)):
            pen.text(CLEF + SIGN * place, staff.y + (step - 2) / 2, "♯" if sign > 0 else "♭", 21)
        if number == 0:
            for digits, height in zip(tune.metre.split("/"), (3, 1)):
                pen.number(CLEF + SIGN * len(tune.signature) + METRE / 2 - 0.4, staff.y + height, digits)
        for measure, start, end in zip(staff.measures, [staff.left, *ends], ends):
            _draw_heads(pen, measure, start, staff)
            pen.bar_line(end, staff.y, measure.closes)
            # Where one part is repeated and the next one, too, both signs share the thick line.
            shared = start > staff.left and measure.opens
            pen.bar_line(start - THICK * bool(shared), staff.y, measure.opens)
    pen.finish()


def arranged(measures: list[Measure], signs: int) -> tuple[list[Staff], float]:
    """Return bars on lines of nearly the same width, and the height of all.

    Args:
        signs: sharps or flats of the key.
    """
    widths = [width(measure) for measure in measures]
    first, later = CLEF + SIGN * signs + METRE, CLEF + SIGN * signs
    rows = _broken(widths, LINE - first)
    staves, y = [], 0.0
    for number, row in enumerate(rows):
        left = later if number else first
        stretch = min((LINE - left) / sum(widths[place] for place in row), STRETCHED)
        chosen = [measures[place] for place in row]
        lowest, highest = _extent(chosen)
        y -= highest + (GAP if number else 0.3)
        staves.append(Staff(chosen, stretch, left, y))
        y += lowest
    return staves, 0.3 - y


def width(measure: Measure) -> float:
    """Return the natural width of a bar."""
    opening = REPEAT if measure.opens else 0
    return opening + BEFORE + sum(map(_advance, measure.heads)) + (REPEAT if measure.closes != "|" else 0)


def places(measure: Measure, start: float, stretch: float) -> list[float]:
    """Return where the heads of a bar lie."""
    x = start + (REPEAT if measure.opens else 0) + BEFORE * stretch
    return [x, *(x := x + _advance(head) * stretch for head in measure.heads[:-1])] if measure.heads else []


def _advance(head: Head) -> float:
    """Return how far the next head is: a little for each doubling of the length."""
    return max(2.0, 2.3 + 1.0 * np.log2(float(head.value) * 2)) + 0.5 * head.dots


def _broken(widths: list[float], room: float) -> list[list[int]]:
    """Return the places of bars by lines: as few lines as possible, the widest of them as narrow as possible."""

    def rows(limit: float) -> list[list[int]]:
        found: list[list[int]] = []
        for place, wide in enumerate(widths):
            if not found or sum(widths[other] for other in found[-1]) + wide > limit:
                found.append([])
            found[-1].append(place)
        return found

    fewest = len(rows(room / SQUEEZED))
    limits = sorted({sum(widths[a:b]) for a in range(len(widths)) for b in range(a + 1, len(widths) + 1)})
    return next(rows(limit) for limit in limits if limit >= max(widths) and len(rows(limit)) <= fewest)


def _extent(measures: list[Measure]) -> tuple[float, float]:
    """Return how far a line reaches below its lowest staff line, below 0, and above it, with clef and stems."""
    low, high = -1.2, 6.2
    for measure in measures:
        for group in engraving.groups(measure.heads):
            heights = [(measure.heads[place].step - 2) / 2 for place in group.places]
            numbered = 1.2 * any(measure.heads[place].triplet >= 0 for place in group.places)
            rolled = 1.5 * any(measure.heads[place].roll for place in group.places)
            up, down = (STEM + TILT, 0.7) if group.up else (0.7, STEM + TILT)
            low = min(low, min(heights) - down - numbered * (not group.up))
            high = max(high, max(heights) + up + numbered * group.up + rolled)
    return low, high


def _draw_heads(pen: Pen, measure: Measure, start: float, staff: Staff) -> None:
    heads, xs = measure.heads, places(measure, start, staff.stretch)
    ys = [staff.y + (head.step - 2) / 2 for head in heads]
    for place, (head, x, y) in enumerate(zip(heads, xs, ys)):
        pen.head(x, y, head.value)
        for dot in range(head.dots):
            pen.dot(x + 1.2 + 0.6 * dot, y + (0.5 if head.step % 2 == 0 else 0))
        for step in [*range(0, head.step - 1, -2), *range(12, head.step + 1, 2)]:
            pen.line(x - 1.1, staff.y + (step - 2) / 2, x + 1.1, staff.y + (step - 2) / 2)
        if head.tied and place:
            pen.tie(xs[place - 1], x, y)
    for group in engraving.groups(heads):
        tops = _draw_group(pen, group, heads, xs, ys)
        for place, top in zip(group.places, tops):
            if heads[place].roll:
                pen.roll(xs[place], max(top, ys[place]) + 1.3)
            if heads[place].triplet == 1:
                pen.text(xs[place], top + (0.9 if group.up else -0.9), "3", 11)


def _draw_group(pen: Pen, group: Group, heads: tuple[Head, ...], xs: list[float], ys: list[float]) -> list[float]:
    """Draw the stems of a group, and its beam or flag; return where the stems end."""
    if heads[group.places[0]].value >= 4:
        return [ys[place] for place in group.places]
    way = 1 if group.up else -1
    stems = np.array([xs[place] + way * (HEAD[0] / 2 - 0.07) for place in group.places])
    feet = np.array([ys[place] for place in group.places])
    longest = STEM + 0.8 * max(max(group.beams) - 2, 0)
    rise = np.clip(feet[-1] - feet[0], -TILT, TILT) if len(feet) > 1 else 0.0
    tilt = rise * (stems - stems[0]) / max(stems[-1] - stems[0], 1e-9)
    base = way * np.max(way * (feet - tilt))  # so that the shortest stem has its length
    tops = base + tilt + way * longest
    for x, foot, top in zip(stems, feet, tops):
        pen.line(x, foot + 0.15 * way, x, top, 0.13)
    if len(stems) == 1:
        for number in range(group.beams[0]):
            pen.flag(stems[0], tops[0] - way * 0.85 * number, way)
        return list(tops)
    for level in range(max(group.beams)):
        for begin, end in _beam_ends(group.beams, level):
            ends = [stems[begin], stems[end]]
            if begin == end:  # a short one, towards the neighbour
                ends[1] += 1.1 if begin == 0 else -1.1
            heights = np.interp(ends, stems, tops) - way * 0.8 * level
            pen.beam(ends[0], heights[0], ends[1], heights[1], -way * BEAM)
    return list(tops)


def _beam_ends(beams: tuple[int, ...], level: int) -> list[tuple[int, int]]:
    """Return the first and last stem of each stretch of stems that has a beam of this level."""
    runs: list[list[int]] = []
    for place, count in enumerate(beams):
        if count > level:
            if runs and runs[-1][-1] == place - 1:
                runs[-1].append(place)
            else:
                runs.append([place])
    return [(run[0], run[-1]) for run in runs]


def _words(tune: abc.Tune, measures: list[Measure], lines: int) -> str:
    signs = engraving.signature(tune)
    kind = "no sharps or flats" if not signs else _count(len(signs), "sharp" if signs[0][1] > 0 else "flat")
    heads = [head for measure in measures for head in measure.heads if not head.tied]
    steps = [head.step for head in heads]
    names = [f"{abc.LETTERS[step % 7]}{4 + step // 7}" for step in (min(steps), max(steps))] if steps else ["", ""]
    return (
        f"Score of a tune in {tune.key}, {tune.metre}, with {kind} behind a treble clef: "
        f"{_count(len(measures), 'bar')} on {_count(lines, 'line')}, {_count(len(heads), 'note')}. The lowest head "
        f"stands on {names[0]}, the highest on {names[1]}."
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
