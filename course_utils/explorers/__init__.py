"""Interactive figures, drawn by the student's own functions; a module a lab, loaded on first use."""

from importlib import import_module

_MODULES = {
    "thermometer": "welcome",
    "neuron": "perceptron",
    "perceptron_training": "perceptron",
    "xor_perceptron": "perceptron",
    "xor_network": "perceptron",
    "network_diagram": "perceptron",
    "landscape": "descent",
    "descent_path": "descent",
    "learning_rates": "descent",
    "batch_sizes": "descent",
    "watch_training": "descent",
    "schedules": "descent",
    "ball": "descent",
}

__all__ = [*_MODULES]


def __getattr__(name):
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__():
    return __all__
