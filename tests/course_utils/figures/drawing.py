"""What the tests of figures share: functions as a student would write them, and looking at pictures and widgets."""

from io import BytesIO

import ipywidgets
import numpy as np
import pytest
from matplotlib.image import imread

from course_utils import datasets, figures


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def neuron(x, w, b):
    return sigmoid(x @ w + b)


def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes.append(0)
        for x, target in zip(X, y):
            error = target - int(x @ w + b > 0)
            w, b, mistakes[-1] = w + learning_rate * error * x, b + learning_rate * error, mistakes[-1] + abs(error)
    return w, b, mistakes


def two_layer(x, W1, b1, W2, b2):
    return sigmoid(sigmoid(x @ W1 + b1) @ W2 + b2)


def fahrenheit(celsius):
    return 1.8 * celsius + 32


EXPLORERS = {
    "thermometer": (figures.thermometer, fahrenheit),
    "neuron": (figures.neuron, neuron),
    "neuron with data": (lambda function: figures.neuron(function, *datasets.iris_pair()), neuron),
    "training": (lambda function: figures.perceptron_training(function, *datasets.iris_pair()), train_perceptron),
    "xor perceptron": (figures.xor_perceptron, train_perceptron),
    "xor network": (figures.xor_network, two_layer),
}


def every_explorer(test):
    """Run the test once for each explorer, with the function that a student would pass to it."""
    return pytest.mark.parametrize(("explorer", "function"), EXPLORERS.values(), ids=EXPLORERS)(test)


def parts(widget, kind):
    """Return all widgets of a kind within a widget."""
    inside = [part for child in getattr(widget, "children", ()) for part in parts(child, kind)]
    return [widget, *inside] if isinstance(widget, kind) else inside


def sliders(widget):
    return parts(widget, (ipywidgets.IntSlider, ipywidgets.FloatSlider))


def picture(widget):
    (image,) = parts(widget, ipywidgets.Image)
    return image.value


def pixels(png):
    """Return the colours of a PNG, shape (height, width, 3)."""
    return imread(BytesIO(png))[:, :, :3]


def touches_the_edge(png):
    """Whether anything is drawn up to the very edge of a picture, as a label that is cut off would be."""
    picture = pixels(png)
    edges = (picture[0], picture[-1], picture[:, 0], picture[:, -1])
    return any(np.ptp(edge, axis=0).max() > 0 for edge in edges)
