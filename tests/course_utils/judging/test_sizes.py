"""Which input a size belongs to."""

import numpy as np
import pytest

from course_utils.judging.sizes import sizes_in_words


@pytest.mark.parametrize("text", ["(size 6 is different from 2)", "shapes (6,2) (6,)", "In[0]: [6,4], In[1]: [2,4]"])
def test_sizes_that_do_not_fit_get_their_names(text):
    """Of each size in an error's text that an input has it is said which, and nothing of others."""
    arguments = {"arguments": [np.zeros((6, 2)), np.zeros(6), 3]}
    says = "Here 6 is how many rows the first argument has, 2 is how many columns the first argument has."
    assert sizes_in_words(text, arguments) == says
    assert sizes_in_words("no size at all: 6", arguments) == sizes_in_words(text, {"w": np.zeros(6)}) == ""


def test_parameters_of_a_layer_are_called_by_their_names():
    """A layer's input and parameters have names; of equal sizes the first is told."""
    arguments = {"x": np.zeros((5, 2)), "parameters": {"W": np.zeros((2, 4)), "b": np.zeros(4)}}
    says = "Here 5 is how many rows `x` has, 4 is how many columns `W` has."
    assert sizes_in_words("Matrix size-incompatible: In[0]: [5,4]", arguments) == says
