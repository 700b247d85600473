"""Lab 3's probes: losses and their gradients, mini-batches, training loops, optimisers and schedules."""

import numpy as np
import pytest

from course_utils.probes import ask
from course_utils.probes.lab3_gradient_descent import MOST_BATCHES
from course_utils.remarks import diagnosis, in_words
from tests.course_utils.needs import needs_tensorflow, needs_torch

NOTHING = {"values": {"output": None}, "notes": []}
BOTH_LOSSES = [
    pytest.param("torch_loss", id="torch", marks=needs_torch),
    pytest.param("keras_loss", id="tensorflow", marks=needs_tensorflow),
]
BOTH_TRAININGS = [
    pytest.param("torch_training", id="torch", marks=needs_torch),
    pytest.param("keras_training", id="tensorflow", marks=needs_tensorflow),
]


def asked(probe, function, **arguments):
    return ask({"f": function}, "f", probe, arguments)


PREDICTIONS, LABELS = np.array([0.5, 2.0, -1.0]), np.array([1.0, 0.0, 1.0])


def mean_square(predictions, labels):
    """Return the mean squared error, with the operations of whichever library the arguments come from."""
    squares = (predictions - labels) ** 2
    return (squares[0] + squares[1] + squares[2]) / 3


def cut_off_in_pytorch(predictions, labels):
    """Return the right loss through NumPy, so that no gradient can pass."""
    value = np.mean((np.asarray(predictions.numpy(force=True)) - np.asarray(labels)) ** 2)
    return predictions.new_tensor(value)


def cut_off_in_tensorflow(predictions, labels):
    import tensorflow as tf

    return tf.constant(np.mean((predictions.numpy() - labels.numpy()) ** 2))


def loss_of(probe, function):
    return asked(probe, function, x=PREDICTIONS, y=LABELS, name="p")


@pytest.mark.parametrize("probe", BOTH_LOSSES)
def test_a_loss_comes_with_its_gradient(probe):
    """The value is one number; the gradient has the name and the shape of the first argument."""
    reply = loss_of(probe, mean_square)
    assert reply["notes"] == [] and set(reply["values"]) == {"output", "grad_p"}
    assert reply["values"]["output"].shape == () and reply["values"]["output"] == pytest.approx(8.25 / 3)
    assert reply["values"]["grad_p"] == pytest.approx(2 * (PREDICTIONS - LABELS) / 3)


@pytest.mark.parametrize("probe", BOTH_LOSSES)
def test_a_loss_without_a_gradient_is_noted(probe):
    """A loss that went through NumPy has the right value, and the note says what is missing."""
    reply = loss_of(probe, cut_off_in_pytorch if probe == "torch_loss" else cut_off_in_tensorflow)
    assert set(reply["values"]) == {"output"} and reply["values"]["output"] == pytest.approx(8.25 / 3)
    (note,) = reply["notes"]
    code, sentence = diagnosis(note), in_words(note)
    framework = "PyTorch" if probe == "torch_loss" else "TensorFlow"
    assert code == "missing_gradient" and f"The loss must come from {framework} operations" in sentence


@pytest.mark.parametrize("probe", BOTH_LOSSES)
def test_losses_that_are_not_averaged_come_as_they_are(probe):
    """A loss for each sample has no gradient, and none is missed: the judge names the shape."""
    reply = loss_of(probe, lambda predictions, labels: (predictions - labels) ** 2)
    assert reply["notes"] == [] and set(reply["values"]) == {"output"}
    assert reply["values"]["output"] == pytest.approx((PREDICTIONS - LABELS) ** 2)


@pytest.mark.parametrize("probe", BOTH_LOSSES)
@pytest.mark.parametrize("value", [None, ...])
def test_a_loss_that_is_not_written_yet_is_unfinished(probe, value):
    """A stub has no value and no note."""
    assert loss_of(probe, lambda predictions, labels: value) == NOTHING


