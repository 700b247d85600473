"""Exercises: their inputs tell every mistake apart, what is right is right, and their words are fit for students."""

import json
import re
from functools import partial
from itertools import pairwise

import numpy as np
import pytest

from autograder.authoring.exercise import ATTEMPTS, Exercise, Mistake, call, exercises_of
from autograder.authoring.spellings import function
from autograder.errors import CourseError
from autograder.exercises import lab1_perceptron as lab1
from autograder.settings import PROJECT
from course_utils.checks import run_test
from course_utils.recording import decode, encode
from tests.autograder.authoring.test_answers import EXAMS

LABS = [path.stem for path in sorted((PROJECT / "autograder" / "exercises").glob("[!_]*.py"))]
EXERCISES = [exercise for lab in LABS for exercise in exercises_of(lab)]
SPELLINGS = [(exercise, spelling) for exercise in EXERCISES for spelling in exercise.spellings]


def each(pairs):
    return [pytest.param(exercise, spelling, id=exercise.grade_id(spelling)) for exercise, spelling in pairs]


@pytest.mark.parametrize(("exercise", "spelling"), each(SPELLINGS))
def test_inputs_tell_all_mistakes_apart_for_any_secret(exercise, spelling):
    """For 50 secrets inputs are found, within few draws, that tell the right result and all mistakes apart.

    An exam takes seconds to draw and names no mistakes: three must do.
    """
    draws, secrets = [], 3 if exercise.name in EXAMS else 50
    counted = Exercise(**{**vars(exercise), "draw": lambda rng: draws.append(1) or exercise.draw(rng)})
    for number in range(secrets):
        counted.test(spelling, f"secret {number}".encode(), "grade")
    assert len(draws) <= secrets * ATTEMPTS / 10


UNDRAWN = {"ablation"}  # its two rows are the same for all, so that no draw decides what a wrong number costs


@pytest.mark.parametrize(("exercise", "spelling"), each(SPELLINGS))
def test_a_test_is_the_same_each_time_and_survives_its_file(exercise, spelling):
    """The same seed draws the same cases, another one other cases; a written and read test is as it was."""
    # As texts, since a mistake may give NaN, which equals nothing.
    first, again, other = (json.dumps(encode(exercise.test(spelling, seed, "check"))) for seed in (b"a", b"a", b"b"))
    assert first == again
    assert first != other or exercise.check_judge or exercise.name in UNDRAWN
    assert json.dumps(encode(decode(json.loads(first)))) == first


def test_cards_name_what_the_student_defines():
    """A card says the title and ``mse``, what the student wrote, never a grade id; of many objects none."""
    for exercise, spelling in SPELLINGS:
        defined = exercise.spellings[spelling].object
        names = [defined] if isinstance(defined, str) else list(defined)
        assert exercise.label(spelling) == exercise.title + (f" ({', '.join(names)})" if len(names) < 3 else "")
        assert ": " not in exercise.label(spelling), "a card's message begins behind the first colon"


@pytest.mark.parametrize("exercise", [pytest.param(each, id=each.name) for each in EXERCISES])
def test_an_exercise_by_value_knows_its_mistakes(exercise):
    """At least three mistakes for each spelling, each with a hint of one or two plain sentences."""
    if not exercise.right:
        assert exercise.judge and not exercise.mistakes
        return
    for spelling in exercise.spellings:
        assert len(exercise.mistakes_of(spelling)) >= 3
    for mistake in exercise.mistakes:
        assert re.fullmatch(r"[a-z0-9_]+", mistake.name)
        assert re.fullmatch(r"[A-Z].{15,170}[.?]", mistake.hint), mistake.hint
        assert set(mistake.spellings) <= set(exercise.spellings)


def test_a_part_can_compare_single_outputs():
    """The cases of a part name the outputs that count; an output that nobody returns is refused."""
    halves = Exercise(
        "halves",
        "Sum and product",
        {"numpy": function("halves", "a", "b", returns=("total", "product"))},
        lambda rng: [
            (part, {"a": rng.uniform(2, 3), "b": rng.uniform(2, 3)}) for part in ("sum", "both") for _ in "ab"
        ],
        lambda a, b: (a + b, a * b),
        [Mistake("squared", "You square a; multiply by b.", lambda a, b: (a + b, a * a))],
        parts={"sum": ("total",)},
    )
    test = halves.test("numpy", b"seed", "check")
    assert [case.get("compared") for case in test["cases"]] == [["total"], ["total"], None, None]
    namespace = {"halves": lambda a, b: (a + b, a * a)}
    verdict = run_test("check", test, 2, namespace)
    assert (verdict.score, verdict.status, verdict.diagnosis) == (1, "partial", "squared")
    wrong = Exercise(**{**vars(halves), "parts": {"sum": ("difference",)}})
    with pytest.raises(CourseError, match="`right` returns no difference, which part 'sum' compares"):
        wrong.test("numpy", b"seed", "check")


