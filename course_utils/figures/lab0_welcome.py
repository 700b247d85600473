"""Lab 0: a network that learns before one's eyes, and a first figure to play with, drawn by the student's function."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from . import diagrams, frames, pictures, plots
from .student import StudentFunction
from .widgets import Slider, explore

PREPARED = Path(__file__).parents[1] / "prepared" / "lab0_welcome.json"  # made by `python -m bench.prepare_opening`
UNITS = 6
MOMENT, END = 230, 600  # milliseconds of a picture, and of the last one: together less than five seconds
COLDEST, WARMEST = -30, 45
LANDMARKS = {0: "water freezes", 20: "a warm room", 37: "body temperature"}


def opening() -> None:
    """Show a network that learns to tell two kinds of points apart: once, in four seconds, then its end stays."""
    X, y = moons()
    moments = json.loads(PREPARED.read_text(encoding="utf-8"))
    drawn = []
    for moment in moments:
        weights = [np.array(each) for each in moment["weights"]]
        with plots.style():
            figure = plots.blank(plots.WIDTH, 4.2)
            network, plane = figure.add_axes((0.0, 0.02, 0.46, 0.86)), figure.add_axes((0.5, 0.06, 0.48, 0.8))
            plots.frame(plane, X, margin=0.1, square=True)
            plane.set(xticks=[], yticks=[])
            plane.spines[:].set_visible(False)
            sure = probability(plots.grid(plane), *weights)[:, 0]
            plots.decision_regions(plane, np.round(8 * sure) / 8)  # in steps, so that the file is small
            plots.points(plane, X, y, size=40)
            diagrams.network_diagram(network, [2, UNITS, 1])
            for lines, strength in zip(network.collections, (weights[0].ravel(), weights[2].ravel())):
                colours = [plots.CLASS_COLOURS[int(each > 0)] for each in strength]
                lines.set(linewidths=0.3 + 1.6 * np.abs(strength), alpha=0.9, colors=colours)
            right = np.mean((probability(X, *weights)[:, 0] > 0.5) == y)
            figure.text(0.03, 0.93, "A network: blue weights are below 0, orange ones above", fontsize=11)
            figure.text(0.57, 0.93, f"Step {moment['step']}: {right:.0%} right", fontsize=14)
            drawn.append(frames.png(figure, sharp=False))
    words = (
        f"A network learns: at first the plane around two bent clouds of points is parted anyhow, after "
        f"{moments[-1]['step']} steps along a curve between them, and {right:.0%} of the points are on their side."
    )
    pictures.display(pictures.Picture(_film(drawn), words, pictures.screen_width(figure)))


def _film(drawn: list[bytes]) -> bytes:
    """Return pictures as one PNG file that moves, once; where nothing moves, as in print, it shows the last of them."""
    from PIL import Image

    last, *others = (Image.open(io.BytesIO(each)).convert("RGB") for each in reversed(drawn))
    palette = last.quantize(128, dither=Image.Dither.NONE)
    colours = np.reshape(palette.getpalette() or [], (-1, 3))
    palette.putpalette(np.where(colours.min(axis=1, keepdims=True) > 244, 255, colours).ravel().tolist())
    film = [each.quantize(palette=palette, dither=Image.Dither.NONE) for each in [*reversed(others), last]]
    buffer = io.BytesIO()
    film[-1].save(
        buffer, "png", save_all=True, append_images=film, default_image=True, loop=1,
        duration=[MOMENT] * len(others) + [END],
    )  # fmt: skip
    return buffer.getvalue()


def moons(samples: int = 120) -> tuple[np.ndarray, np.ndarray]:
    """Return points in two bent clouds that reach into each other, and 0 or 1 for each."""
    random = np.random.default_rng(0)
    angles = np.pi * np.linspace(0, 1, samples // 2)
    upper = np.column_stack([np.cos(angles), np.sin(angles)])
    X = np.concatenate([upper, [1, 0.4] - upper]) - [0.5, 0.2]
    return 1.6 * (X + random.normal(0, 0.1, X.shape)), np.repeat([0, 1], samples // 2)


def probability(X: np.ndarray, W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray) -> np.ndarray:
    """Return how sure the opening's network is of class 1, shape (n_samples, 1)."""
    return 0.5 * (1 + np.tanh(0.5 * (np.tanh(X @ W1 + b1) @ W2 + b2)))


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
