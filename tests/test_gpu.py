"""``tests.gpu`` finds a right answer that is not green where a notebook chose a device or a precision."""

import pytest

from tests.autograder.authoring.test_answers import ANSWERS
from tests.course_utils.needs import needs_torch
from tests.gpu import chosen, judged


def answer(grade_id, name):
    return next((lab, each) for lab, each in ANSWERS if (each.grade_id, each.name) == (grade_id, name))


@needs_torch
@pytest.mark.parametrize(
    ("grade_id", "name"),
    [
        ("dense_torch", "moved"),
        ("dropout_net_torch", "moved"),
        ("autograd_torch", "backward"),
        ("schedules", "tensors"),
    ],
)
def test_a_right_answer_is_green_whatever_the_notebook_chose(grade_id, name):
    """A default device that holds no numbers, TF32 and half precision cost nothing."""
    import torch

    choice = {
        "set_default_device": "meta",
        "set_default_dtype": torch.bfloat16,
        "set_float32_matmul_precision": "medium",
    }
    assert judged(*answer(grade_id, name), choice) == []


@needs_torch
def test_a_wrong_answer_is_told_and_choices_are_taken_back():
    """What fails is returned in the words of check and grade; afterwards PyTorch's settings are the defaults."""
    import torch

    troubles = judged(*answer("dense_torch", "zeros"), {"set_default_dtype": torch.float64})
    assert [trouble.partition(":")[0] for trouble in troubles] == ["check", "grade"]
    with chosen({"set_default_device": "meta"}):
        assert torch.ones(1).device.type == "meta"
    assert torch.ones(1).device.type == "cpu" and torch.get_default_dtype() == torch.float32
