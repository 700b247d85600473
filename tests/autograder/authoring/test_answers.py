"""Known right and wrong answers: they prove the tests of every lab, and their file is read with care."""

import json
import linecache
import re
from functools import cache

import pytest

from autograder.authoring.answers import load_answers
from autograder.authoring.build import PUBLIC_SEED
from autograder.authoring.made_answers import MADE, made_answer
from autograder.authoring.source import Lab
from autograder.classroom import Classroom
from autograder.engines.hidden import grade, hidden_test
from autograder.errors import CourseError
from autograder.settings import PROJECT
from course_utils.checks import run_test
from course_utils.frameworks import installed
from course_utils.recording import encode, recorded_tests, same_recording

LABS = [path.stem for path in sorted((PROJECT / "solutions" / "answers").glob("*.py"))]
ANSWERS = [(lab, answer) for lab in LABS for answer in load_answers(PROJECT / "solutions" / "answers" / f"{lab}.py")]
SECRETS = [f"secret {number}".encode() for number in range(5)]
EXAMS = ("capstone", "dialect")  # a training takes seconds, and luck has a say


@cache
def lab_source(lab):
    return Lab(PROJECT / "solutions" / f"{lab}.py")


def exercise_of(lab, grade_id):
    """Return the exercise and the spelling of a grade id."""
    return lab_source(lab).tests[grade_id]


def skip_where_missing(lab, grade_id):
    exercise, spelling = exercise_of(lab, grade_id)
    for framework in exercise.needs(spelling):
        if not installed(framework):
            pytest.skip(f"{framework} is not installed")


@cache
def solved_namespace(lab):
    """Return the names of a lab's notebook in which everything is solved; demos are left out."""
    namespace = {}
    for cell in lab_source(lab).cells:
        if cell.kind == "code" and not {"tests", "demo"} & set(cell.roles):
            exec(cell.text, namespace)
    return namespace


def namespace_with(lab, answer):
    """Return the names of a lab's notebook in which one exercise has a known answer and all others are solved."""
    exercise, spelling = exercise_of(lab, answer.grade_id)
    names = exercise.spellings[spelling].object
    namespace = dict(solved_namespace(lab))
    for name in [names] if isinstance(names, str) else names:
        del namespace[name]
    file = f"<{answer.grade_id} {answer.name}>"
    linecache.cache[file] = (len(answer.source), None, answer.source.splitlines(True), file)
    exec(compile(answer.source, file, "exec"), namespace)
    return namespace


@cache
def recorded(lab, grade_id):
    """Return the test that a student's check replays, as it comes out of its file."""
    exercise, spelling = exercise_of(lab, grade_id)
    return json.loads(json.dumps(encode(exercise.test(spelling, PUBLIC_SEED, "check"))))


@pytest.fixture(scope="session")
def classroom(tmp_path_factory):
    """The path of a classroom whose secret is the same in every run of the tests."""
    root = tmp_path_factory.mktemp("answers") / "classroom"
    root.mkdir()
    (root / "secret").write_text("the same in every run\n")
    return str(Classroom(root).create().root)


@pytest.mark.parametrize(
    ("lab", "answer"),
    [
        pytest.param(lab, answer, id=f"{answer.grade_id}-{'right' if answer.right else 'wrong'}-{answer.name}")
        for lab, answer in ANSWERS
    ],
)
def test_answer(lab, answer, classroom, capfd):
    """A right answer earns full marks; a wrong one loses marks, where a student can see it too, and gets its hint."""
    skip_where_missing(lab, answer.grade_id)
    namespace = namespace_with(lab, answer)
    capfd.readouterr()
    checked = run_test("check", recorded(lab, answer.grade_id), 10, namespace)
    graded = grade(answer.grade_id, namespace, classroom)
    assert capfd.readouterr().err == ""
    if answer.right:
        assert checked.status in ("passed", "answered") and checked.score == 10, checked.message
        assert (graded.status, graded.score) == ("passed", graded.max_score), graded.message
        return
    assert graded.status != "passed" and graded.score <= max(graded.max_score - 0.01, 0), graded.message
    assert answer.mistake in (None, graded.diagnosis), f"is diagnosed as {graded.diagnosis!r}: {graded.message}"
    if answer.visible:
        assert checked.score < 10 and checked.status != "passed", "no longer wrong in check"
        assert answer.mistake in (None, checked.diagnosis), checked.message
    else:
        assert checked.status in ("passed", "answered"), (
            f"no longer right in check, its numbers are old: {checked.message}"
        )
    without_own_code = re.sub(r"`[^`]*`", "", graded.message)
    by_author = recorded(lab, answer.grade_id)["probe"] == "read"  # a quiz has reasons, and no hidden inputs
    of_a_model = answer.grade_id == "dialect"  # how far it is from the grammar, in bits
    assert by_author or of_a_model or not re.search(r"\d\.\d\d", without_own_code), "a hidden number is told"


