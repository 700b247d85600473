"""Probes of Lab 5b: a step that leaves the graph attached, a model without its layers, and how the exam is timed."""

import contextlib
from types import SimpleNamespace

import numpy as np
import pytest

from course_utils.frameworks import installed
from course_utils.probes import ask, timed
from course_utils.probes import lab5b_networks as probes
from course_utils.recording import recorded_tests
from course_utils.remarks import in_words

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


def test_the_model_of_the_probe_can_be_moved():
    """A step that trains elsewhere meets no tensor left behind: meta computes shapes, and no number comes home."""
    from course_utils.frameworks import nn

    def step(model, optimizer, piece, state):
        piece = piece.to("meta")
        logits, state = model.to("meta")(piece[:, :-1], state)
        return nn.functional.cross_entropy(logits.flatten(0, 1), piece[:, 1:].flatten()), state

    assert learned(step)["unusable"]["says"] == "not_numbers"


def test_a_step_without_a_state_or_with_many_losses_is_named():
    """Two values are expected, of which the first is one number."""
    assert learned(lambda *_: 0.5)["unusable"]["says"] == "no_loss_and_state"
    assert learned(lambda *_: (np.zeros(3), 0))["unusable"]["says"] == "loss_not_one_number"


def test_a_loss_that_comes_behind_the_state_is_named():
    """The state in the first place and the loss in the second have changed places."""
    assert learned(lambda *_: (np.zeros((2, 3)), np.array(0.5)))["unusable"]["says"] == "loss_second"


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


def asked(name, probe, **arguments):
    """Return the reply about `train`, and the limit of each exam in this course."""
    limit = recorded_tests()["dialect"][1]["cases"][0]["arguments"]["limit"]
    return ask({"train": name}, "train", probe, {"limit": limit, **arguments}), limit


WINDOWS = {"windows": "$A$A$A", "shape": [1, 2, 3], "seed": 1}
TEXTS = {"texts": ["$A", "$B"], "places": [1]}


def test_the_exam_trains_and_answers_with_one_thread_inside_of_its_limit(monkeypatch):
    """`train` and the model that it returns run with one thread and 50 seconds of computing, as the text promises."""
    from course_utils.frameworks import torch

    given = []

    @contextlib.contextmanager
    def limit_noted(seconds):
        given.append(seconds)
        yield lambda: 0.0
        given.append("over")

    def model(numbers):
        given.append(torch.get_num_threads())
        return np.log(np.full((*numbers.shape, 35), 1 / 35))

    def train(windows, seed):
        given.append(torch.get_num_threads())
        return model

    monkeypatch.setattr(probes, "time_limit", limit_noted)
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        asked(train, "trained_language", **WINDOWS)
        asked(train, "language_asked", **TEXTS)
        assert given == [50, 1, "over"] * 2 and torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_a_training_that_turned_its_alarm_off_is_told_the_limit(monkeypatch):
    """What computed for longer than 1.2 times its limit gets no points, although nothing interrupted it."""
    spent = iter([0.0, 61.0])
    monkeypatch.setattr(timed, "time", SimpleNamespace(process_time=lambda: next(spent, 61.0)))
    reply, limit = asked(lambda windows, seed: np.zeros, "trained_language", **WINDOWS)
    assert in_words(reply["unusable"]).startswith(f"your code was stopped after {limit} seconds of computing")
