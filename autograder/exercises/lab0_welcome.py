"""Lab 0, the welcome: one toy exercise, and the mistakes that it recognises."""

import numpy as np

from autograder.authoring.exercise import Exercise, Mistake, Spelling


def temperatures(rng):
    return [("temperatures", {"celsius": np.round(rng.uniform(-30, 45, count), 1)}) for count in (5, 3)]


def converted(function):
    """Return the result of an exercise or a mistake from a function of the temperatures."""
    return lambda inputs: {"output": function(inputs["celsius"])}


FAHRENHEIT = Exercise(
    name="fahrenheit",
    title="Celsius to Fahrenheit",
    spellings={
        "numpy": Spelling(
            "fahrenheit", "call", lambda inputs: {"arguments": [inputs["celsius"]], "outputs": ["output"]}
        )
    },
    draw=temperatures,
    oracle=converted(lambda celsius: 1.8 * celsius + 32),
    mistakes=(
        Mistake(
            "offset_forgotten",
            "The factor 1.8 is there, but the 32 is not: water freezes at 32 degrees Fahrenheit, not at 0.",
            converted(lambda celsius: 1.8 * celsius),
        ),
        Mistake(
            "factor_forgotten",
            "The 32 is there, but the factor 1.8 is not: a degree Celsius is worth more than a degree Fahrenheit.",
            converted(lambda celsius: celsius + 32),
        ),
        Mistake(
            "offset_first",
            "You add 32 before you multiply; multiply first, then add.",
            converted(lambda celsius: 1.8 * (celsius + 32)),
        ),
        Mistake("offset_subtracted", "You subtract 32; add it.", converted(lambda celsius: 1.8 * celsius - 32)),
        Mistake("divided", "You divide by 1.8; multiply by it.", converted(lambda celsius: celsius / 1.8 + 32)),
        Mistake(
            "other_way_round",
            "You convert Fahrenheit to Celsius; here it goes the other way round.",
            converted(lambda celsius: (celsius - 32) / 1.8),
        ),
        Mistake(
            "rule_of_thumb",
            "Twice as much plus 30 is a fine rule of thumb, but only nearly right: the numbers are 1.8 and 32.",
            converted(lambda celsius: 2 * celsius + 30),
        ),
    ),
)

EXERCISES = (FAHRENHEIT,)
