"""Library calls that an exercise switches off, since they compute what it asks a student to write."""

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .held import replace_held

AUTOGRAD = (
    *("torch.Tensor.backward", "torch.autograd.backward", "torch.autograd.grad"),
    *(f"torch.func.{name}" for name in ("grad", "grad_and_value", "jacrev", "jacfwd", "vjp", "jvp")),
    "torch.autograd.functional.jacobian",
    # Methods first: a tape may be an object that was made before, and a class that is replaced shows no methods.
    *("tensorflow.GradientTape.gradient", "tensorflow.GradientTape.jacobian", "tensorflow.GradientTape"),
    "tensorflow.autodiff.ForwardAccumulator",
    *(f"jax.{name}" for name in ("grad", "value_and_grad", "jacrev", "jacfwd", "vjp", "jvp")),
    *("numpy.gradient", "scipy.optimize.approx_fprime", "scipy.differentiate.derivative"),
    "scipy.differentiate.jacobian",
)
_ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky_relu")
ACTIVATIONS = (
    *("scipy.special.expit", "torch.special.expit", "scipy.special.log_expit"),
    *("torch.nn.functional.logsigmoid", "tensorflow.math.log_sigmoid"),
    *("torch.nn.Sigmoid", "torch.nn.Tanh", "torch.nn.ReLU", "torch.nn.LeakyReLU"),
    *(f"{place}.{name}{end}" for place in ("torch", "torch.Tensor") for name in _ACTIVATIONS[:3] for end in ("", "_")),
    *(f"torch.nn.functional.{name}" for name in _ACTIVATIONS),
    *(f"tensorflow.{name}" for name in ("sigmoid", "tanh", "math.sigmoid", "math.tanh")),
    *(f"{place}.{name}" for place in ("tensorflow.nn", "keras.ops", "keras.activations") for name in _ACTIVATIONS),
)
_SOFTMAXES = ("softmax", "log_softmax", "logsumexp")
SOFTMAX = tuple(
    f"{place}.{name}"
    for place in (
        *("scipy.special", "torch", "torch.Tensor", "torch.special", "torch.nn.functional"),
        *("tensorflow.nn", "tensorflow.math", "keras.ops", "keras.activations"),
        *("jax.nn", "jax.scipy.special", "sklearn.utils.extmath"),
    )
    for name in _SOFTMAXES
) + (
    *("torch.nn.Softmax", "torch.nn.LogSoftmax", "torch.nn.functional.scaled_dot_product_attention"),
    *("tensorflow.reduce_logsumexp", "tensorflow.math.reduce_logsumexp"),
)
CROSS_ENTROPIES = (
    *("torch.nn.CrossEntropyLoss", "torch.nn.BCEWithLogitsLoss", "torch.nn.BCELoss", "torch.nn.NLLLoss"),
    *("torch.nn.functional.cross_entropy", "torch.nn.functional.nll_loss"),
    *("torch.nn.functional.binary_cross_entropy_with_logits", "torch.nn.functional.binary_cross_entropy"),
    *("tensorflow.nn.sparse_softmax_cross_entropy_with_logits", "tensorflow.nn.softmax_cross_entropy_with_logits"),
    *("tensorflow.nn.sigmoid_cross_entropy_with_logits", "keras.losses.binary_crossentropy"),
    *("keras.losses.sparse_categorical_crossentropy", "keras.losses.categorical_crossentropy"),
    "sklearn.metrics.log_loss",
)
OPTIMISERS = tuple(
    f"{place}.{name}" for place in ("torch.optim", "keras.optimizers") for name in ("SGD", "Adam", "AdamW")
)

_KERNELS = ("tensorflow.python.ops.gen_nn_ops", "tensorflow.python.ops.gen_math_ops")
_ATEN = ("{}", "_{}", "{}_", "special_{}", "{}_loss", "_safe_{}")  # how PyTorch's own table of operations spells a name