@pytest.mark.parametrize("probe", BOTH_LOSSES)
@pytest.mark.parametrize(("value", "kind"), [(2.75, "a number"), (np.ones(3), "a NumPy array"), ("low", "a string")])
def test_a_loss_that_is_no_tensor_is_named(probe, value, kind):
    """A number of Python or NumPy cannot be a training's loss."""
    reply = loss_of(probe, lambda predictions, labels: value)
    assert diagnosis(reply["unusable"]) == "wrong_type" and in_words(reply["unusable"]).endswith(f"tensor, got {kind}")
    assert in_words(loss_of(probe, 3)["unusable"]) == "expected a function, got a number"


X, Y = np.arange(14.0).reshape(7, 2), np.arange(7.0)


def batches_of(X, y, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(X))
    for start in range(0, len(X), batch_size):
        part = order[start : start + batch_size]
        yield X[part], y[part]


def epoch_of(function):
    return asked("minibatch_epoch", function, X=X, y=Y, batch_size=3, seed=5, more_seeds=[])


@pytest.mark.parametrize("function", [batches_of, lambda *arguments: list(batches_of(*arguments))])
def test_an_epoch_comes_in_one_piece_with_the_sizes_of_its_batches(function):
    """A generator and a list of pairs are the same: rows and labels in their order, and three sizes."""
    reply = epoch_of(function)
    order = np.random.default_rng(5).permutation(7)
    assert reply["notes"] == [] and set(reply["values"]) == {"X", "y", "sizes"}
    assert np.array_equal(reply["values"]["X"], X[order]) and np.array_equal(reply["values"]["y"], Y[order])
    assert reply["values"]["sizes"].tolist() == [3, 3, 1]


def test_the_inputs_of_further_seeds_come_in_their_order():
    """Where each has the shape of the data; else they are left out."""
    arguments = {"X": X, "y": Y, "batch_size": 3, "seed": 5, "more_seeds": [8, 9]}
    epochs = asked("minibatch_epoch", batches_of, **arguments)["values"]["epochs"]
    assert np.array_equal(epochs, [X[np.random.default_rng(seed).permutation(7)] for seed in (8, 9)])

    def all_at_5(X, y, batch_size, seed):
        return [(X, y)] if seed == 5 else [(X[:3], y[:3])]

    assert set(asked("minibatch_epoch", all_at_5, **arguments)["values"]) == {"X", "y", "sizes"}


@pytest.mark.parametrize("batches", [None, ..., [(X, None)], [(X, Y), (..., Y)]])
def test_batches_that_are_not_there_yet_are_unfinished(batches):
    """Nothing returned, or nothing in a batch, means not written yet."""
    assert epoch_of(lambda *_: batches) == {"values": {"X": None}, "notes": []}


def endless(X, y, batch_size, seed):
    while True:
        yield X[:1], y[:1]


@pytest.mark.parametrize(
    ("function", "code", "sentence"),
    [
        (lambda *_: 3, "wrong_type", "expected batches to loop over, got a number"),
        (lambda *_: [X], "wrong_type", "each batch should be a pair (inputs, labels), got a NumPy array"),
        (lambda *_: (X, Y), "one_batch", "what comes back is a single pair (inputs, labels)"),
        (lambda *_: [(X, Y, 3)], "wrong_type", "each batch should be a pair (inputs, labels), got a tuple"),
        (lambda *_: [(X, "labels")], "wrong_type", "expected numbers, but a batch is a string"),
        (lambda *_: zip([1.0], [2.0]), "wrong_type", "a batch should hold rows of X and of y, got a single number"),
        (lambda *_: [(X, Y), (X[:, :1], Y)], "wrong_shape", "the batches differ in their shapes beyond"),
        (endless, "endless", "the batches never end: stop after one epoch"),
    ],
)
def test_what_is_no_epoch_of_batches_is_named(function, code, sentence):
    """Other things than pairs of arrays, no batch and too many of them are told apart."""
    reply = epoch_of(function)
    assert diagnosis(reply["unusable"]) == code and in_words(reply["unusable"]).startswith(sentence)


