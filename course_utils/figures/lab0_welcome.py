"""Lab 0: a first figure to play with, drawn by the student's own function."""

from collections.abc import Callable

import numpy as np

from . import plots
from .student import StudentFunction
from .widgets import Slider, explore

COLDEST, WARMEST = -30, 45
LANDMARKS = {0: "water freezes", 20: "a warm room", 37: "body temperature"}


def thermometer(fahrenheit: Callable) -> None:
    """Move a temperature in degrees Celsius, and read what the student's `fahrenheit(celsius)` makes of it."""
    ask = StudentFunction(fahrenheit, "fahrenheit")
    scale = np.linspace(COLDEST, WARMEST, 16)
    with plots.style():
        figure = plots.blank(plots.WIDTH, 4.4)
        glass, plane = figure.add_axes((0.1, 0.12, 0.2, 0.74)), figure.add_axes((0.46, 0.15, 0.5, 0.71))
        glass.set(xlim=(-1, 6), ylim=(COLDEST - 13, WARMEST + 3), xticks=[], yticks=range(COLDEST, WARMEST, 10))
        glass.spines["bottom"].set_visible(False)
        glass.set_ylabel("degrees Celsius")
        glass.plot([0.6, 0.6], [COLDEST - 7, WARMEST], color="#DADADA", linewidth=17, solid_capstyle="round")
        for celsius, words in LANDMARKS.items():
            glass.text(2.1, celsius, words, va="center", fontsize=11, color=plots.GREY)
        plane.set(
            xlim=(COLDEST - 2, WARMEST + 2),
            ylim=(-40, 125),
            xlabel="degrees Celsius",
            ylabel="your degrees Fahrenheit",
            title="Your rule",
        )
        plane.grid(color="#EBEBEB")
        plane.set_axisbelow(True)

    def degrees(celsius: np.ndarray) -> np.ndarray:
        return ask.numbers(ask(celsius), celsius.shape, f"{len(celsius)} temperatures")

    def draw(celsius: int) -> None:
        line, [temperature] = degrees(scale), degrees(np.array([float(celsius)]))
        glass.plot([0.6, 0.6], [COLDEST - 7, celsius], color=plots.VERMILLION, linewidth=9, solid_capstyle="butt")
        glass.plot(0.6, COLDEST - 7, "o", color=plots.VERMILLION, markersize=24, clip_on=False)
        plane.plot(scale, line, color=plots.BLUE)
        plane.plot(
            [celsius, celsius, COLDEST - 2],
            [-40, temperature, temperature],
            color=plots.GREY,
            linewidth=1.2,
            linestyle=":",
        )
        plane.plot(celsius, temperature, "o", color=plots.VERMILLION, markersize=11)
        figure.text(0.1, 0.925, f"{celsius} °C is {temperature:.4g} °F", fontsize=14)

    explore(figure, draw, [{"celsius": Slider("°C", COLDEST, WARMEST, 1, 20)}], preview="thermometer")
