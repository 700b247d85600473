"""The student's functions that draw a figure: nothing but values to draw or a Problem comes out of them."""

import warnings

import numpy as np
import pytest

from course_utils.figures.student import Problem, StudentFunction, is_unfinished


def problem_of(action, *arguments):
    """Return the Problem that an action raises."""
    with pytest.raises(Problem) as caught:
        action(*arguments)
    return caught.value


def not_yet(*_):
    raise NotImplementedError("later")


def stops(*_):
    raise IndexError("index 7 is out of bounds")


NEURON = StudentFunction(lambda x: x, "neuron")


def test_the_function_gets_its_arguments_and_its_result_comes_back():
    """Numbers and arrays go in, and what the function returns comes out as it is."""
    result = StudentFunction(lambda x, w, b: [x @ w + b], "neuron")(np.ones((2, 3)), np.arange(3.0), 0.5)
    assert result[0].tolist() == [3.5, 3.5]


def test_arrays_are_copied_before_the_function_gets_them():
    """A function that changes its inputs in place changes copies."""
    x = np.ones(3)

    def vandal(x):
        x *= 0
        return x

    assert StudentFunction(vandal, "vandal")(x).tolist() == [0, 0, 0]
    assert x.tolist() == [1, 1, 1]


def test_prints_and_warnings_are_swallowed(capsys):
    """Neither prints nor warnings, NumPy's included, get out of the call."""

    def noisy(x):
        print("here")
        warnings.warn("careful", stacklevel=1)
        return np.log(x)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert StudentFunction(noisy, "noisy")(np.zeros(1)).tolist() == [-np.inf]
    assert not caught and capsys.readouterr() == ("", "")


@pytest.mark.parametrize("unfinished", [lambda x: None, lambda x: ..., not_yet], ids=["None", "...", "raises"])
def test_a_function_that_returns_nothing_is_unfinished(unfinished):
    """The Problem names the exercise, and the check by the name that it goes by."""
    problem = problem_of(StudentFunction(unfinished, "parting epoch", check="parting_epoch"), 1.0)
    assert problem.title == "Finish parting epoch first"
    assert problem.explanation.endswith('When check("parting_epoch") is happy, run this cell again.')


def test_an_error_is_told_with_its_type_and_text():
    """What the function raises becomes a Problem, and stays as its cause."""
    problem = problem_of(StudentFunction(stops, "neuron"), 1.0)
    assert problem.title == "neuron cannot draw this figure yet"
    assert problem.explanation.startswith("It stopped with IndexError: index 7 is out of bounds.\n")
    assert 'check("neuron")' in problem.explanation
    assert isinstance(problem.__cause__, IndexError)


def test_the_key_that_stops_a_cell_gets_through():
    """An interrupt is no fault of the function."""

    def interrupted(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        StudentFunction(interrupted, "neuron")(1.0)


@pytest.mark.parametrize("result", [(1, 2), [1, 2]])
def test_the_parts_of_a_result_come_back_as_a_list(result):
    """A tuple and a list of as many values as there are names are the same."""
    assert NEURON.parts(result, "w, b") == [1, 2]


@pytest.mark.parametrize(
    ("result", "kind"),
    [((1, 2, 3), "tuple"), ([1], "list"), (np.ones(2), "ndarray"), ("wb", "str"), ({"w": 1, "b": 2}, "dict")],
)
def test_other_results_than_the_parts_are_named(result, kind):
    """The Problem tells what came, and which values were expected."""
    explanation = problem_of(NEURON.parts, result, "w, b").explanation
    assert explanation.startswith(f"It returned {kind}, where (w, b) was expected.\n")


@pytest.mark.parametrize("result", [(1, None), (..., 2)])
def test_a_part_that_is_missing_is_unfinished(result):
    """Where one of the values is not there yet, the exercise is to be finished."""
    assert problem_of(NEURON.parts, result, "w, b").title == "Finish neuron first"


@pytest.mark.parametrize("result", [[[1, 2]], np.array([[1, 2]]), ((True, 2.0),)])
def test_numbers_become_an_array_of_floats(result):
    """Lists, tuples and whole numbers of the expected shape can be drawn."""
    array = NEURON.numbers(result, (1, 2), "two points")
    assert array.dtype == float and array.tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize(
    ("result", "fault"),
    [
        ("text", "For two points it returned str, not numbers."),
        ([[1], [2, 3]], "For two points it returned list, not numbers."),
        ({"w": 1}, "For two points it returned dict, not numbers."),
        (np.ones((2, 1)), "For two points it returned shape (2, 1), where (2,) was expected."),
        (1.0, "For two points it returned shape (), where (2,) was expected."),
    ],
)
def test_what_is_no_array_of_that_shape_is_named(result, fault):
    """The Problem tells for which question what came."""
    problem = problem_of(NEURON.numbers, result, (2,), "two points")
    assert problem.title == "neuron cannot draw this figure yet" and problem.explanation.startswith(f"{fault}\n")


@pytest.mark.parametrize(("value", "unfinished"), [(None, True), (..., True), (0, False), ([], False), ("", False)])
def test_only_none_and_the_dots_stand_for_work_not_done(value, unfinished):
    """Zero and what is empty are results."""
    assert is_unfinished(value) is unfinished


def test_a_problem_reads_as_title_and_explanation():
    """Where a Problem is printed instead of drawn, both of its texts are there."""
    assert str(Problem("Finish it", "It is drawn by you.")) == "Finish it: It is drawn by you."
