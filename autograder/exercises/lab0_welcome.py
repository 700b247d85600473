"""Lab 0, the welcome: one toy exercise, and the mistakes that it recognises."""

import numpy as np

from autograder.authoring.exercise import Drawn, Exercise, Mistake
from autograder.authoring.spellings import function


def temperatures(rng: np.random.Generator) -> Drawn:
    for count in (5, 3):
        rising = np.sort(np.round(rng.uniform(-30, 45, count), 1))
        yield "temperatures", {"celsius": np.roll(rising, -1)}  # neither the first nor the last one is the largest


FAHRENHEIT = Exercise(
    "fahrenheit",
    title="Celsius to Fahrenheit",
    spellings={"numpy": function("fahrenheit", "celsius")},
    draw=temperatures,
    right=lambda celsius: 1.8 * celsius + 32,
    mistakes=[
        Mistake(
            "offset_forgotten",
            "The factor 1.8 is there, but the 32 is not: water freezes at 32 degrees Fahrenheit, not at 0.",
            lambda celsius: 1.8 * celsius,
        ),
        Mistake(
            "factor_forgotten",
            "The 32 is there, but the factor 1.8 is not: a degree Celsius is worth more than a degree Fahrenheit.",
            lambda celsius: celsius + 32,
        ),
        Mistake(
            "offset_first",
            "You add 32 before you multiply; multiply first, then add.",
            lambda celsius: 1.8 * (celsius + 32),
        ),
        Mistake("offset_subtracted", "You subtract 32; add it.", lambda celsius: 1.8 * celsius - 32),
        Mistake("divided", "You divide by 1.8; multiply by it.", lambda celsius: celsius / 1.8 + 32),
        Mistake(
            "other_way_round",
            "You convert Fahrenheit to Celsius; here it goes the other way round.",
            lambda celsius: (celsius - 32) / 1.8,
        ),
        Mistake(
            "places_converted",
            "You convert the places 0, 1, 2 ... and not the temperatures that stand there.",
            lambda celsius: 1.8 * np.arange(len(celsius)) + 32,
        ),
        Mistake(
            "rule_of_thumb",
            "Twice as much plus 30 is a fine rule of thumb, but only nearly right: the numbers are 1.8 and 32.",
            lambda celsius: 2 * celsius + 30,
        ),
    ],
)
