"""Spellings that several exercises share: what a probe is asked, from the names of a case's inputs."""

from collections.abc import Callable
from typing import Any

from autograder.authoring.exercise import Inputs, Spelling, call, chosen


def function(name: str, *arguments: str, returns: tuple[str, ...] = ("output",)) -> Spelling:
    """Return the spelling of a function that is called with some of the inputs.

    Args:
        arguments: names of the inputs, in the order of the function's parameters.
        returns: names of what it returns, in its order.
    """

    def probe_arguments(**inputs: Any) -> Inputs:
        named = chosen(arguments, inputs)
        return {"arguments": [named[argument] for argument in arguments], "outputs": list(returns)}

    return Spelling(name, "call", probe_arguments, returns)


def torch_module(name: str, constructor: Callable[..., list], gradients: tuple[str, ...]) -> Spelling:
    """Return the spelling of a PyTorch module; the case's inputs hold ``parameters``, ``x`` and ``upstream``.

    Args:
        constructor: function of named inputs that returns the positional arguments of the class.
        gradients: names of the parameters whose gradients are compared.
    """
    return _network(name, "torch_module", constructor, gradients)


def keras_layer(name: str, constructor: Callable[..., list], gradients: tuple[str, ...]) -> Spelling:
    """Return the spelling of a Keras layer or model; inputs and arguments as for ``torch_module``."""
    return _network(name, "keras_layer", constructor, gradients)


def _network(name: str, probe: str, constructor: Callable[..., list], gradients: tuple[str, ...]) -> Spelling:
    def probe_arguments(**inputs: Any) -> Inputs:
        return {"constructor": call(constructor, inputs), **chosen(("parameters", "x", "upstream"), inputs)}

    return Spelling(name, probe, probe_arguments, output_and_gradients(*gradients))


def output_and_gradients(*parameters: str) -> tuple[str, ...]:
    """Return the names of a network's output and of the gradients of some of its parameters."""
    return ("output", *(f"grad_{name}" for name in parameters))
