"""Interactive figures, drawn by the student's own functions; a module a lab, loaded on first use."""

from importlib import import_module

_MODULES = {
    "thermometer": "welcome",
    "neuron": "perceptron",
    "perceptron_training": "perceptron",
    "xor_perceptron": "perceptron",
    "xor_network": "perceptron",
    "network_diagram": "perceptron",
    "activation_gallery": "activations",
    "linear_stack": "activations",
    "activation": "activations",
    "compare_derivatives": "activations",
    "gradient_bars": "activations",
    "dying_relus": "activations",
    "landscape": "descent",
    "descent_path": "descent",
    "learning_rates": "descent",
    "batch_sizes": "descent",
    "watch_training": "descent",
    "schedules": "descent",
    "ball": "descent",
    "two_curves": "memorising",
    "split": "memorising",
    "memorise": "memorising",
    "parting": "memorising",
    "dropout": "memorising",
    "overfitting": "memorising",
    "early_stopping": "memorising",
    "l2": "memorising",
}

__all__ = [*_MODULES]


def __getattr__(name):
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__():
    return __all__
