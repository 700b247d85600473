"""The judge of networks with dropout: the builder and the caller are judged apart, and odd replies earn nothing."""

import numpy as np
import pytest

from autograder.exercises.lab4_overfitting_dropout import DROPOUT_NET
from course_utils.judging.lab4_dropout_networks import drops_out_in_training
from tests.course_utils.judging.odd_replies import earns_nothing, every_odd_reply


@every_odd_reply
@pytest.mark.parametrize("spelling", ["torch", "tensorflow"])
def test_odd_replies_earn_nothing_and_break_nothing(spelling, values):
    """Whatever a process sends in place of a probe's reply, the judge finds it wrong."""
    assert earns_nothing(DROPOUT_NET.test(spelling, b"odd", "grade"), values)


RNG = np.random.default_rng(0)
P, X, W = 0.3, RNG.uniform(0.5, 1.5, (40, 6)), RNG.normal(size=(6, 16))


def dropped(values, p=P):
    return values * (RNG.random(values.shape) >= p) / (1 - p)


def relu(values):
    return np.maximum(values, 0)


def with_head(hidden):
    """Return the output of the network under test, whose later layers pass on the hidden values of the first one."""
    return np.hstack([hidden, np.broadcast_to([1.5, -1.5], (len(hidden), 2))])


WHOLE = with_head(relu(X @ W))
NET = {"net_training": with_head(dropped(dropped(relu(X @ W)))), "net_evaluation": WHOLE}
RUN = {"run_training": dropped(X), "run_evaluation": X}
MODES = ("training", "evaluation")
RUN_IN_MODES = {f"run_{mode}_from_{before}": RUN[f"run_{mode}"] for mode in MODES for before in MODES}
MODES_KEPT = {f"mode_{mode}_from_{before}": np.array([True]) for mode in MODES for before in MODES}


def assess_net(values, probe="keras_dropout_net"):
    """Judge the values of a reply; the exercise asks for two functions, `build` and `run`."""
    test = {"object": ["build", "run"], "probe": probe, "cases": [{"data": {"x": X, "p": P, "W": W}}]}
    with np.errstate(all="ignore"):
        return drops_out_in_training(test, [{"values": values, "notes": []}], True)


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
    assert (assessment.fraction, assessment.diagnosis) == (0.5, None)
    assert f"not finished: `{unfinished}` returns nothing yet." in assessment.message


@pytest.mark.parametrize(
    ("net", "diagnosis"),
    [
        ({"net_training": None}, "unreadable"),
        ({"net_training": WHOLE[:, :-1]}, "wrong_shape"),
        ({"net_training": WHOLE}, "nothing_dropped"),
        ({"net_training": with_head(dropped(relu(X @ W)))}, "one_layer_only"),
        ({"net_training": with_head(dropped(dropped(dropped(dropped(relu(X @ W))))))}, "dropout_doubled"),
        ({"net_training": with_head(dropped(dropped(relu(X @ W), 1 - P), 1 - P))}, "keeps_instead_of_drops"),
        ({"net_training": dropped(NET["net_training"])}, "dropout_on_output"),
        ({"net_training": with_head(2 * relu(X @ W))}, "wrong_dropout"),
        ({"net_evaluation": with_head(X @ W)}, "no_activation"),
        ({"net_evaluation": relu(WHOLE)}, "relu_on_head"),
        ({"net_evaluation": with_head(dropped(relu(X @ W)))}, "drops_in_evaluation"),
        ({"net_evaluation": WHOLE + 1}, "wrong_network"),
    ],
)
def test_what_is_wrong_with_a_network_is_named(net, diagnosis):
    """Another network than asked for, or dropout in another place, costs the builder's half."""
    assessment = assess_net(NET | RUN | net)
    assert (assessment.fraction, assessment.diagnosis) == (0.5, diagnosis), assessment.message


def test_a_sigmoid_in_place_of_relu_is_named():
    """Hidden layers of sigmoids are recognised by their output in evaluation."""
    hidden = 1 / (1 + np.exp(-1 / (1 + np.exp(-X @ W))))
    assert assess_net(NET | RUN | {"net_evaluation": with_head(hidden)}).diagnosis == "sigmoid_instead"


@pytest.mark.parametrize(
    ("run", "diagnosis"),
    [
        ({"run_training": X[:, :2]}, "wrong_shape"),
        ({"run_training": X}, "not_in_training"),
        ({"run_training": X * 3}, "wrong_output"),
        ({"run_evaluation": dropped(X)}, "drops_in_evaluation"),
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
