"""Stubs of the author's own: broken code that students get in place of a solution, and mend."""

import nbformat
import pytest

from autograder.authoring.build import PUBLIC_SEED, generate_assignment, solved, write_notebook
from autograder.authoring.exercise import Exercise, Mistake
from autograder.authoring.roles import expected_tests
from autograder.authoring.sample_class import with_unfinished
from autograder.authoring.source import Lab
from autograder.authoring.spellings import function
from autograder.authoring.stubs import split_stub
from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.grading.repair import repair
from autograder.settings import PROJECT, load_config
from course_utils.checks import run_test
from course_utils.remarks import VOCABULARY
from course_utils.standing import Progress

SOLUTION = '''\
# %% solution="total"
def total(numbers):
    """Return the sum."""
    ### BEGIN SOLUTION
    result = 0
    for number in numbers:
        result += number
    return result
    ### END SOLUTION
    ### BEGIN STUB
    # result = 0
    # for number in numbers:
    #     result = number  # one after the other
    #
    # return result
    ### END STUB

'''
BROKEN = '''\
def total(numbers):
    """Return the sum."""
    result = 0
    for number in numbers:
        result = number  # one after the other

    return result
'''.rstrip()
SOURCE = f'# %% [markdown]\n# # Tiny\n\n{SOLUTION}# %% tests="total" points=2\n{expected_tests("total")}\n'


def exercise(**stubs):
    return Exercise(
        "total",
        "A sum",
        {"numpy": function("total", "numbers")},
        lambda rng: [("all", {"numbers": rng.uniform(1, 2, size).round(2)}) for size in (4, 5)],
        lambda numbers: numbers.sum(),
        [
            Mistake("last_only", "Your result is the last number.", lambda numbers: numbers[-1]),
            Mistake("averaged", "Your result is the mean.", lambda numbers: numbers.mean()),
        ],
        stubs=stubs,
    )


def read(tmp_path, text=SOURCE, **stubs):
    path = tmp_path / "lab9_tiny.py"
    path.write_text(text, encoding="utf-8")
    return Lab(path, [exercise(**stubs)])


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    """The source notebook, the released one and the solved copy of a lab with broken code."""
    root = tmp_path_factory.mktemp("stubs")
    source = read(root, numpy="last_only").notebook()
    classroom = Classroom(root / "classroom").create()
    write_notebook(source, classroom.source / "lab9_tiny" / "lab9_tiny.ipynb")
    generate_assignment("lab9_tiny", classroom, load_config(classroom))
    released = nbformat.read(classroom.release / "lab9_tiny" / "lab9_tiny.ipynb", as_version=4)
    return source, released, solved(source)


def assessed(notebook, kind="check"):
    """Return the verdict on what a notebook's solution cell defines."""
    namespace = {}
    exec(notebook.cells[1].source, namespace)
    return run_test(kind, exercise(numpy="last_only").test("numpy", PUBLIC_SEED, kind), 2, namespace, kind == "check")


def test_a_stub_is_split_from_its_cell():
    """Each line loses its '# ' and keeps what is deeper; a cell without a stub stays as it is."""
    text, stub = split_stub(
        "def f():\n    ### END SOLUTION\n    ### BEGIN STUB\n    # if x:\n    #     y\n    ### END STUB"
    )
    assert (text, stub) == ("def f():\n    ### END SOLUTION", "if x:\n    y")
    assert split_stub("x = 1") == ("x = 1", "")


def test_students_get_the_broken_code_and_no_marker(notebooks):
    """The source notebook's code is the right solution alone, the released one's the broken one alone."""
    source, released, right = notebooks
    assert "result += number" in source.cells[1].source and "one after" not in source.cells[1].source
    assert released.cells[1].source == BROKEN
    assert "stub" not in released.cells[1].metadata and "stub" not in right.cells[1].metadata
    assert "one after" not in nbformat.writes(right) and assessed(right).status == "passed"


