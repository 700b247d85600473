"""Spellings: what each kind asks its probe, and which outputs are compared."""

import numpy as np
import pytest

from autograder.authoring.exercise import Spelling
from autograder.authoring.spellings import function, keras_layer, output_and_gradients, torch_module
from autograder.errors import CourseError

INPUTS = {"x": np.ones((2, 3)), "parameters": {"W": np.ones((3, 1))}, "upstream": np.ones((2, 1)), "widths": [3, 1]}


def test_a_function_is_called_with_the_inputs_in_order():
    """The inputs are positional arguments, in the order of the spelling; outputs are called as it says."""
    spelling = function("step", "upstream", "widths", returns=("w", "b"))
    assert (spelling.object, spelling.probe, spelling.returns) == ("step", "call", ("w", "b"))
    asked = spelling.probe_arguments(INPUTS)
    assert asked["arguments"] == [INPUTS["upstream"], INPUTS["widths"]] and asked["outputs"] == ["w", "b"]


@pytest.mark.parametrize(("spell", "probe"), [(torch_module, "torch_module"), (keras_layer, "keras_layer")])
def test_a_network_is_built_and_its_gradients_are_compared(spell, probe):
    """The constructor's arguments come from the inputs; the output and the chosen gradients are compared."""
    spelling = spell("Dense", lambda widths: widths[1:], gradients=("W",))
    assert (spelling.probe, spelling.returns) == (probe, ("output", "grad_W"))
    asked = spelling.probe_arguments(INPUTS)
    assert asked.pop("constructor") == [1]
    assert asked == {name: INPUTS[name] for name in ("parameters", "x", "upstream")}


def test_names_of_inputs_are_the_probe_s_arguments():
    """A tuple of names passes these inputs under these names."""
    assert Spelling("thing", "early_stopping", ("widths",)).probe_arguments(INPUTS) == {"widths": [3, 1]}
    assert Spelling("thing", "read").probe_arguments(INPUTS) == {}


def test_an_input_that_is_not_drawn_is_an_author_s_error():
    """A spelling that names an input which no case has is refused by name."""
    for spelling in (function("f", "z"), Spelling("f", "call", ("z",))):
        with pytest.raises(CourseError, match="there is no input z; the inputs are x, parameters, upstream, widths"):
            spelling.probe_arguments(INPUTS)


def test_output_and_gradients():
    """Gradients are called after their parameters."""
    assert output_and_gradients("W1", "b1") == ("output", "grad_W1", "grad_b1")
