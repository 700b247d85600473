"""Which input a size belongs to."""

import numpy as np
import pytest

from course_utils.judging.sizes import misfit_in_words, sizes_in_words


@pytest.mark.parametrize(
    "text", ["(size 6 is different from 2)", "tensor a (6) must match tensor b (2)", "In[0]: [6,4], In[1]: [2,4]"]
)
def test_sizes_that_do_not_fit_get_their_names(text):
    """Of each size in an error's text it is said which inputs have it, two of them at most, and nothing of others."""
    arguments = {"arguments": [np.zeros((6, 2)), np.zeros(6), np.zeros(6), 3]}
    rows = "6 is how many rows the first argument has and how many entries the second argument has"
    says = f"Here {rows}, 2 is how many columns the first argument has."
    assert sizes_in_words(text, arguments) == says
    assert sizes_in_words("no size at all: 6", arguments) == sizes_in_words(text, {"w": np.zeros(6)}) == ""


def test_parameters_of_a_layer_are_called_by_their_names():
    """A layer's input and parameters have names."""
    arguments = {"x": np.zeros((5, 2)), "parameters": {"W": np.zeros((2, 4)), "b": np.zeros(4)}}
    says = "Here 5 is how many rows `x` has, 4 is how many columns `W` has and how many entries `b` has."
    assert sizes_in_words("Matrix size-incompatible: In[0]: [5,4]", arguments) == says
    elsewhere = sizes_in_words("Matrix size-incompatible: In[0]: [5,4]", arguments, "hidden = x @ self.V")
    assert elsewhere == "Here 5 is how many rows `x` has."


@pytest.mark.parametrize("text", ["together with shapes (4,2) (2,)", "cannot be multiplied (4x2 and 2x4)", "[4, 2]"])
def test_a_shape_that_an_input_has_is_told_as_a_whole(text):
    """Then its sizes are not, which other inputs may have by chance; two inputs of that shape are both named."""
    arguments = {"arguments": [np.zeros((5, 4)), np.zeros((4, 2)), np.zeros((4, 2))]}
    says = "(4, 2) is the shape of the second argument and of the third argument"
    assert sizes_in_words(text, arguments).startswith(f"Here {says}")
    assert sizes_in_words("(4,2)", arguments) == f"Here {says}."


def test_parameters_in_a_list_are_counted():
    """A training loop gets its parameters as a list: their places name them."""
    arguments = {"parameters": [np.zeros(2), np.zeros((2, 3))]}
    says = "Here (2, 3) is the shape of entry 1 of `parameters`."
    assert sizes_in_words("together with shapes (2,3) (4,)", arguments) == says


def test_a_parameter_of_a_wrong_shape_is_told_by_the_sizes_that_are_wrong():
    """The size that should not be there gets its owner; the one that is right is left out."""
    layer = {"x": np.zeros((4, 3)), "parameters": {"W": np.zeros((3, 3)), "b": np.zeros(3)}}
    told = misfit_in_words({"says": "parameter_shape", "shape": [4, 3], "expected": [3, 3]}, layer)
    assert told == "Here 4 is how many rows `x` has."
    assert misfit_in_words({"says": "parameter_shape", "shape": [7, 3], "expected": [3, 3]}, layer) == ""
    assert misfit_in_words({"says": "no_gpu"}, layer) == ""