def test_an_endless_epoch_is_left_after_a_thousand_batches():
    """The probe asks for no more batches than that."""
    drawn = []

    def counting(X, y, batch_size, seed):
        for batch in endless(X, y, batch_size, seed):
            drawn.append(batch)
            yield batch

    epoch_of(counting)
    assert len(drawn) == MOST_BATCHES


RNG = np.random.default_rng(0)
PARAMETERS = {
    "W1": RNG.normal(size=(2, 3)),
    "b1": RNG.normal(size=3),
    "W2": RNG.normal(size=(3, 1)),
    "b2": RNG.normal(size=1),
}
BATCHES = {
    "inputs": [RNG.normal(size=(4, 2)), RNG.normal(size=(2, 2))],
    "labels": [RNG.normal(size=(4, 1)), RNG.normal(size=(2, 1))],
}
RATE = 0.1


def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        for x, y in batches:
            optimizer.zero_grad()
            loss = ((net(x) - y) ** 2).mean()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def train_keras(net, optimizer, batches, epochs):
    import tensorflow as tf

    losses = []
    for _ in range(epochs):
        for x, y in batches:
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((net(x) - y) ** 2)
            optimizer.apply_gradients(zip(tape.gradient(loss, net.trainable_weights), net.trainable_weights))
            losses.append(float(loss))
    return losses


@needs_tensorflow
@pytest.mark.parametrize(("step_inside", "code"), [(True, "tape_empty"), (False, "tape_and_step")])
def test_a_loop_whose_tape_saw_nothing_is_told_where_its_step_stands(step_inside, code):
    """No gradient reaches the optimiser; whether it was asked after the first batch or after all, is named."""

    def loop(net, optimizer, batches, epochs):
        import tensorflow as tf

        for x, y in batches:
            loss = tf.reduce_mean((net(x) - y) ** 2)
            with tf.GradientTape() as tape:
                gradients = tape.gradient(loss, net.trainable_weights)
            if step_inside:
                optimizer.apply_gradients(zip(gradients, net.trainable_weights))
        optimizer.apply_gradients(zip(gradients, net.trainable_weights))

    assert diagnosis(training_of("keras_training", loop)["unusable"]) == code


def train_by_hand(epochs):
    """Return the parameters and losses of plain gradient descent in NumPy."""
    (W1, b1, W2, b2), losses = (array.copy() for array in PARAMETERS.values()), []
    for _ in range(epochs):
        for x, y in zip(BATCHES["inputs"], BATCHES["labels"]):
            hidden = np.tanh(x @ W1 + b1)
            error = hidden @ W2 + b2 - y
            losses.append(np.mean(error**2))
            error *= 2 / error.size
            hidden_error = error @ W2.T * (1 - hidden**2)
            W2 -= RATE * hidden.T @ error
            b2 -= RATE * error.sum(axis=0)
            W1 -= RATE * x.T @ hidden_error
            b1 -= RATE * hidden_error.sum(axis=0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2, "losses": np.array(losses)}


def training_of(probe, function, epochs=2):
    return asked(probe, function, parameters=PARAMETERS, **BATCHES, epochs=epochs, learning_rate=RATE)


def right_loop(probe):
    return train_torch if probe == "torch_training" else train_keras


@pytest.mark.parametrize("probe", BOTH_TRAININGS)
def test_a_training_loop_sends_the_parameters_and_the_losses(probe):
    """Weights come back as (inputs, units) in both frameworks, after as many epochs as asked for."""
    reply = training_of(probe, right_loop(probe))
    assert reply["notes"] == []
    for name, expected in train_by_hand(epochs=2).items():
        assert type(reply["values"][name]) is np.ndarray
        assert reply["values"][name] == pytest.approx(expected, rel=1e-4, abs=1e-5), name


@pytest.mark.parametrize("probe", BOTH_TRAININGS)
def test_a_loop_that_returns_no_losses_is_unfinished(probe):
    """Where the network was trained the note says that only the list is missing."""

    def without_return(*arguments):
        right_loop(probe)(*arguments)

    reply = training_of(probe, without_return)
    assert reply["values"] == {"output": None} and diagnosis(reply["notes"][0]) == "nothing_returned"
    assert training_of(probe, lambda *_: None) == NOTHING


