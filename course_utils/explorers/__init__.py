"""Interactive figures, drawn by the student's own functions; a module a lab, loaded on first use."""

from importlib import import_module

_MODULES = {
    "thermometer": "welcome",
    "neuron": "perceptron",
    "perceptron_training": "perceptron",
    "xor_perceptron": "perceptron",
    "xor_network": "perceptron",
    "network_diagram": "perceptron",
}

__all__ = [*_MODULES]


def __getattr__(name):
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__():
    return __all__
