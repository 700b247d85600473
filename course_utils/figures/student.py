"""The student's functions that draw a figure: what they return is data to draw, or a problem that says what to mend."""

import contextlib
import io
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ..probes.base import as_array


class Problem(Exception):
    """What stands in the way of a figure: a short title, and an explanation for the student."""

    def __init__(self, title: str, explanation: str) -> None:
        super().__init__(f"{title}: {explanation}")
        self.title, self.explanation = title, explanation


class StudentFunction:
    """A student's function, which may be unfinished or broken; nothing that it does but a Problem gets out.

    Args:
        exercise: the name in the exercise's heading; `check` is the name that its check goes by, where that differs.
    """

    def __init__(self, function: Callable, exercise: str, check: str | None = None) -> None:
        self.function, self.exercise, self.check = function, exercise, check or exercise

    def __call__(self, *arguments: Any) -> Any:
        """Call the function with copies of the arrays, and without its prints and warnings."""
        copies = [value.copy() if isinstance(value, np.ndarray) else value for value in arguments]
        quiet = io.StringIO()
        with warnings.catch_warnings(), np.errstate(all="ignore"), contextlib.redirect_stdout(quiet):
            warnings.simplefilter("ignore")
            try:
                result = self.function(*copies)
            except NotImplementedError:
                result = None
            except Exception as error:
                raise self.broken(f"It stopped with {type(error).__name__}: {error}.") from error
        if is_unfinished(result):
            raise self.unfinished()
        return result

    def parts(self, result: Any, names: str) -> list[Any]:
        """Return the values of a result such as (w, b), or raise a Problem.

        Args:
            names: of the values, as the message lists them: "w, b".
        """
        if not isinstance(result, tuple | list) or len(result) != names.count(",") + 1:
            raise self.broken(f"It returned {type(result).__name__}, where ({names}) was expected.")
        if any(is_unfinished(part) for part in result):
            raise self.unfinished()
        return list(result)

    def numbers(self, result: Any, shape: tuple[int, ...], question: str) -> np.ndarray:
        """Return a result as an array of floats of that shape, or raise a Problem.

        Args:
            question: what the function was asked for, as the message names it.
        """
        try:
            values = np.asarray(as_array(result), dtype=float)
        except Exception as error:
            raise self.broken(f"For {question} it returned {type(result).__name__}, not numbers.") from error
        if values.shape != shape:
            raise self.broken(f"For {question} it returned shape {values.shape}, where {shape} was expected.")
        return values

    def unfinished(self) -> Problem:
        """Return the Problem of a function that returns nothing yet."""
        return Problem(f"Finish {self.exercise} first", f"Your own function does the work here.\n{self._then()}")

    def broken(self, fault: str) -> Problem:
        """Return the Problem of a function whose result cannot be drawn, and why."""
        return Problem(f"{self.exercise} cannot draw this figure yet", f"{fault}\n{self._then()}")

    def _then(self) -> str:
        return f'When check("{self.check}") is happy, run this cell again.'


def is_unfinished(value: Any) -> bool:
    """Tell whether a value stands for work that is not done: None or ``...``."""
    return value is None or value is Ellipsis
