"""The signs of a score: each where it is asked for, and as large as musicians know it."""

from fractions import Fraction

import numpy as np
import pytest

from course_utils.figures.score_signs import DOT, Pen


@pytest.fixture
def drawn(ax):
    """A function that draws by a pen, and returns heads, holes, lines, paths and dots as arrays."""
    ax.set(xlim=(-5, 15), ylim=(-5, 10))

    def draw(sign, *arguments):
        pen = Pen(ax)
        getattr(pen, sign)(*arguments)
        pen.finish()
        heads, holes, lines, paths, dots = ax.collections[-5:]
        return [
            np.asarray(heads.get_offsets()), np.asarray(holes.get_offsets()), np.array(lines.get_segments()),
            [path.get_extents() for path in paths.get_paths()], np.asarray(dots.get_offsets()),
        ]  # fmt: skip

    return draw


@pytest.mark.parametrize(("value", "open_heads"), [(Fraction(1, 2), 0), (Fraction(1), 0), (Fraction(2), 1), (4, 1)])
def test_heads_of_half_notes_and_more_are_open(drawn, value, open_heads):
    """A head lies at its point, and only a long note's has a hole there."""
    heads, holes, *_ = drawn("head", 3.0, 1.5, value)
    assert heads.tolist() == [[3.0, 1.5]] and holes.tolist() == [[3.0, 1.5]] * open_heads


@pytest.mark.parametrize("way", [1, -1])
def test_a_flag_hangs_on_its_stem_and_points_back_to_the_head(drawn, way):
    """It lies to the right of the stem, below the end of one that goes up and above that of one that goes down."""
    *_, (flag,), _ = drawn("flag", 2.0, 1.0, way)
    ends = (flag.y0, flag.y1)[::way]
    assert flag.x0 == pytest.approx(2.0) and 0.5 < flag.width < 1.5
    assert ends[1] == pytest.approx(1.0) and way * (ends[1] - ends[0]) == pytest.approx(2.8, abs=0.3)


def test_a_clef_reaches_above_and_below_its_staff(drawn):
    """It is about seven spaces high, stands at the left end, and its ball hangs below the lowest line."""
    *_, (clef,), ball = drawn("clef", 2.0)
    assert 0 < clef.x0 < clef.x1 < 3.6
    assert 2 - 2.2 < clef.y0 < 2 - 1.5 and 2 + 5 < clef.y1 < 2 + 6.2
    assert ball[0][1] < 2 - 1


@pytest.mark.parametrize(
    ("sign", "lines", "dots"),
    [("", [], []), ("|", [9], []), ("||", [8.4, 9], []), ("|]", [8.1, 8.75], []), (":|", [8.1, 8.75], [7.6, 7.6]),
     ("|:", [9.25, 9.9], [10.4, 10.4])],
)  # fmt: skip
def test_bar_lines_span_the_staff(drawn, sign, lines, dots):
    """Lines are four spaces high, dots stand beside the middle line on the side of what is repeated."""
    *_, found, _, points = drawn("bar_line", 9.0, 1.0, sign)
    assert sorted(line[0, 0] for line in found) == pytest.approx(lines)
    assert all(line[:, 1].tolist() == [1.0, 5.0] for line in found)
    assert points.tolist() == [[pytest.approx(x), y] for x, y in zip(dots, (2.5, 3.5))] and DOT < 0.5


def test_ties_beams_rolls_and_numbers_lie_where_they_belong(drawn):
    """A tie hangs below both heads and between them; a beam lies between its stems; others have their middle there."""
    *_, (tie,), _ = drawn("tie", 1.0, 4.0, 2.0)
    assert 1 < tie.x0 < tie.x1 < 4 and tie.y1 < 2
    *_, (beam,), _ = drawn("beam", 1.0, 4.0, 3.0, 5.0, -0.5)
    assert (beam.x0, beam.x1, beam.y0, beam.y1) == (1.0, 3.0, 3.5, 5.0)
    for sign, arguments in (("roll", (2.0, 3.0)), ("number", (2.0, 3.0, "6"))):
        *_, (shape,), _ = drawn(sign, *arguments)
        assert [(shape.x0 + shape.x1) / 2, (shape.y0 + shape.y1) / 2] == pytest.approx([2.0, 3.0], abs=0.05)
        assert shape.height < 2.0
