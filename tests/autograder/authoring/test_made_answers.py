"""Made answers: all zeros, a constant, and the recorded cases learned by heart, in the shapes that are asked for."""

import numpy as np
import pytest

from autograder.authoring.answers import load_answers
from autograder.authoring.exercise import Exercise
from autograder.authoring.made_answers import CONSTANT, MADE, made_answer
from autograder.authoring.quiz import Question, quiz
from autograder.authoring.spellings import function
from autograder.settings import PROJECT
from course_utils.recording import decode, encode, recorded_tests


def recorded(exercise):
    """Return the test of an exercise in NumPy as its file holds it."""
    return encode(exercise.test("numpy", b"seed", "check"))


def solved(name, test):
    """Return the names that a made answer defines."""
    namespace = {}
    exec(made_answer(test, name).source, namespace)
    return namespace


@pytest.fixture(scope="module")
def step():
    """The test of a function of an array and a number that returns two arrays, with two cases of different shapes."""
    return recorded(
        Exercise(
            "step",
            "Step",
            {"numpy": function("step", "w", "rate", returns=("w", "rate"))},
            lambda rng: [
                (part, {"w": rng.uniform(1, 2, shape), "rate": float(rng.uniform(2, 3))})
                for part, shape in (("vector", (3,)), ("matrix", (2, 2)))
            ],
            lambda w, rate: (w * rate, np.full(w.shape, rate)),
        )
    )


@pytest.mark.parametrize(
    ("name", "change"), [("zeros", np.zeros_like), ("constant", lambda array: np.full(array.shape, CONSTANT))]
)
def test_all_outputs_are_zeros_or_a_constant(step, name, change):
    """Every output has its right shape, and one number throughout, on recorded and on new inputs."""
    answer = solved(name, step)["step"]
    for case in decode(step["cases"]):
        w, rate = case["arguments"]["arguments"]
        for inputs in ((w, rate), (w + 0.2, rate - 0.1)):
            outputs = answer(*inputs)
            assert isinstance(outputs, tuple)
            for output, right in zip(outputs, case["expected"].values(), strict=True):
                assert np.array_equal(output, change(right))


def test_recorded_outputs_are_learned_by_heart(step):
    """A recorded input gets its right outputs, and another one those of the recorded input that is most like it."""
    answer = solved("hard_coded", step)["step"]
    for case in decode(step["cases"]):
        w, rate = case["arguments"]["arguments"]
        for inputs in ((w, rate), (w + 0.01, rate)):
            for output, right in zip(answer(*inputs), case["expected"].values(), strict=True):
                assert np.array_equal(output, right)


def test_what_a_made_answer_is_expected_to_earn(step):
    """Zeros and a constant are mistakes of their names that a check notices; learned numbers deceive the check."""
    earned = {name: made_answer(step, name) for name in MADE}
    assert {name: (answer.mistake, answer.visible) for name, answer in earned.items()} == {
        "zeros": ("zeros", True),
        "constant": ("constant", True),
        "hard_coded": (None, False),
    }


@pytest.mark.parametrize("grade_id", ["dense_torch", "dense_tensorflow", "cross_entropy_torch", "bce_tensorflow"])
def test_a_check_notices_that_learned_numbers_have_no_gradient(grade_id):
    """Where a framework's gradients are compared too, numbers learned by heart are wrong in the check already."""
    assert made_answer(recorded_tests()[grade_id][1], "hard_coded").visible


@pytest.mark.parametrize(
    ("name", "letters"), [("zeros", ["", ""]), ("constant", ["A", "A"]), ("hard_coded", ["A", "B"])]
)
def test_a_quiz_is_answered_with_letters(name, letters):
    """A quiz gets no answer, its first letter throughout, or its letters in turn; a check notices a missing one."""
    test = recorded(
        quiz("tiny_quiz", "Tiny", Question("A", A="Yes.", B="No.", C="No."), Question("C", A="No.", B="No.", C="Yes."))
    )
    namespace = solved(name, test)
    assert [namespace["answer_q1"], namespace["answer_q2"]] == letters
    answer = made_answer(test, name)
    assert (answer.mistake, answer.visible) == (None, name == "zeros")


def test_made_answers_are_those_that_nobody_types():
    """By value all three are made, and so are those to a quiz; elsewhere they are typed."""
    made = {
        (answer.grade_id, answer.name)
        for path in (PROJECT / "solutions" / "answers").glob("*.py")
        for answer in load_answers(path)
        if answer.source.startswith(("import", "answer"))
    }
    typed = ("early_stopping", "diagnosed", "measured", "characters")
    typed += ("torch_tune_model", "keras_tune_model", "torch_learning", "keras_learning")
    for grade_id, (_, test) in recorded_tests().items():
        possible = test["probe"] == "read" or (test["judge"] is None and test["probe"] not in typed)
        for name in MADE:
            assert (made_answer(test, name) is not None) == possible, grade_id
            assert not possible or (grade_id, name) in made


def test_made_answers_do_not_disturb_each_other():
    """Several of them work in one notebook, and each has the shapes of what it is asked."""
    namespace = {}
    for grade_id in ("dense_numpy", "count_parameters"):
        exec(made_answer(recorded_tests()[grade_id][1], "hard_coded").source, namespace)
    for case in decode(recorded_tests()["dense_numpy"][1]["cases"]):
        x, W, b = case["arguments"]["arguments"]
        assert np.array_equal(namespace["dense"](x, W, b), case["expected"]["output"])
        assert namespace["dense"](x + 0.3, W - 0.2, b).shape == (len(x), len(b))
    for case in decode(recorded_tests()["count_parameters"][1]["cases"]):
        assert namespace["count_parameters"](*case["arguments"]["arguments"]) == case["expected"]["output"]