@pytest.mark.parametrize(
    ("lab", "answer"),
    [
        pytest.param(lab, answer, id=f"{answer.grade_id}-{answer.name}")
        for lab, answer in ANSWERS
        if exercise_of(lab, answer.grade_id)[0].judge and answer.grade_id not in EXAMS
    ],
)
def test_luck_earns_nothing(lab, answer, classroom):
    """What is judged by its properties, random or not, earns the same marks each time; the exams have a seed."""
    skip_where_missing(lab, answer.grade_id)
    namespace = namespace_with(lab, answer)
    verdicts = [grade(answer.grade_id, namespace, classroom) for _ in range(6)]
    facts = {(verdict.score, verdict.status, verdict.diagnosis) for verdict in verdicts}
    assert len(facts) == 1, [verdict.message for verdict in verdicts]


@pytest.mark.parametrize(
    ("lab", "answer"),
    [
        pytest.param(lab, answer, id=f"{answer.grade_id}-{answer.name}")
        for lab, answer in ANSWERS
        # How exams differ is recorded for many more of them, in `capstone_runs.json` and `dialect_runs.json`.
        if answer.right and answer.grade_id not in EXAMS
    ],
)
def test_a_right_answer_passes_in_any_classroom(lab, answer):
    """Whatever the secret, a right answer earns full marks."""
    skip_where_missing(lab, answer.grade_id)
    exercise, spelling = exercise_of(lab, answer.grade_id)
    namespace = namespace_with(lab, answer)
    for secret in SECRETS:
        result = run_test("grade", exercise.test(spelling, secret, "grade"), 10, namespace, reveal=False)
        assert (result.status, result.score) == ("passed", 10), (secret, result.message)


@pytest.mark.parametrize(
    ("grade_id", "name", "share"),
    [
        ("backprop", "only_biases_wrong", 2 / 3),
        ("line_gradient", "bias_alone_wrong", 1 / 2),
        ("training_loop_torch", "sum_of_losses", 1 / 2),
        ("training_loop_torch", "total_loss", 1 / 2),
        ("training_loop_torch", "no_zero_grad", 0),
        ("dropout_numpy", "divided_by_p", 1 / 2),
    ],
)
def test_what_is_right_earns_its_share(grade_id, name, share, classroom):
    """Right weights with wrong biases, or right steps with a summed loss, are worth something; a wrong loop is not."""
    ((lab, answer),) = ((lab, answer) for lab, answer in ANSWERS if (answer.grade_id, answer.name) == (grade_id, name))
    skip_where_missing(lab, grade_id)
    result = grade(grade_id, namespace_with(lab, answer), classroom)
    assert result.score == pytest.approx(share * result.max_score, abs=0.01), result.message


@pytest.mark.parametrize(("lab", "grade_id"), [(lab, grade_id) for lab in LABS for grade_id in lab_source(lab).tests])
def test_the_author_s_own_solution_passes(lab, grade_id, classroom):
    """The solutions that the source holds, quiz included, earn full marks in grade."""
    skip_where_missing(lab, grade_id)
    result = grade(grade_id, solved_namespace(lab), classroom)
    assert (result.status, result.score) == ("passed", result.max_score), result.message