@pytest.mark.parametrize("kind", ["check", "grade"])
def test_untouched_it_is_not_done(notebooks, kind):
    """The broken code runs; the check says what is observed, and that this is no attempt yet."""
    verdict = assessed(notebooks[1], kind)
    assert (verdict.status, verdict.score, verdict.diagnosis) == ("unfinished", 0, "last_only")
    assert verdict.message.startswith(
        "A sum (total): not finished: a fault of the code that you were given is still there: "
    )
    assert verdict.words.endswith("Your result is the last number.")
    assert "1 unfinished" in repr(Progress([verdict])) and "Finish A sum (total) next" in repr(Progress([verdict]))


def test_another_mistake_is_an_attempt(notebooks):
    """What fails in another way than the broken code did is judged as any wrong answer."""
    notebook = nbformat.from_dict(notebooks[1])
    notebook.cells[1].source = "def total(numbers):\n    return numbers.mean()"
    assert (assessed(notebook).status, assessed(notebook).diagnosis) == ("failed", "averaged")


def test_the_cell_comes_back_as_it_was_handed_in(notebooks):
    """A mended cell and an untouched one survive the repair; one that lost its metadata is found by what it defines."""
    _, released, right = notebooks
    for handed_in in (released, right):
        assert repair(handed_in, released).cells[1].source == handed_in.cells[1].source
    bare = nbformat.from_dict(right)
    bare.cells[1].metadata = {}
    assert repair(bare, released).cells[1].metadata.nbgrader.grade_id == "total_solution"


def test_the_sample_class_gets_it(notebooks):
    """A student who left the exercise out hands in the broken code."""
    assert with_unfinished(notebooks[2], notebooks[1], ["total"]).cells[1].source == BROKEN


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("    ### END STUB\n", "", "the stub markers do not pair"),
        ("    # return result", "    return result", "write each line of the stub as a comment"),
        ("    ### BEGIN STUB", "    pass\n    ### BEGIN STUB", "in the next line"),
        (
            "    return result\n    ### END S",
            "    ### END SOLUTION\n    ### BEGIN SOLUTION\n    ### END S",
            "has several",
        ),
        ("    # for number in", "    # for number is", "the stub is not Python: line 4 of the cell"),
        ("def total(numbers):\n", "def total(numbers):\n    ### BEGIN SOLUTION\n    ### END SOLUTION\n", "has several"),
    ],
)
def test_a_stub_that_does_not_fit_is_refused(tmp_path, old, new, complaint):
    """The build names the cell and what to write instead."""
    with pytest.raises(CourseError, match=r"lab9_tiny\.py:4: cell 2: ") as error:
        read(tmp_path, SOURCE.replace(old, new, 1), numpy="last_only")
    assert complaint in str(error.value)


@pytest.mark.parametrize(
    ("text", "stubs"),
    [(SOURCE, {}), (SOURCE.replace("### BEGIN STUB", "").replace("### END STUB", ""), {"numpy": "last_only"})],
)
def test_broken_code_and_its_diagnosis_belong_together(tmp_path, text, stubs):
    """Without the name of its mistake, untouched code would count as an attempt; a name without code is a slip."""
    with pytest.raises(CourseError, match="belong together; write both or none"):
        read(tmp_path, text, **stubs)


LABS = [path.stem for path in sorted((PROJECT / "solutions").glob("*.py"))]


@pytest.mark.parametrize("lab", LABS)
def test_every_stub_is_a_known_wrong_answer(lab):
    """Broken code that a lab gives has a diagnosis among the mistakes of its exercise, or raises an error."""
    for grade_id, (own, spelling) in Lab(PROJECT / "solutions" / f"{lab}.py").tests.items():
        if given := own.stubs.get(spelling):
            known = {mistake.name for mistake in own.mistakes_of(spelling)} | {code for code, _ in VOCABULARY.values()}
            assert own.judge or given in known or given.endswith("Error"), grade_id
