"""The network with which Lab 4 overfits: both frameworks train it like NumPy, and its trainings can be watched."""

import numpy as np
import pytest

from bench import numpy_net
from bench.numpy_net import inverted_dropout
from course_utils import datasets
from course_utils.figures import lab4_network
from course_utils.figures.student import Problem
from course_utils.frameworks import installed

FRAMEWORKS = ("torch", "tensorflow")


@pytest.fixture(params=FRAMEWORKS)
def framework(request, monkeypatch):
    """As if this framework were the only one that is installed."""
    if not installed(request.param):
        pytest.skip(f"{request.param} is not installed")
    monkeypatch.setattr(lab4_network, "installed", lambda name: name == request.param)
    return request.param


@pytest.mark.parametrize("rate", [0.0, 0.4])
def test_a_framework_alone_trains_what_numpy_trains(framework, rate):
    """With one framework in the classroom the network learns as in the prepared curves, a student's mask included."""
    digits, options = lab4_network.exam_like(200), {"width": 16, "rate": rate, "epochs": 5}
    history = lab4_network.fit(*digits, dropout=inverted_dropout if rate else None, **options)
    expected = numpy_net.fit(*digits, **options)
    for curve, expected_curve in zip(history, expected, strict=True):
        assert curve == pytest.approx(expected_curve, abs=0.02)


WEIGHTS = [np.full((64, 3), 0.1), np.array([0.0, -100.0, 0.5]), np.arange(30.0).reshape(3, 10) / 10, np.arange(10.0)]


def test_the_network_is_measured_with_the_weights_that_it_was_given(framework):
    """Loss and share of right labels are those of ReLU, a linear head and cross-entropy, in both frameworks."""
    x, labels = np.linspace(0, 1, 128, dtype=np.float32).reshape(2, 64), np.array([9, 0])
    logits = np.maximum(x @ WEIGHTS[0] + WEIGHTS[1], 0) @ WEIGHTS[2] + WEIGHTS[3]
    loss = np.mean(np.log(np.exp(logits).sum(axis=1)) - logits[[0, 1], labels])
    assert lab4_network.network(WEIGHTS).measure(x, labels) == pytest.approx((loss, 0.5), rel=1e-4)


def test_a_step_sees_the_hidden_values_and_what_they_are_multiplied_by(framework):
    """Factors get the ReLU outputs of the batch; hidden values multiplied by 0 teach the first layer nothing."""
    net, hidden_values = lab4_network.network(WEIGHTS), []
    x, labels = np.ones((2, 64), dtype=np.float32), np.array([3, 4])

    def none_of_them(hidden):
        hidden_values.append(hidden)
        return np.zeros_like(hidden)

    net.learn(x, labels, none_of_them)
    assert hidden_values[0] == pytest.approx(np.tile([6.4, 0, 6.9], (2, 1)), rel=1e-5)
    net.learn(x, labels, lambda hidden: hidden_values.append(hidden) or np.ones_like(hidden))
    assert hidden_values[1] == pytest.approx(hidden_values[0])  # the first step has left these weights alone
    net.learn(x, labels, lambda hidden: hidden_values.append(hidden) or np.ones_like(hidden))
    assert np.abs(hidden_values[2] - hidden_values[1]).max() > 0.1  # the second has not


def test_without_a_framework_a_problem_tells_what_to_install(monkeypatch):
    """Where neither framework is installed, the figure has a sentence to show."""
    monkeypatch.setattr(lab4_network, "installed", lambda name: False)
    with pytest.raises(Problem, match="pip install torch") as caught:
        lab4_network.network(WEIGHTS)
    assert caught.value.title == "This training needs PyTorch or TensorFlow"


def test_a_seed_decides_which_digits_are_drawn():
    """As many as asked for to train on and 500 for validation, the same again for a seed."""
    (images, labels), (held_out, held_out_labels) = lab4_network.exam_like(50, seed=3)
    assert images.shape == (50, 8, 8) and labels.shape == (50,)
    assert held_out.shape == (500, 8, 8) and held_out_labels.shape == (500,)
    (images_again, _), _ = lab4_network.exam_like(50, seed=3)
    (other_images, _), _ = lab4_network.exam_like(50, seed=4)
    assert np.array_equal(images, images_again) and not np.array_equal(images, other_images)


def test_no_digit_is_both_trained_on_and_held_out():
    """The digits of the two parts are others, and their labels are their own."""
    (images, labels), (held_out, held_out_labels) = lab4_network.exam_like(1200)
    own_labels = {image.tobytes(): label for image, label in zip(*datasets.moved_digits())}
    drawn = [image.tobytes() for image in np.concatenate([images, held_out])]
    assert len(set(drawn)) == 1700
    assert [own_labels[image] for image in drawn] == [*labels, *held_out_labels]


class ScriptedNet:
    """A network that learns nothing, and remembers the sizes of its batches."""

    batches: list

    def __init__(self, weights):
        self.batches = ScriptedNet.batches = []
        self.measured = 0

    def learn(self, x, labels, factors=None):
        self.batches.append(len(labels))

    def measure(self, x, labels):
        self.measured += 1
        return float(self.measured), self.measured / 10


@pytest.fixture
def scripted(monkeypatch):
    """A training whose first measurement is loss 1 and 10 % right, and so on upwards; training before validation."""
    monkeypatch.setattr(lab4_network, "network", ScriptedNet)
    return np.zeros((120, 8, 8)), np.zeros(120, dtype=int)


def test_the_history_grows_by_an_epoch_at_a_time(scripted):
    """After each epoch the history so far is there: training measured first, validation after it."""
    histories = list(lab4_network.epochs_of(scripted, scripted, epochs=3))
    assert [len(history.training_loss) for history in histories] == [1, 2, 3]
    assert histories[-1].training_loss.tolist() == [1, 3, 5]
    assert histories[-1].validation_loss.tolist() == [2, 4, 6]
    assert histories[-1].training_accuracy == pytest.approx([0.1, 0.3, 0.5])
    assert histories[-1].validation_accuracy == pytest.approx([0.2, 0.4, 0.6])


def test_batches_hold_about_fifty_digits_each(scripted):
    """120 digits make two batches; fewer than 50 make one."""
    list(lab4_network.epochs_of(scripted, scripted, epochs=1))
    assert ScriptedNet.batches == [60, 60]
    few = scripted[0][:20], scripted[1][:20]
    list(lab4_network.epochs_of(few, scripted, epochs=1))
    assert ScriptedNet.batches == [20]


@pytest.mark.parametrize(("epochs", "reported"), [(8, [2, 4, 6, 8]), (2, [1, 2]), (60, [15, 30, 45, 60])])
def test_a_training_with_a_name_reports_four_times_or_after_each_epoch(scripted, capsys, epochs, reported):
    """Each line names the training and the epoch; without a name nothing is printed."""
    lab4_network.fit(scripted, scripted, epochs=epochs)
    assert capsys.readouterr().out == ""
    lab4_network.fit(scripted, scripted, epochs=epochs, say="64 units")
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == [f"64 units, epoch {done} of {epochs}" for done in reported]
    assert lines[0].endswith("% right")
