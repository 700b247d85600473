"""Probes of Lab 5b: what they say of a step that leaves the graph attached, and of a model without its layers."""

import numpy as np
import pytest

from course_utils.frameworks import installed
from course_utils.probes import ask

pytestmark = pytest.mark.skipif(not installed("torch"), reason="PyTorch is not installed")
PARAMETERS = {"embedding": np.ones((3, 2)), "memory": np.ones(2), "output_weights": np.eye(2, 3)}
PIECES = [np.array([[0, 1, 2], [2, 1, 0]]), np.array([[2, 0, 1], [0, 2, 1]])]


def learned(step):
    arguments = {"parameters": PARAMETERS, "pieces": PIECES, "rate": 0.1}
    return ask({"learn_torch": step}, "learn_torch", "torch_learning", arguments)


def test_a_state_that_is_not_detached_is_named():
    """The second step goes back into the first piece, and the remark says so."""
    from course_utils.frameworks import nn

    def step(model, optimizer, piece, state):
        logits, state = model(piece[:, :-1], state)
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), piece[:, 1:].flatten())
        loss.backward()
        return loss, state

    assert learned(step)["unusable"]["says"] == "not_detached"


def test_a_step_without_a_state_or_with_many_losses_is_named():
    """Two values are expected, of which the first is one number."""
    assert learned(lambda *_: 0.5)["unusable"]["says"] == "no_loss_and_state"
    assert learned(lambda *_: (np.zeros(3), 0))["unusable"]["says"] == "loss_not_one_number"


def test_a_model_without_layers_is_not_finished():
    """An empty class gets no message about layers that are missing."""
    from course_utils.frameworks import nn

    class Empty(nn.Module):
        def __init__(self, size, units):
            super().__init__()

        def forward(self, numbers, state=None): ...

    inputs = np.zeros((2, 4), dtype=int)
    arguments = {"size": 3, "units": 2, "parameters": {}, "inputs": inputs, "upstream": np.zeros((2, 4, 3))}
    reply = ask({"TuneModelTorch": Empty}, "TuneModelTorch", "torch_tune_model", arguments)
    assert reply["values"] == {"output": None} and reply["notes"][0]["says"] == "empty_class"
