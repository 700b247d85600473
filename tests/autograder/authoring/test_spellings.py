"""Shared spellings: from the names of a case's inputs to what a probe is asked, and what it compares."""

import numpy as np
import pytest

from autograder.authoring.exercise import Spelling
from autograder.authoring.spellings import function, keras_layer, output_and_gradients, torch_module
from autograder.errors import CourseError

INPUTS = {
    "x": np.ones((2, 3)),
    "upstream": np.ones((2, 4)),
    "parameters": {"W": np.ones((3, 4)), "b": np.zeros(4)},
    "widths": [3, 4],
    "drawn_beside": "not asked",
}


def test_a_function_is_asked_in_the_order_of_its_parameters():
    """Only the inputs that a spelling names reach the student's function, in the order in which it names them."""
    spelling = function("step", "upstream", "x", returns=("w", "b"))
    assert (spelling.object, spelling.probe, spelling.returns) == ("step", "call", ("w", "b"))
    asked = spelling.probe_arguments(INPUTS)
    assert asked["arguments"][0] is INPUTS["upstream"] and asked["arguments"][1] is INPUTS["x"]
    assert len(asked["arguments"]) == 2 and asked["outputs"] == ["w", "b"]


def test_a_function_returns_one_output_unless_told_otherwise():
    """A function without named results has the one result ``output``, and may take nothing."""
    spelling = function("constant")
    assert spelling.returns == ("output",)
    assert spelling.probe_arguments(INPUTS) == {"arguments": [], "outputs": ["output"]}


@pytest.mark.parametrize(("spell", "probe"), [(torch_module, "torch_module"), (keras_layer, "keras_layer")])
def test_a_network_is_built_from_the_inputs_that_its_constructor_names(spell, probe):
    """Both libraries are asked alike: positional arguments of the class, parameters, batch and upstream gradient."""
    spelling = spell("Dense", lambda widths: widths[::-1], ("W", "b"))
    assert (spelling.object, spelling.probe) == ("Dense", probe)
    asked = spelling.probe_arguments(INPUTS)
    assert asked.pop("constructor") == [4, 3]
    assert asked == {name: INPUTS[name] for name in ("parameters", "x", "upstream")}
    assert spelling.returns == ("output", "grad_W", "grad_b")


def test_a_constructor_of_an_unknown_input_is_an_author_s_error():
    """A constructor that names something that no case draws is refused with the inputs that there are."""
    spelling = torch_module("Dense", lambda depth: [depth], ())
    with pytest.raises(CourseError, match="there is no input depth; the inputs are x, upstream"):
        spelling.probe_arguments(INPUTS)


def test_gradients_follow_the_output():
    """The output is compared first, then the gradients in the order of their parameters; there may be none."""
    assert output_and_gradients() == ("output",)
    assert output_and_gradients("b2", "W1") == ("output", "grad_b2", "grad_W1")


def test_names_of_inputs_are_the_probe_s_arguments():
    """A tuple of names passes these inputs under these names."""
    assert Spelling("thing", "early_stopping", ("widths",)).probe_arguments(INPUTS) == {"widths": [3, 4]}
    assert Spelling("thing", "read").probe_arguments(INPUTS) == {}


def test_an_input_that_is_not_drawn_is_an_author_s_error():
    """A spelling that names an input which no case has is refused by name."""
    message = "there is no input z; the inputs are x, upstream, parameters, widths, drawn_beside"
    for spelling in (function("f", "z"), Spelling("f", "call", ("z",))):
        with pytest.raises(CourseError, match=message):
            spelling.probe_arguments(INPUTS)
