"""Probes: the only code that touches what a student wrote. Plain arrays go in, plain NumPy arrays come out.

A probe is called with the student's object and keyword arguments (arrays, numbers, strings, lists of these) and
returns a reply (see ``course_utils.protocol``): ``values`` maps the names of outputs to arrays, or to None where
nothing was returned yet, and ``notes`` is a list of remarks (see ``course_utils.remarks``) about the object's
structure, which help to explain a wrong value but never earn points.
"""

from . import (  # their probes join PROBES
    lab1_perceptron,
    lab2_activations,
    lab3_gradient_descent,
    lab4_overfitting_dropout,
    lab5a_tunes,
    lab5b_networks,
    layers,
)
from .base import PROBES, Unusable, as_array, ask, ask_each, probe

__all__ = [
    "PROBES",
    "Unusable",
    "as_array",
    "ask",
    "ask_each",
    "lab1_perceptron",
    "lab2_activations",
    "lab3_gradient_descent",
    "lab4_overfitting_dropout",
    "lab5a_tunes",
    "lab5b_networks",
    "layers",
    "probe",
]
