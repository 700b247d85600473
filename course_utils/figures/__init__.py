"""Interactive figures, drawn by the student's own functions; a module a lab, loaded on first use."""

from importlib import import_module
from typing import Any

_MODULES = {
    "opening": "lab0_welcome",
    "thermometer": "lab0_welcome",
    "neuron": "lab1_perceptron",
    "perceptron_training": "lab1_perceptron",
    "watch_perceptron": "lab1_perceptron",
    "xor_perceptron": "lab1_perceptron",
    "xor_network": "lab1_perceptron",
    "network_diagram": "lab1_perceptron",
    "watch_layers": "lab1_perceptron",
    "activation_gallery": "lab2_activations",
    "linear_stack": "lab2_activations",
    "activation": "lab2_activations",
    "compare_derivatives": "lab2_activations",
    "gradient_bars": "lab2_deep_stacks",
    "dying_relus": "lab2_deep_stacks",
    "landscape": "lab3_surfaces",
    "descent_path": "lab3_gradient_descent",
    "learning_rates": "lab3_gradient_descent",
    "batch_sizes": "lab3_networks",
    "watch_training": "lab3_networks",
    "watch_numpy": "lab3_networks",
    "schedules": "lab3_gradient_descent",
    "watch_line": "lab3_lines",
    "five_curves": "lab3_lines",
    "ball": "lab3_surfaces",
    "two_curves": "lab4_curves",
    "split": "lab4_overfitting_dropout",
    "memorise": "lab4_overfitting_dropout",
    "diagnose": "lab4_curves",
    "dropout": "lab4_overfitting_dropout",
    "overfitting": "lab4_curves",
    "early_stopping": "lab4_curves",
    "l2": "lab4_overfitting_dropout",
    "augment": "lab4_capstone",
    "ablation": "lab4_capstone",
    "final_exam": "lab4_capstone",
    "bigram_table": "lab5a_counting",
    "temperature": "lab5a_counting",
    "next_character": "lab5a_network",
    "hidden_units": "lab5a_network",
    "exploding": "lab5a_training",
    "watch_language": "lab5a_training",
    "watch_song": "lab5b_networks",
    "character_costs": "lab5b_networks",
    "play_songs": "lab5b_reports",
    "same_song": "lab5b_reports",
    "compare_models": "lab5b_reports",
    "copies": "lab5b_reports",
    "compare_real": "lab5b_reports",
    "question_figure": "questions",
}

__all__ = [*_MODULES]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