@pytest.mark.parametrize(("lab", "grade_id"), [(lab, grade_id) for lab in LABS for grade_id in lab_source(lab).tests])
def test_every_exercise_has_enough_answers(lab, grade_id):
    """At least two right answers; at least four wrong: all zeros, a constant, a hard-coded one, each mistake."""
    exercise, spelling = exercise_of(lab, grade_id)
    answers = [answer for _, answer in ANSWERS if answer.grade_id == grade_id]
    wrong = {answer.name for answer in answers if not answer.right}
    assert len([answer for answer in answers if answer.right]) >= 2, "write two right answers at least"
    assert len(wrong) >= 4, "write a wrong answer at least"
    assert set(MADE) == {"zeros", "constant", "hard_coded"} <= wrong
    expected = {mistake.name for mistake in exercise.mistakes if not mistake.spellings or spelling in mistake.spellings}
    assert expected - {answer.mistake for answer in answers} == set(), "a mistake without an answer that makes it"


def test_answers_belong_to_exercises():
    """No answer is for an exercise that does not exist."""
    assert {answer.grade_id for lab, answer in ANSWERS if answer.grade_id not in lab_source(lab).tests} == set()


@pytest.mark.parametrize("lab", LABS)
def test_recorded_cases_are_up_to_date(lab):
    """The cases in ``course_utils/recorded`` are those of the exercises; else run ``autograder build``."""
    for grade_id in lab_source(lab).tests:
        there = recorded_tests()[grade_id][1]
        assert same_recording({**recorded(lab, grade_id), "points": there["points"]}, there), grade_id


def test_grade_draws_from_the_classroom_s_secret(classroom, tmp_path):
    """Two classrooms ask for different numbers; one classroom asks for the same each time."""
    other = Classroom(tmp_path).create()
    first, again, elsewhere = (
        encode(hidden_test(str(root), "lab1_perceptron", "neuron")) for root in (classroom, classroom, other.root)
    )
    assert first == again != elsewhere


GOOD = """# Prose before the first cell.

# %%
import numpy as np

# %% [markdown]
# ## neuron

# %% right="neuron" name="product"
def neuron(x, w, b):
    return x @ w + b


# %% wrong="neuron" name="no_bias" mistake="bias_forgotten" visible=False
def neuron(x, w, b):
    return x @ w


# %% wrong="neuron" name="minus_bias" of="product"
# x @ w + b -> x @ w + c
# c -> -b
"""


def written(tmp_path, text, lab="lab9_unheard_of"):
    path = tmp_path / f"{lab}.py"
    path.write_text(text)
    return path


def test_answers_are_read(tmp_path):
    """Answers keep their order, their keys, their text and their line; other cells are skipped."""
    right, wrong, edited = load_answers(written(tmp_path, GOOD))
    assert (right.grade_id, right.name, right.right, right.mistake) == ("neuron", "product", True, None)
    assert right.source == "def neuron(x, w, b):\n    return x @ w + b\n"
    assert (wrong.name, wrong.right, wrong.mistake, wrong.visible) == ("no_bias", False, "bias_forgotten", False)
    assert (edited.name, edited.right, edited.mistake, edited.visible) == ("minus_bias", False, None, True)
    assert edited.source == "def neuron(x, w, b):\n    return x @ w + -b\n"
    assert [right.line, wrong.line, edited.line] == [9, 14, 19]


def test_an_edit_may_remove_text_and_make_a_right_answer(tmp_path):
    """Nothing stands after the arrow where text is removed; a right answer may be edited, and again another of it."""
    text = GOOD + '# %% right="neuron" name="b_first" of="product"\n# x @ w + b -> b + x @ w\n'
    text += '# %% wrong="neuron" name="no_b" of="b_first"\n# b + ->\n'
    answers = {answer.name: answer for answer in load_answers(written(tmp_path, text))}
    right, wrong = answers["b_first"], answers["no_b"]
    assert right.right and right.source == "def neuron(x, w, b):\n    return b + x @ w\n"
    assert not wrong.right and wrong.source == "def neuron(x, w, b):\n    return  x @ w\n"