@pytest.mark.parametrize("probe", BOTH_TRAININGS)
def test_a_loop_that_trains_nothing_sends_the_parameters_as_they_were(probe):
    """Losses without a step are judged by value."""
    values = training_of(probe, lambda *_: [1.0, 0.5])["values"]
    assert values["losses"].tolist() == [1.0, 0.5]
    for name, array in PARAMETERS.items():
        assert np.array_equal(values[name], array.astype(np.float32)), name


@pytest.mark.parametrize("probe", BOTH_TRAININGS)
def test_a_loop_that_returns_no_numbers_is_named(probe):
    """The reply tells what the loop returns instead, or that it is no function."""
    assert (
        in_words(training_of(probe, lambda *_: "done")["unusable"])
        == "expected numbers, but what the loop returns is a string"
    )
    assert in_words(training_of(probe, [1.0])["unusable"]) == "expected a function, got a list"


@needs_torch
def test_a_step_before_backward_is_named():
    """PyTorch's complaint of a change in place is put in terms of the loop; other errors stay as they are."""

    def step_first(net, optimizer, batches, epochs):
        for x, y in batches * 2:
            optimizer.zero_grad()
            net(x).sum().backward()
            loss = ((net(x) - y) ** 2).mean()
            optimizer.step()
            loss.backward()

    assert diagnosis(training_of("torch_training", step_first)["unusable"]) == "step_before_backward"

    def wrong_shapes(net, optimizer, batches, epochs):
        return [net(batch) for batch, _ in [(batches[0][0].T, None)]]

    assert training_of("torch_training", wrong_shapes)["error"]["type"] == "RuntimeError"


W, GRADIENTS = np.array([1.0, -2.0]), [np.array([0.5, 1.0]), np.array([-1.0, 2.0])]


def momentum(w, gradient, velocity, rate, beta):
    velocity = beta * velocity + gradient
    return w - rate * velocity, velocity


def steps_of(function, state=("velocity",), start=None):
    arguments = {"w": W, "gradients": GRADIENTS, "state": {name: np.zeros(2) for name in state}, "start": start}
    return asked("optimiser_steps", function, **arguments, settings=[0.1, 0.9])


def test_an_optimiser_sends_its_path_and_its_last_state():
    """The parameters after each step are rows of `w`; each step starts from what the last one returned."""
    first, second = GRADIENTS[0], 0.9 * GRADIENTS[0] + GRADIENTS[1]
    values = steps_of(momentum)["values"]
    assert set(values) == {"w", "velocity"}
    assert values["w"] == pytest.approx(np.array([W - 0.1 * first, W - 0.1 * first - 0.1 * second]))
    assert values["velocity"] == pytest.approx(second)


def test_an_optimiser_that_counts_gets_the_number_of_its_step():
    """The count follows the state, and goes up from the first step's number."""
    counts = []

    def counting(w, gradient, mean, square, count, rate, beta):
        counts.append((count, rate, beta))
        return w, mean, square

    assert set(steps_of(counting, state=("mean", "square"), start=4)["values"]) == {"w", "mean", "square"}
    assert counts == [(4, 0.1, 0.9), (5, 0.1, 0.9)]


def test_an_optimiser_that_works_in_place_harms_no_earlier_step():
    """Each step gets copies, so the path keeps what was returned before."""

    def in_place(w, gradient, velocity, rate, beta):
        velocity *= beta
        velocity += gradient
        w -= rate * velocity
        return w, velocity

    assert steps_of(in_place)["values"]["w"] == pytest.approx(steps_of(momentum)["values"]["w"])


@pytest.mark.parametrize("result", [None, ..., (W, None), (None, W)])
def test_an_optimiser_that_is_not_written_yet_is_unfinished(result):
    """Nothing returned, or nothing for one of the values."""
    assert steps_of(lambda *_: result) == NOTHING


