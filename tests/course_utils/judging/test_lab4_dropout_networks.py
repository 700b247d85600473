"""The judge of networks with dropout: the builder and the caller are judged apart, and odd replies earn nothing."""

import numpy as np
import pytest

from autograder.exercises.lab4_overfitting_dropout import DROPOUT_NET
from course_utils.judging.lab4_dropout_networks import drops_out_in_training
from course_utils.probes.lab4_overfitting_dropout import network_under_test
from tests.course_utils.judging.odd_replies import earns_nothing, every_odd_reply


@every_odd_reply
@pytest.mark.parametrize("spelling", ["torch", "tensorflow"])
def test_odd_replies_earn_nothing_and_break_nothing(spelling, values):
    """Whatever a process sends in place of a probe's reply, the judge finds it wrong."""
    assert earns_nothing(DROPOUT_NET.test(spelling, b"odd", "grade"), values)


RNG = np.random.default_rng(0)
P, WIDTHS, SEED = 0.3, [3, 14, 12, 15], 5
TEST = network_under_test(WIDTHS, SEED)
X = TEST.x


def dropped(values, p=P):
    return values * (RNG.random(values.shape) >= p) / (1 - p)


def relu(values):
    return np.maximum(values, 0)


def same(values):
    return values


def outputs(parameters, x, first=relu, second=relu, drops=(same, same), head=same, inputs=same):
    """Return the outputs of a network with two hidden layers, and with such dropouts after them."""
    x = inputs(x)
    for number, (activation, drop) in enumerate(((first, drops[0]), (second, drops[1]), (head, same)), 1):
        x = drop(activation(x @ parameters[f"W{number}"] + parameters[f"b{number}"]))
    return x


def evaluation(**changes):
    output = outputs(TEST.mixed, X, **changes)
    return {"evaluation_1": output, "evaluation_2": output}


def training(*drops, **changes):
    calls = [outputs(TEST.chained, TEST.positive, drops=drops or (dropped, dropped), **changes) for _ in range(2)]
    return dict(zip(("training_1", "training_2"), calls))


def repeated(drop):
    """Return training values of which the second call repeats the first."""
    first = training(drop, drop)["training_1"]
    return {"training_1": first, "training_2": first}


NET = evaluation() | training()
RUN = {"run_training": dropped(X), "run_evaluation": X}
MODES = ("training", "evaluation")
RUN_IN_MODES = {f"run_{mode}_from_{before}": RUN[f"run_{mode}"] for mode in MODES for before in MODES}
MODES_KEPT = {f"mode_{mode}_from_{before}": np.array([True]) for mode in MODES for before in MODES}


def assess_net(values, probe="keras_dropout_net", notes=()):
    """Judge the values of a reply; the exercise asks for two functions, `build` and `run`."""
    case = {"data": {"widths": WIDTHS, "p": P, "seed": SEED}}
    test = {"object": ["build", "run"], "probe": probe, "cases": [case]}
    with np.errstate(all="ignore"):
        return drops_out_in_training(test, [{"values": values, "notes": list(notes)}], True)


@pytest.mark.parametrize(
    ("probe", "run"),
    [("keras_dropout_net", RUN), ("torch_dropout_net", {**RUN_IN_MODES, **MODES_KEPT})],
    ids=["keras", "torch"],
)
def test_a_right_builder_and_a_right_caller_pass(probe, run):
    """Dropped in training and whole in evaluation; PyTorch's network is called from both modes."""
    assert assess_net(NET | run, probe).status == "passed"


@pytest.mark.parametrize(("values", "unfinished"), [(NET, "run"), (RUN, "build")], ids=["builder", "caller"])
def test_one_of_two_functions_earns_half(values, unfinished):
    """The function that is not written yet is named, and the other one keeps its points."""
    assessment = assess_net(values)
    assert (assessment.fraction, assessment.diagnosis) == (0.5, "unfinished")
    assert f"`{unfinished}` returns nothing yet." in assessment.message


def test_a_network_that_cannot_be_used_costs_the_builder():
    """What the probe found out about the network is said, and the caller keeps its points."""
    assessment = assess_net(RUN, notes=[{"says": "wrong_depth", "number": 2}])
    assert (assessment.fraction, assessment.diagnosis) == (0.5, "wrong_depth")
    assert "for `build`: linear layers in the network: 2" in assessment.message


def leaky(values):
    return np.where(values > 0, values, 0.01 * values)


def twice(values):
    return dropped(dropped(values))


def kept(values):
    return dropped(values, 1 - P)