def test_no_grade_id_stands_twice():
    """Students check by grade id alone, so it is unique over all labs."""
    names = [exercise.grade_id(spelling) for exercise, spelling in SPELLINGS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("head", [lab1.sigmoid, lab1.identity])
@pytest.mark.parametrize("widths", [(3, 2), (2, 4, 3), (3, 2, 2, 1)])
def test_gradients_are_those_of_finite_differences(widths, head):
    """Backpropagation by hand agrees with the change of the loss when a parameter moves a little."""
    inputs = lab1.network(np.random.default_rng(0), 4, widths)
    results = lab1.with_gradients(inputs["x"], inputs["parameters"], inputs["upstream"], head)

    def loss(parameters):
        return np.sum(lab1.forward(inputs["x"], parameters, output=head) * inputs["upstream"])

    assert np.allclose(results["output"], lab1.forward(inputs["x"], inputs["parameters"], output=head))
    for name, array in inputs["parameters"].items():
        for place in np.ndindex(array.shape):
            nudge = np.zeros(array.shape)
            nudge[place] = 1e-5
            change = loss({**inputs["parameters"], name: array + nudge}) - loss(
                {**inputs["parameters"], name: array - nudge}
            )
            assert results[f"grad_{name}"][place] == pytest.approx(change / 2e-5, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("number", range(20))
def test_training_data_is_safe_from_rounding(number):
    """No weighted sum lies so close to 0 that float32, or another order of adding, would predict otherwise."""
    for _, inputs in lab1.training_cases(np.random.default_rng(number)):
        _, _, exact = lab1.trained(**inputs)
        single = {**inputs, "X": inputs["X"].astype(np.float32), "learning_rate": np.float32(inputs["learning_rate"])}
        assert np.array_equal(lab1.trained(**single)[2], exact)
        assert len(exact) == inputs["epochs"]


def test_counts_of_parameters_are_those_of_the_arrays():
    """The count that is asked for is the size of a network's weights and biases."""
    for _, inputs in lab1.count_cases(np.random.default_rng(0)):
        sizes = [n_in * n_out + n_out for n_in, n_out in pairwise(inputs["widths"])]
        parameters = lab1.network(np.random.default_rng(0), 1, inputs["widths"])["parameters"]
        assert lab1.COUNT_PARAMETERS.right(inputs["widths"]) == sum(a.size for a in parameters.values()) == sum(sizes)


def test_xor_points_are_close_to_their_corners():
    """Each noisy point lies within 0.1 of a corner, in each direction, and has its label; the four ends are there."""
    [(_, data)] = lab1.xor_cases(np.random.default_rng(0))
    corners = np.round(data["points"])
    moves = np.abs(data["points"] - corners)
    assert np.max(moves) <= 0.1 + 1e-12 and np.sum(np.all(moves > 0.1 - 1e-12, axis=1)) == 16
    assert np.array_equal(data["labels"], corners[:, 0] != corners[:, 1])
    assert {tuple(corner) for corner in corners} == {(0, 0), (0, 1), (1, 0), (1, 1)}


def toy(mistakes, draw=lambda rng: [("part", {"x": rng.uniform(1, 2, 3)})]):
    return Exercise(
        "double",
        "Double",
        {"numpy": function("double")},
        draw,
        lambda x: 2 * x,
        mistakes,
    )


@pytest.mark.parametrize(
    ("result", "names"),
    [
        (lambda x: x + x, ("the right result", "twin")),
        (lambda x: 2.002 * x, ("the right result", "twin")),
        (lambda x: 0 * x, ("all zeros", "twin")),
        (lambda x: x**2, ("square", "twin")),
    ],
)
def test_a_mistake_that_no_input_shows_is_an_author_s_error(result, names):
    """Where a mistake looks like the right result, like zeros or like another one, the author is told which."""
    square = Mistake("square", "Squared.", lambda x: x**2)
    with pytest.raises(CourseError, match=f"'double'.*cannot tell {names[0]} and {names[1]} apart"):
        toy((square, Mistake("twin", "Twin.", result))).test("numpy", b"seed", "grade")


def test_two_mistakes_of_one_name_are_an_author_s_error():
    """The second one would take the place of the first, whose answers nobody would know again."""
    twins = [Mistake("slip", hint, lambda x, size=size: size * x) for hint, size in (("Three.", 3), ("Four.", 4))]
    with pytest.raises(CourseError, match="2 mistakes are called 'slip'"):
        toy(twins).test("numpy", b"seed", "grade")


def test_a_mistake_may_say_how_zeros_come_about():
    """A mistake called zeros is no twin of the zeros that every exercise knows."""
    test = toy((Mistake("zeros", "Nothing moved.", lambda x: 0 * x),)).test("numpy", b"seed", "grade")
    assert test["hints"]["zeros"] == "Nothing moved."


def test_a_constant_right_result_is_an_author_s_error():
    """Inputs for which a constant is right are refused, since a constant must fail."""
    with pytest.raises(CourseError, match="the right result and a constant apart"):
        toy((), lambda rng: [("part", {"x": np.ones(3)})]).test("numpy", b"seed", "grade")


def test_a_mistake_that_cannot_run_has_no_values():
    """A mistake that raises ValueError, as for shapes that do not fit, is recorded without a result."""
    misfit = Mistake("misfit", "Misfit.", lambda x: np.ones((2, 3)) @ x[:2])
    [case] = toy((misfit,)).test("numpy", b"seed", "grade")["cases"]
    assert case["mistakes"] == {"misfit": {}}


INPUTS = {"x": np.array([1.0, 2.0]), "w": np.array([3.0, 4.0]), "rate": 0.5}


@pytest.mark.parametrize(
    ("function", "result"),
    [
        (lambda x, rate: rate * x.sum(), 1.5),
        (lambda rate, power=2: rate**power, 0.25),
        (lambda w, rate=7: rate * w.sum(), 3.5),
        (lambda **inputs: len(inputs), 3),
        (lambda rate, **others: [rate, *others], [0.5, "x", "w"]),
        (partial(lambda w, rate: rate * w.sum(), rate=1), 7),
        (partial(lambda **inputs: inputs["rate"], rate=1), 1),
        (lambda: "none", "none"),
    ],
)
def test_a_function_gets_the_inputs_that_it_names(function, result):
    """Inputs go to the parameters of their names, all to ``**``; what a partial fixes stays."""
    assert call(function, INPUTS) == result


@pytest.mark.parametrize(
    ("function", "complaint"),
    [
        (lambda x, slope: x, "there is no input slope; the inputs are x, w, rate"),
        (np.tanh, "does not name its inputs; write a lambda"),
    ],
)
def test_a_function_of_other_inputs_is_an_author_s_error(function, complaint):
    """A parameter that is no input is named, beside the inputs that there are."""
    with pytest.raises(CourseError, match=complaint):
        call(function, INPUTS)
    with pytest.raises(CourseError, match=r"exercise 'double' \(numpy\): mistake 'odd': "):
        toy((Mistake("odd", "Odd.", function),), lambda rng: [("part", INPUTS)]).test("numpy", b"seed", "grade")


@pytest.mark.parametrize(
    ("result", "outputs"),
    [
        (np.ones(2), {"w": [1, 1]}),
        ((np.ones(2), 3), {"w": [1, 1], "b": 3}),
        ({"b": 3, "loss": 0.1}, {"b": 3}),
        ({}, {}),
    ],
)
def test_a_result_names_its_outputs(result, outputs):
    """An array is the first output, a tuple all of them in order, a dictionary some of them."""
    named = function("step", "x", returns=("w", "b")).outputs(result)
    assert {name: array.tolist() for name, array in named.items()} == outputs


@pytest.mark.parametrize(
    ("right", "complaint"),
    [(lambda x: x, "`right` returns no b"), (lambda x: (x, x, x), "3 values are returned for w, b")],
)
def test_a_right_result_that_lacks_an_output_is_an_author_s_error(right, complaint):
    """Every output that a spelling compares has to come from ``right``."""
    spelling = function("step", "x", returns=("w", "b"))
    exercise = Exercise("step", "Step", {"numpy": spelling}, lambda rng: [("part", {"x": np.ones(2)})], right)
    with pytest.raises(CourseError, match=rf"exercise 'step' \(numpy\): {complaint}"):
        exercise.test("numpy", b"seed", "check")


def test_results_are_computed_in_float64():
    """Inputs in float32 reach the student as they are, and the right result in float64."""
    dtypes = []
    exercise = Exercise(
        "twice",
        "Twice",
        {"numpy": function("twice", "x")},
        lambda rng: [("part", {"x": rng.uniform(1, 2, 3).astype(np.float32)})],
        lambda x: dtypes.append(x.dtype) or 2 * x,
    )
    [case] = exercise.test("numpy", b"seed", "check")["cases"]
    assert case["arguments"]["arguments"][0].dtype == np.float32 and dtypes == [np.float64]


def test_a_spelling_gets_its_own_mistakes():
    """A mistake that is for NumPy alone is not looked for in PyTorch."""
    hints = {spelling: lab1.DENSE.test(spelling, b"seed", "check")["hints"] for spelling in lab1.DENSE.spellings}
    assert "output_transposed" in hints["numpy"]
    assert "output_transposed" not in hints["torch"]
