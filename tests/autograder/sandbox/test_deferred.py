"""What the server leaves to be imported by whoever uses it: it is not imported sooner, and then it is all there."""

import pytest

from tests.autograder.sandbox.test_warm import fresh

OPTIMIZER = """
import torch
net = torch.nn.Linear(2, 1)
optimizer = torch.optim.Adam(net.parameters(), lr=1.0)
def step():
    before = net.weight.clone()
    optimizer.zero_grad()
    net(torch.ones(3, 2)).sum().backward()
    optimizer.step()
    print((net.weight != before).all().item(), 'sympy' in sys.modules)
step()
print(torch.compile(lambda x: 2 * x, backend='eager')(torch.ones(1)).item())
torch.compile(step, backend='eager')()
step()
print(type(torch._dynamo).__name__, torch._dynamo.config.recompile_limit > 0)
zero_grad = torch.optim.Optimizer.zero_grad.__wrapped__
print(vars(zero_grad)['__dynamo_disable'] is not zero_grad)
"""
TENSORFLOW = """
import tensorflow as tf
from operator import attrgetter
print('SKLearnRegressor' in dir(tf.keras.wrappers), 'sklearn' in sys.modules)
import tensorflow.compat.v1 as v1
from tensorflow import saved_model
print(v1.Session is tf.compat.v1.Session, callable(saved_model.load))
for name in ('compat.v1.placeholder', 'compat.v2.constant', 'distribute.MirroredStrategy',
             'feature_column.numeric_column', 'keras.datasets.mnist.load_data', 'keras.wrappers.SKLearnClassifier',
             'lite.Interpreter', 'saved_model.save', 'tpu.experimental'):
    attrgetter(name)(tf)
print(tf.lite.__name__, tf.distribute.__name__)
"""


@pytest.fixture(scope="module")
def printed():
    """What a process prints that begins as the server does and then uses what was deferred."""
    code = (
        "import inspect, sys\nfrom autograder.sandbox.warm import warm_up\n"
        "warm_up(['tensorflow', 'keras', 'torch'])\ninspect.getmodule(warm_up)\n"
        "print([name for name in ('sklearn', 'sympy', 'scipy.stats') if name in sys.modules])\n"
    )
    return fresh(code + OPTIMIZER + TENSORFLOW).splitlines()


def test_what_no_lab_needs_is_not_imported(printed):
    """Neither the frameworks nor whoever looks through all modules import it, nor an optimizer's step."""
    assert printed[:2] == ["[]", "True False"]


def test_an_optimizer_trains_with_the_compiler_too(printed):
    """A student who compiles gets the real compiler, and functions that it must leave alone are known to it."""
    assert printed[2:7] == ["2.0", "True True", "True True", "module True", "True"]


def test_what_was_deferred_is_whole_once_it_is_used(printed):
    """By whatever name it is imported, it is the real module, and nothing else changes its place."""
    names = "tensorflow._api.v2.lite tensorflow._api.v2.distribute"
    assert printed[7:] == ["True True", "True True", names]
