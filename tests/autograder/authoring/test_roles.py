"""Roles of one cell: what its ``# %%`` line may say, what its text must then hold, and what is left of its markers."""

import jupytext
import pytest

from autograder.authoring.roles import SourceCell, expected_tests, without_markers
from autograder.errors import CourseError

PLACE = "solutions/lab9_tiny.py:4: cell 2"
SOLUTION = '# %% solution="double"\ndef double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n'
TESTS = f'# %% tests="double" points=3\n{expected_tests("double")}\n'


def cell_of(text):
    """Return the one cell of a source's text."""
    [cell] = jupytext.reads(text, fmt="py:percent").cells
    return SourceCell(cell.cell_type, cell.source, dict(cell.metadata), PLACE)


@pytest.mark.parametrize(
    "text",
    [
        SOLUTION,
        SOLUTION.replace("return 2 * x", "%timeit 2 * x\n    !ls"),
        TESTS,
        TESTS.replace("points=3", "points=0.5"),
        "# %% demo=True\nprint(1)\n",
        '# %% framework="torch" demo=True\nprint(1)\n',
        '# %% [markdown] framework="torch+tensorflow"\n# They agree.\n',
        "# %%\nthis is no Python, and has no role\n",
    ],
)
def test_roles_that_fit_are_accepted(text):
    """Each role is accepted where its text is there; what has no role may hold anything."""
    cell_of(text).check()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (SOLUTION.replace("solution=", "solutoin="), "unknown role 'solutoin'; the roles are demo, framework, points,"),
        (TESTS.replace(" points=3", ""), "tests='double' needs its points as a number"),
        (TESTS.replace(" points=3", ""), "(found none)"),
        (TESTS.replace("points=3", 'points="three"'), "needs its points as a number"),
        (TESTS.replace("points=3", "points=-1"), "needs its points as a number, such as points=3, or points=0"),
        (TESTS.replace("points=3", "points=True"), "(found True)"),
        (
            SOLUTION.replace("    ### BEGIN SOLUTION\n", "").replace("    ### END SOLUTION\n", ""),
            "without '### BEGIN SOLUTION'",
        ),
        (SOLUTION.replace("    ### END SOLUTION\n", ""), "the solution markers do not pair"),
        (SOLUTION.replace("### BEGIN SOLUTION", "## BEGIN SOLUTION"), "found ## BEGIN SOLUTION, ### END SOLUTION"),
        (TESTS.replace("\n### END HIDDEN TESTS", ""), "the hidden-test markers do not pair"),
        (TESTS.replace('check("double")', "assert True"), "a test cell reads the same everywhere"),
        (TESTS.replace('check("double")', "assert True"), f"Replace its text by:\n{expected_tests('double')}"),
        (SOLUTION.replace("return 2", "return return 2"), "line 3 of the cell is not Python"),
        ("# %%\n### BEGIN SOLUTION\n1\n### END SOLUTION\n", "solution markers in a cell without"),
        ("# %%\n### BEGIN HIDDEN TESTS\n1\n### END HIDDEN TESTS\n", "hidden-test markers in a cell without tests="),
        ('# %% framework="jax"\n1\n', "framework='jax'; write one of torch, tensorflow"),
        ("# %% points=2\n1\n", "points belong to a cell with tests"),
        ('# %% demo=True solution="double"\n1\n', "split it"),
        ("# %% [markdown] demo=True\n# Text.\n", "only code cells can be solution, tests or demo"),
        ("# %% [markdown] points=3\n# Text.\n", "remove '[markdown]'"),
        ('# %% demo="yes"\n1\n', "write demo=True (found 'yes')"),
        (SOLUTION.replace('"double"', '"Double-it"'), "solution='Double-it' is not a name"),
        (TESTS.replace('tests="double"', "tests=3"), "tests=3 is not a name; use small letters, digits and _"),
    ],
)
def test_roles_that_do_not_fit_are_refused_with_the_place_and_the_mend(text, complaint):
    """A mistake in a cell's roles or markers names file, line and cell, and what to write instead."""
    with pytest.raises(CourseError) as error:
        cell_of(text).check()
    assert str(error.value).startswith(f"{PLACE}: ")
    assert complaint in str(error.value)


@pytest.mark.parametrize(
    ("text", "frameworks"),
    [
        ("# %%\n1\n", set()),
        ('# %% framework="torch"\n1\n', {"torch"}),
        ('# %% framework="torch+tensorflow"\n1\n', {"torch", "tensorflow"}),
    ],
)
def test_a_cell_names_the_frameworks_that_it_needs(text, frameworks):
    """A cell may need no framework, one, or both."""
    assert cell_of(text).frameworks == frameworks


def test_markers_are_dropped_for_the_solved_copy():
    """The solved copy keeps what solution markers enclose and loses hidden tests whole."""
    assert without_markers("a\n    ### BEGIN SOLUTION\n    b\n    ### END SOLUTION\nc", "solution") == "a\n    b\nc"
    assert without_markers(expected_tests("double"), "hidden-test") == 'check("double")'


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("def f():\n    inner = 1\n", {"f"}),
        ("class Net:\n    size = 2\n", {"Net"}),
        ("W1, (b1, W2) = start\n", {"W1", "b1", "W2"}),
        ("answer_q1: str = letter\n", {"answer_q1"}),
        ("%matplotlib inline\nx = 1\n", {"x"}),
        ("not python at all\n", set()),
    ],
)
def test_a_cell_knows_the_names_that_it_defines(text, names):
    """Functions, classes and assigned values count, annotated ones too; what is used or lies deeper does not."""
    assert SourceCell("code", text, {}, "here").defined_names() == names