def _everywhere(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return some calls, and where PyTorch and TensorFlow keep the same ones under other names."""
    names = dict.fromkeys(path.split(".")[-1] for path in paths)
    plain = [name for name in names if name.islower()]  # no classes, whose methods are functions of these names
    older = [path.replace("tensorflow.", f"tensorflow.compat.{version}.") for version in ("v1", "v2") for path in paths]
    others = [
        *(path for path in older if path.startswith("tensorflow.compat.")),
        *(f"tensorflow.raw_ops.{name.title().replace('_', '')}" for name in plain),
        *(f"{place}.{name}" for place in _KERNELS for name in plain),
        *(f"{place}.{form.format(name)}" for place in ("torch.ops.aten", "torch") for form in _ATEN for name in plain),
        *(f"{place}.{name}" for place in ("torch.ops.prims", "torch._C._nn") for name in plain),
    ]
    return tuple(dict.fromkeys([*paths, *others]))


# By the name that an exercise gives.
GROUPS: dict[str, tuple[str, ...]] = {
    "autograd": _everywhere(AUTOGRAD),
    "activations": _everywhere(ACTIVATIONS),
    "softmax": _everywhere(SOFTMAX),
    "cross-entropy": _everywhere(SOFTMAX + CROSS_ENTROPIES),
    "optimisers": _everywhere(OPTIMISERS),
}


@contextlib.contextmanager
def switched_off(
    group: str, namespace: Mapping[str, Any], is_own: Callable[[str], bool], refuse: Callable[[str], Exception]
) -> Iterator[None]:
    """Let a group's calls raise an error, whoever makes them: what a library does for a student counts, too.

    No module is imported for it: what is not loaded cannot have been called. What the notebook holds on to of such a
    call is replaced (see ``held``), and all is put back afterwards.

    Args:
        namespace: mapping of the notebook's names.
        is_own: tells from the name of a file whether a student wrote what stands in it.
        refuse: makes the error from the name of a call.
    """
    with contextlib.ExitStack() as after:
        replaced: dict[int, Any] = {}
        for path, owner, original in _found(group):
            name, stand_in = path.split(".")[-1], _standing_in(path, refuse)
            replaced[id(original)] = stand_in
            for version in _versions(owner, original):  # `torch.ops.aten.tanh` has one for each kind of arguments
                replaced[id(getattr(original, version))] = stand_in
                setattr(stand_in, version, stand_in)
            after.callback(_put_back, owner, name, vars(owner).get(name, _found))
            setattr(owner, name, stand_in)
        if isinstance(namespace, dict):
            replace_held(namespace, replaced, is_own, after)
        yield


def loaded(group: str) -> int:
    """Return how many calls of a group can be made, without importing anything."""
    return sum(1 for _ in _found(group))


def _found(group: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield the path of each call whose module is loaded, what the call is kept in, and the call."""
    owners: dict[str, Any] = {}
    for path in GROUPS[group]:
        place, _, name = path.rpartition(".")
        if place not in owners:
            owners[place] = _owner(place.split("."))
        original = _held(owners[place], name)
        if callable(original):
            yield path, owners[place], original


def _owner(places: list[str]) -> Any:
    """Return a module, or what a module holds, by its path; None where the module is not loaded."""
    for cut in range(len(places), 0, -1):
        owner: Any = sys.modules.get(".".join(places[:cut]))
        if owner is not None:
            for place in places[cut:]:
                owner = _held(owner, place)
            return owner
    return None


def _held(owner: Any, name: str) -> Any:
    """Return what a module or a class holds or inherits, without asking it to import anything."""
    for place in owner.__mro__ if isinstance(owner, type) else (owner,):
        if name in getattr(place, "__dict__", ()):
            return vars(place)[name]
    return None


def _versions(owner: Any, original: Any) -> list[str]:
    """Return the names under which a call of `torch.ops` holds others that compute the same."""
    return original.overloads() if getattr(owner, "__name__", "").startswith("torch.ops.") else []


def _standing_in(path: str, refuse: Callable[[str], Exception]) -> Any:
    def stand_in(*arguments: Any, **keywords: Any) -> Any:
        raise refuse(path)

    return stand_in


def _put_back(owner: Any, name: str, before: Any) -> None:
    """Undo a replacement.

    Args:
        before: what stood there; ``_found`` where the name was inherited.
    """
    if before is _found:
        delattr(owner, name)
    else:
        setattr(owner, name, before)