@pytest.mark.parametrize(
    ("result", "code", "sentence"),
    [
        (W, "wrong_type", "expected 2 values (w, velocity), got a NumPy array"),
        ((W,), "wrong_type", "expected 2 values (w, velocity), got 1"),
        ((W, W, W), "wrong_type", "expected 2 values (w, velocity), got 3"),
        ((W, "fast"), "wrong_type", "expected numbers, but `velocity` is a string"),
        ((W[:1], W), "wrong_shape", "expected `w` of shape (2,), got (1,)"),
    ],
)
def test_what_is_no_step_is_named(result, code, sentence):
    """Another number of values, no numbers, or parameters of another shape."""
    reply = steps_of(lambda *_: result)
    assert (diagnosis(reply["unusable"]), in_words(reply["unusable"])) == (code, sentence)


def linear(step, total, base):
    return base * (1 - step / total)


def rates_of(**schedules):
    arguments = {"function": "linear", "times": [0, 5, 10], "total": 10, "base": 0.4}
    return ask(schedules, ["linear", "cosine"], "schedule_rates", arguments)


def test_a_schedule_sends_a_rate_for_each_step():
    """One of several schedules is asked, with the step, the number of steps and the base rate."""
    reply = rates_of(linear=linear, cosine=lambda *_: 1)
    assert reply["notes"] == [] and reply["values"]["output"] == pytest.approx([0.4, 0.2, 0.0])
    assert reply["values"]["output"].dtype == float


@pytest.mark.parametrize(
    ("schedules", "code"),
    [
        ({}, "not_found"),
        ({"linear": ...}, "not_found"),
        ({"linear": lambda *_: None}, "nothing_returned"),
        ({"linear": lambda step, total, base: base if step < 5 else None}, "nothing_returned"),
    ],
)
def test_a_schedule_that_is_not_written_yet_is_named(schedules, code):
    """No function, or no rate for some step: unfinished, and the note names the schedule."""
    reply = rates_of(**schedules)
    assert reply["values"] == {"output": None}
    assert diagnosis(reply["notes"][0]) == code and "`linear`" in in_words(reply["notes"][0])


@pytest.mark.parametrize(
    ("result", "code", "sentence"),
    [
        ([0.4], "wrong_shape", "`linear` should return one number"),
        ("slow", "wrong_type", "expected numbers, but the rate of `linear` is a string"),
    ],
)
def test_what_is_no_rate_is_named(result, code, sentence):
    """A schedule returns one number at a time."""
    reply = rates_of(linear=lambda *_: result)
    assert (diagnosis(reply["unusable"]), in_words(reply["unusable"])) == (code, sentence)


# Slopes that are measured, an autograd, and a loop in NumPy

PLACE = np.array([[0.5, -1.0]])


def test_a_measured_slope_gets_a_loss_and_must_leave_its_array():
    """The loss depends on all entries; a function that writes into its array is noted."""
    reply = asked("slopes_of_loss", lambda loss, w, h: [[loss(w + h), h]], w=PLACE, coefficients=np.ones((1, 2)), h=0.1)
    assert reply["notes"] == [] and reply["values"]["output"].tolist() == [
        [pytest.approx(0.6**3 - 0.9**3 + 0.045), 0.1]
    ]
    reply = asked("slopes_of_loss", lambda loss, w, h: np.add(w, h, out=w), w=PLACE, coefficients=PLACE, h=0.1)
    assert [diagnosis(note) for note in reply["notes"]] == ["input_changed"]


class Number:
    def __init__(self, data, parents=()):
        self.data, self.parents = data, parents

    def __mul__(self, other):
        other = other if isinstance(other, Number) else Number(other)
        return Number(self.data * other.data, [(self, other.data), (other, self.data)])

    def tanh(self):
        return self.data

    def log(self):
        return None


@pytest.mark.parametrize(
    ("operation", "numbers", "slopes"),
    [("product", [2.0, 3.0], [3, 2]), ("square", [2.0], [4]), ("scaled", [2.0, 5.0], [5])],
)
def test_slopes_are_read_for_what_went_in(operation, numbers, slopes):
    """Both factors have a slope, a number times itself the sum of both, and a plain number none."""
    values = asked("value_operation", Number, operation=operation, numbers=numbers)["values"]
    assert values["output"] == 2 * numbers[-1] and values["slopes"].tolist() == slopes


