"""Reading sources: roles become nbgrader metadata, and every mistake names file, line, cell and mend."""

import numpy as np
import pytest

from autograder.authoring.exercise import Exercise, Mistake
from autograder.authoring.roles import expected_tests
from autograder.authoring.source import Lab, load_exercises
from autograder.authoring.spellings import function
from autograder.errors import CourseError

HEADER = "# %% [markdown]\n# # Tiny lab\n\n"
SOLUTION = '# %% solution="double"\ndef double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n\n'
TESTS = f'# %% tests="double" points=3\n{expected_tests("double")}\n'


def double(mistakes=None, spellings=("numpy",)):
    """An exercise small enough for a test."""
    if mistakes is None:
        mistakes = (Mistake("squared", "That is the square.", lambda x: x**2),)
    return Exercise(
        "double",
        "Doubling",
        {name: function("double", "x") for name in spellings},
        lambda rng: [("all", {"x": np.round(rng.normal(size=4), 3)})],
        lambda x: 2 * x,
        mistakes,
    )


def read(tmp_path, text, exercises=None):
    path = tmp_path / "lab9_tiny.py"
    path.write_text(text, encoding="utf-8")
    return Lab(path, (double(),) if exercises is None else exercises)


def test_roles_become_nbgrader_metadata(tmp_path):
    """Solution, test and demo cells carry what nbgrader and nbclient read; cell ids are the grade ids."""
    lab = read(tmp_path, HEADER + SOLUTION + TESTS + "\n# %% demo=True\nprint(1)\n")
    cells = lab.notebook().cells
    assert [cell.id for cell in cells] == ["cell-0", "double_solution", "double", "demo_1"]
    assert cells[1].metadata.nbgrader.solution and not cells[1].metadata.nbgrader.grade
    assert cells[2].metadata.nbgrader.grade and cells[2].metadata.nbgrader.points == 3
    assert cells[3].metadata.tags == ["skip-execution"]
    assert lab.points() == {"double": 3} and lab.title == "Tiny lab"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (SOLUTION.replace("solution=", "solutoin=") + TESTS, "4: cell 2: unknown role 'solutoin'"),
        (SOLUTION + TESTS.replace(" points=3", ""), "10: cell 3: tests='double' needs its points"),
        (SOLUTION + TESTS.replace('"double"', '"triple"'), "tests for 'triple', but no exercise has that name"),
        (SOLUTION.replace('"double"', '"triple"') + TESTS, "a solution for 'triple', but no exercise"),
        (SOLUTION + TESTS + "\n" + TESTS, "16: cell 4: tests='double' stands already at"),
        (SOLUTION + SOLUTION + TESTS, "solution='double' stands already at"),
        (SOLUTION, "exercise 'double' has no test cell"),
        (TESTS, "exercise 'double' has no solution cell"),
        ("stray = 1\n\n" + SOLUTION + TESTS, "start every cell"),
    ],
)
def test_a_wrong_source_is_refused_with_the_place_and_the_mend(tmp_path, text, complaint):
    """A mistake in a source stops the build with file, line, cell and what to write instead."""
    header = "" if text.startswith("stray") else HEADER
    with pytest.raises(CourseError) as error:
        read(tmp_path, header + text)
    assert complaint in str(error.value)
    assert "lab9_tiny.py" in str(error.value)


def test_an_exercise_may_be_checked_and_not_graded(tmp_path):
    """A test cell may give no points."""
    lab = read(tmp_path, HEADER + SOLUTION + TESTS.replace("points=3", "points=0"))
    assert lab.points() == {"double": 0}
    assert lab.notebook().cells[2].metadata.nbgrader.points == 0


def test_inputs_that_cannot_tell_a_mistake_apart_are_refused():
    """Where a typical wrong result equals the right one on every draw, the exercise names the pair."""
    twin = (Mistake("added", "That is x + x.", lambda x: x + x),)
    with pytest.raises(CourseError, match="cannot tell the right result and added apart"):
        double(twin).test("numpy", b"seed", "check")


def test_a_constant_right_result_is_refused():
    """An exercise that a constant would pass cannot be built."""
    exercise = Exercise(
        "one",
        "One",
        {"numpy": function("one")},
        lambda rng: [("all", {})],
        lambda: np.ones(3),
    )
    with pytest.raises(CourseError, match="a constant"):
        exercise.test("numpy", b"seed", "check")


def test_the_same_seed_draws_the_same_cases():
    """Hidden inputs depend on the seed alone."""
    one, two = (double().test("numpy", b"seed", "grade") for _ in range(2))
    assert np.array_equal(one["cases"][0]["arguments"]["arguments"][0], two["cases"][0]["arguments"]["arguments"][0])
    other = double().test("numpy", b"other", "grade")
    assert not np.array_equal(one["cases"][0]["expected"]["output"], other["cases"][0]["expected"]["output"])


def test_a_build_for_one_framework_drops_the_other(tmp_path):
    """Cells of the other framework go, prose too; an exercise that needs both goes whole."""
    text = HEADER
    for spelling in ("torch", "tensorflow"):
        text += SOLUTION.replace('"double"', f'"double_{spelling}"')
        text += TESTS.replace('"double"', f'"double_{spelling}"')
        text += f'\n# %% [markdown] framework="{spelling}"\n# About {spelling}.\n\n'
    text += '# %% [markdown] framework="torch+tensorflow"\n# They agree.\n'
    lab = read(tmp_path, text, (double(spellings=("torch", "tensorflow")),))
    kept = " ".join(cell.source for cell in lab.notebook("torch").cells)
    assert "double_torch" in kept and "About torch" in kept
    assert "tensorflow" not in kept and "They agree" not in kept
    assert lab.kept_tests("torch") == ["double_torch"]
    assert len(lab.notebook("both").cells) == len(lab.cells)


def test_a_solution_under_another_name_is_refused(tmp_path):
    """A check looks for the object by name, so a source that defines it under another name is not built."""
    path = tmp_path / "tiny.py"
    path.write_text(HEADER + SOLUTION.replace("def double", "def duoble") + TESTS)
    with pytest.raises(CourseError, match=r"exercise 'double' asks for `double`, but no cell defines it"):
        Lab(path, [double()])


def test_a_misspelled_header_is_named_before_the_text_below_it(tmp_path):
    """Where the header's name is no exercise, the message does not ask to misspell the text too."""
    path = tmp_path / "tiny.py"
    path.write_text(HEADER + SOLUTION + TESTS.replace('tests="double"', 'tests="duoble"'))
    with pytest.raises(CourseError, match=r"tests for 'duoble', but no exercise has that name"):
        Lab(path, [double()])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import numpy as np\n\nx = nunpy.zeros(2)\n", r"lab9_faulty\.py:3: NameError: name 'nunpy' is not defined"),
        ("from numpy import nothing_of_that_name\n", r"lab9_faulty\.py:1: ImportError"),
        ("x = (\n", r"lab9_faulty\.py:1: SyntaxError"),
    ],
)
def test_a_mistake_in_an_exercise_file_is_named_with_its_line(text, message, tmp_path, monkeypatch):
    """What Python says about an exercise file is one message with file and line, not a traceback."""
    (tmp_path / "lab9_faulty.py").write_text(text)
    monkeypatch.setattr("autograder.exercises.__path__", [str(tmp_path)])
    with pytest.raises(CourseError, match=message):
        load_exercises("lab9_faulty", "solutions/lab9_faulty.py")