def test_missing_answers_are_made(tmp_path):
    """Made answers follow the right ones; code in the file replaces one, a header alone says what it earns."""
    text = GOOD + '# %% wrong="neuron" name="zeros" mistake="other" visible=False\n\n'
    text += '# %% wrong="neuron" name="constant"\ndef neuron(x, w, b):\n    return 0.25\n'
    path = written(tmp_path, text, "lab1_perceptron")
    read = load_answers(path)
    assert all(answer.name in MADE and answer.line == 0 and not answer.right for answer in read[6:])
    answers = {answer.name: answer for answer in read if answer.grade_id == "neuron"}
    assert list(answers) == ["product", "hard_coded", "no_bias", "minus_bias", "zeros", "constant"]
    assert list(answers.values()) == read[:6]
    zeros, constant, hard_coded = (answers[name] for name in MADE)
    test = recorded_tests()["neuron"][1]
    assert (zeros.source, zeros.mistake, zeros.visible) == (made_answer(test, "zeros").source, "other", False)
    assert (constant.mistake, constant.source) == (None, "def neuron(x, w, b):\n    return 0.25\n")
    assert (hard_coded.source, hard_coded.mistake, hard_coded.visible) == (
        made_answer(test, "hard_coded").source,
        None,
        False,
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('name="product"', 'name="product" hints="x"', 9, "unknown key 'hints'"),
        ('name="product"', "name=product", 9, "cannot read 'name=product'"),
        (' name="product"', "", 9, "needs a name"),
        ('name="product"', 'name=""', 9, "needs a name"),
        ('name="product"', 'name="product" name="other"', 9, "stands twice"),
        ('name="product"', 'name="product" wrong="neuron"', 9, "not both"),
        ('name="product"', 'name="product" mistake="x"', 9, "belong to wrong answers"),
        ('name="product"', 'name="product" visible=True', 9, "belong to wrong answers"),
        ("visible=False", 'visible="no"', 14, "only visible is True or False"),
        ('mistake="bias_forgotten"', "mistake=True", 14, "only visible is True or False"),
        ('name="no_bias"', 'name="product"', 14, "has an answer called 'product' already, at line 9"),
        ("return x @ w\n", "return x @\n", 14, "line 2 of the answer 'no_bias' is not Python"),
        ("def neuron(x, w, b):\n    return x @ w\n", "# later\n", 14, "is empty"),
        (
            'of="product"',
            'of="no_bias"',
            19,
            "of='no_bias' is no right answer to 'neuron' above this line; those are: product.",
        ),
        ('of="product"', 'of="minus_bias"', 19, "of='minus_bias' is no right answer"),
        ('wrong="neuron" name="minus_bias"', 'wrong="dense" name="minus_bias"', 19, "those are: none"),
        ("# c -> -b", "# q -> -b", 21, "'q' stands 0 times in the answer 'product' (line 9)"),
        ("# c -> -b", "# w -> -b", 21, "'w' stands 2 times in the answer 'product' (line 9)"),
        ("# c -> -b", "# c -> -b -> b", 21, "holds nothing but edits"),
        ("# c -> -b", "# minus the bias", 21, "holds nothing but edits"),
        ("# c -> -b", "c = -b", 21, "write the whole answer without of="),
        ("# c -> -b", "# c -> )", 19, "line 2 of the answer 'minus_bias' is not Python"),
        ("# x @ w + b -> x @ w + c\n# c -> -b\n", "\n", 19, "has no edit"),
    ],
)
def test_a_wrong_answers_file_is_explained(tmp_path, old, new, line, message):
    """A mistake in an answers file is named with file, line and the mend."""
    path = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(CourseError) as caught:
        load_answers(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert message in str(caught.value)


def test_a_missing_answers_file_is_explained(tmp_path):
    """A file that is not there is named."""
    with pytest.raises(CourseError, match=r"nowhere\.py: the answers cannot be read"):
        load_answers(tmp_path / "nowhere.py")