def test_a_class_that_forgets_or_is_not_finished_is_named():
    """A plain number has no parents; nothing at all is not finished; a slope that is a value is no number."""
    assert diagnosis(asked("value_operation", Number, operation="tanh", numbers=[0.5])["unusable"]) == "wrong_type"
    reply = asked("value_operation", Number, operation="log", numbers=[0.5])
    assert reply["values"] == {"output": None} and in_words(reply["notes"][0], {"operation": "log"}) == (
        "`log` returns nothing yet."
    )

    class Nested(Number):
        def __mul__(self, other):
            return Nested(self.data * other.data, [(self, other), (other, self)])

    reply = asked("value_operation", Nested, operation="product", numbers=[2.0, 3.0])
    assert in_words(reply["unusable"]).startswith("a slope is a plain number: ")


GRAPH = {
    "data": np.array([1.0, 2.0]),
    "parents": [[], [0]],
    "slopes": [[], [3.0]],
    "leftovers": np.zeros(2),
    "calls": 1,
}


def test_gradients_are_read_from_the_values():
    """They come in the order of the values; untouched ones are not finished, arrays are refused."""

    def backward(result):
        result.grad, result.parents[0][0].grad = 1.0, result.parents[0][1]

    assert asked("backward_pass", backward, **GRAPH)["values"]["output"].tolist() == [3.0, 1.0]
    assert asked("backward_pass", lambda result: None, **GRAPH)["values"] == {"output": None}

    def arrays(result):
        result.grad = np.ones(2)

    assert diagnosis(asked("backward_pass", arrays, **GRAPH)["unusable"]) == "wrong_shape"


LOOP = {
    "parameters": [np.array([1.0, 2.0]), np.array(0.5)],
    "inputs": [np.ones((2, 2))],
    "labels": [np.ones(2)],
    "learning_rate": 0.1,
    "epochs": 1,
}


@pytest.mark.parametrize(
    ("result", "code"), [(None, None), (0.5, "wrong_type"), ([PLACE], "wrong_type"), ((PLACE, ...), None)]
)
def test_what_a_loop_returns_is_named(result, code):
    """The parameters come back as a list; other things are refused, nothing is not finished."""
    reply = asked("numpy_training", lambda *_: result, **LOOP)
    if code:
        assert diagnosis(reply["unusable"]) == code
    else:
        assert any(value is None for value in reply["values"].values())


def test_a_loop_gets_slopes_for_both_parameters_and_must_leave_the_start():
    """The slopes have the shapes of the parameters; who writes into the start is noted."""

    def loop(gradients_of, parameters, batches, learning_rate, epochs):
        return gradients_of(*batches[0], *parameters)

    reply = asked("numpy_training", loop, **LOOP)
    assert [reply["values"][name].shape for name in "wb"] == [(2,), ()] and reply["notes"] == []
    more = {**LOOP, "parameters": [np.ones(2), np.ones((2, 2)), np.array(0.5)]}
    reply = asked("numpy_training", loop, **more)
    assert [reply["values"][name].shape for name in "wvb"] == [(2,), (2, 2), ()]

    def in_place(gradients_of, parameters, batches, learning_rate, epochs):
        parameters[0] += 1
        return parameters

    assert [diagnosis(note) for note in asked("numpy_training", in_place, **LOOP)["notes"]] == ["input_changed"]


def test_an_epoch_that_shuffles_the_arrays_of_others_is_noted():
    """The batches are what they were when they came, and the note says that the arrays are not."""

    def in_place(X, y, batch_size, seed):
        yield X, y
        X[:] = X[::-1]

    reply = epoch_of(in_place)
    assert [diagnosis(note) for note in reply["notes"]] == ["input_changed"]
    assert reply["values"]["X"].tolist() != reply["values"]["X"][::-1].tolist()