def rows(values):
    return values * (RNG.random((len(values), 1)) >= P) / (1 - P)


def columns(values):
    return values * (RNG.random(values.shape[1]) >= P) / (1 - P)


@pytest.mark.parametrize(
    ("net", "diagnosis"),
    [
        ({"training_1": None}, "unreadable"),
        ({"training_1": NET["training_1"][:, :-1]}, "wrong_shape"),
        (training(same, same), "nothing_dropped"),
        (training(dropped, same), "layer_without_dropout"),
        (training(same, dropped), "layer_without_dropout"),
        (training(twice, same), "layer_without_dropout"),
        (training(twice, twice), "dropout_doubled"),
        (training(dropped, twice), "dropout_doubled"),
        (training(kept, kept), "keeps_instead_of_drops"),
        (training(rows, rows), "mask_shared"),
        (training(columns, columns), "mask_shared"),
        (repeated(dropped), "mask_repeated"),
        (training(head=dropped), "dropout_on_output"),
        (training(inputs=dropped), "dropout_on_inputs"),
        (training(same, same, inputs=dropped), "dropout_on_inputs"),
        (training(inputs=lambda x: 2 * x), "wrong_dropout"),
        (training(lambda values: 2 * values, same), "wrong_dropout"),
        (training(lambda values: dropped(values, 0.5), dropped), "wrong_dropout"),
        (evaluation(first=same, second=same), "no_activation"),
        (evaluation(second=same), "activation_missing"),
        (evaluation(first=same), "activation_missing"),
        (evaluation(head=relu), "relu_on_head"),
        (evaluation(head=np.tanh), "tanh_on_head"),
        (evaluation(first=np.tanh, second=np.tanh), "tanh_instead"),
        (evaluation(first=leaky, second=leaky), "leaky_relu_instead"),
        (evaluation(second=np.tanh), "wrong_network"),
        ({"evaluation_2": outputs(TEST.mixed, X, drops=(dropped, dropped))}, "drops_in_evaluation"),
        ({"evaluation_1": NET["evaluation_1"] + 1, "evaluation_2": NET["evaluation_1"] + 1}, "wrong_network"),
    ],
)
def test_what_is_wrong_with_a_network_is_named(net, diagnosis):
    """Another network than asked for, or dropout in another place, costs the builder's half."""
    assessment = assess_net(NET | RUN | net)
    assert (assessment.fraction, assessment.diagnosis) == (0.5, diagnosis), assessment.message


def test_a_wrong_rate_in_one_layer_is_named():
    """The right scale is not enough: as many values must be dropped."""

    def too_few(values):
        return values * (RNG.random(values.shape) >= P / 3) / (1 - P)

    for drops, layer in (((dropped, too_few), 2), ((too_few, dropped), 1)):
        assessment = assess_net(NET | RUN | training(*drops))
        assert assessment.diagnosis == "wrong_rate" and f"after hidden layer {layer} of 2" in assessment.message


@pytest.mark.parametrize(
    ("run", "diagnosis"),
    [
        ({"run_training": X[:, :2]}, "wrong_shape"),
        ({"run_training": X}, "not_in_training"),
        ({"run_training": X * 3}, "wrong_output"),
        ({"run_evaluation": dropped(X)}, "drops_in_evaluation"),
        ({"run_evaluation": dropped(X), "gradient_evaluation": np.array([False])}, "no_grad_alone"),
        ({"run_evaluation": dropped(X), "gradient_evaluation": np.array([True])}, "drops_in_evaluation"),
    ],
)
def test_what_is_wrong_with_the_caller_is_named(run, diagnosis):
    """Outputs of the wrong mode, or of another network, cost the caller's half."""
    assessment = assess_net(NET | RUN | run)
    assert (assessment.fraction, assessment.diagnosis) == (0.5, diagnosis), assessment.message


def test_outputs_that_are_not_there_each_time_are_incomplete():
    """A caller that returns nothing in one of the modes is told so."""
    assert assess_net(NET | {"run_training": RUN["run_training"]}).diagnosis == "incomplete"


@pytest.mark.parametrize("mode", [np.array([False]), np.array([True, True]), None, "yes"])
def test_a_network_left_in_another_mode_costs_the_caller(mode):
    """Right outputs are not enough in PyTorch: the network's mode must be what it was, and a reply must say so."""
    values = NET | RUN_IN_MODES | MODES_KEPT | {"mode_training_from_evaluation": mode}
    assessment = assess_net(values, "torch_dropout_net")
    assert (assessment.fraction, assessment.diagnosis) == (0.5, "mode_changed")
