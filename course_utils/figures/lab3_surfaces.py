"""Lab 3: surfaces with valleys, and a ball that rolls down on them."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from . import pictures, plots
from .plots import Axes
from .student import StudentFunction
from .widgets import Choice, Controls, Slider, explore

Height = tuple[Any, tuple[Any, Any]]  # of a surface at a point or at many, and the gradient

# A way down the surface "two valleys", every second of its steps.
PICTURED = (
    (0, 1.35),
    (-0.05, 1.03),
    (-0.12, 0.79),
    (-0.23, 0.6),
    (-0.38, 0.46),
    (-0.58, 0.35),
    (-0.78, 0.27),
    (-0.94, 0.2),
    (-1.01, 0.16),
    (-1.04, 0.12),
    (-1.05, 0.09),
)
OPTIMISERS = ("plain", "momentum", "Adam")
ROLLED = 60


def _bowl(x: Any, y: Any) -> Height:
    return x**2 + y**2, (2 * x, 2 * y)


def _ravine(x: Any, y: Any) -> Height:
    return 0.01 * x**2 + 1.5 * y**2, (0.02 * x, 3 * y)


def two_valleys(x: Any, y: Any) -> Height:
    """Return height and gradient of a surface with a shallow valley and a deep one."""
    return 0.6 * (x**2 - 1) ** 2 + 0.25 * x + 0.7 * y**2, (2.4 * x * (x**2 - 1) + 0.25, 1.4 * y)


def _plateau(x: Any, y: Any) -> Height:
    hill = np.exp(-(x**2 + 1.4 * y**2) / 0.9)
    return 1.2 - 1.2 * hill, (2.4 / 0.9 * x * hill, 3.36 / 0.9 * y * hill)


# name: function (x, y) to (height, gradient), limits of the map, start
SURFACES: dict[str, tuple[Callable[[Any, Any], Height], tuple, tuple[float, float]]] = {
    "bowl": (_bowl, ((-2, 2), (-2, 2)), (-1.6, 1.3)),
    "ravine": (_ravine, ((-5, 5), (-2, 2)), (-4.4, 0.8)),
    "two valleys": (two_valleys, ((-1.9, 1.9), (-1.5, 1.5)), (1.65, 1.1)),
    "plateau": (_plateau, ((-2.5, 2.5), (-2, 2)), (-2.1, 1.1)),
}


def landscape() -> None:
    """Show a loss surface in three dimensions, with a ball on its way down."""
    with plots.style():
        figure = plots.blank(7.6, 4.5)
        ax = figure.add_axes((-0.02, -0.1, 1.04, 1.3), projection="3d", computed_zorder=False)
        x, y = np.meshgrid(np.linspace(-1.6, 1.55, 120), np.linspace(-1.4, 1.4, 120))
        heights = two_valleys(x, y)[0]
        shades = ((heights - heights.min()) / np.ptp(heights)) ** 0.5
        ax.plot_surface(
            x,
            y,
            heights,
            facecolors=land_colours()(shades),
            rstride=1,
            cstride=1,
            linewidth=0,
            antialiased=False,
            shade=False,
            zorder=1,
        )
        ax.contour(
            x,
            y,
            heights,
            levels=np.linspace(-0.2, 2.6, 15),
            colors="white",
            linewidths=0.8,
            linestyles="solid",
            zorder=2,
        )
        px, py = np.array(PICTURED).T
        pz = two_valleys(px, py)[0] + 0.05
        ax.plot(px, py, pz, color=plots.BLACK, linewidth=2, zorder=4)
        ax.plot(px, py, pz, "o", color=plots.ORANGE, markeredgecolor="black", markersize=6, zorder=5)
        ax.plot(
            px[-1:],
            py[-1:],
            pz[-1:] + 0.1,
            "o",
            color=plots.VERMILLION,
            markeredgecolor="black",
            markersize=17,
            zorder=6,
        )
        ax.set(zlim=(-0.5, 3.2), xticks=[], yticks=[], zticks=[])
        ax.set_xlabel("weight $w_1$", labelpad=-8)
        ax.set_ylabel("weight $w_2$", labelpad=-8)
        ax.set_zlabel("loss", labelpad=-8)
        ax.view_init(elev=42, azim=-70)
        ax.set_box_aspect((1.3, 1.0, 0.62), zoom=0.92)
        for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
            axis.set_pane_color((1, 1, 1, 0))
        words = (
            "A loss surface over two weights, as a landscape with two valleys: a ball has rolled from the pass between "
            "them into the deeper one."
        )
        pictures.show(figure, words)


def ball(descent_step: Callable, momentum_step: Callable, adam_step: Callable) -> None:
    """Let a ball descend a surface of the reader's choosing, moved by the student's own optimisers."""
    with plots.style():
        figure = plots.blank(plots.WIDTH, 4.6)
        plane, curve = figure.add_axes((0.075, 0.13, 0.445, 0.74)), figure.add_axes((0.61, 0.13, 0.37, 0.74))

    @cache
    def rolled(surface: str, optimiser: str, rate: float, beta: float) -> np.ndarray:
        return roll(surface, optimiser, rate, beta, descent_step, momentum_step, adam_step)

    @cache
    def land(surface: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        function, limits, _ = SURFACES[surface]
        x, y = np.meshgrid(*(np.linspace(low, high, 141) for low, high in limits))
        return x, y, function(x, y)[0]

    def draw(step: int, rate: float, beta: float, surface: str, optimiser: str) -> None:
        function, limits, start = SURFACES[surface]
        path = rolled(surface, optimiser, rate, beta)
        with np.errstate(all="ignore"):
            heights = np.nan_to_num(function(*path.T)[0], nan=1e9, posinf=1e9)
        x, y, land_heights = land(surface)
        shade_landscape(plane, x, y, land_heights, levels=12)
        plane.set(xlabel="$w_1$", ylabel="$w_2$")
        plane.plot(*path[: step + 1].T, color=plots.BLACK, linewidth=1.6, zorder=3, scalex=False, scaley=False)
        plane.plot(*start, "o", color="white", markeredgecolor="black", markersize=8, zorder=4)
        draw_ball(plane, path[step])
        lowest = min(land_heights.min(), heights.min())
        top = 1.15 * (heights[0] - lowest)
        loss_axes(curve, ROLLED, top, "height above the lowest point")
        draw_losses(curve, np.minimum(heights - lowest, 10 * top), step)
        curve.set_ylim(0, top)
        outside = any(not low <= value <= high for value, (low, high) in zip(path[step], limits))
        place = "the ball has left the map" if outside else f"height {heights[step] - lowest:.4f}"
        figure.text(0.075, 0.93, f"Step {step}, {optimiser}: {place}", fontsize=13)

    controls: Controls = {
        "step": Slider("step", 0, ROLLED, 1, 20),
        "rate": Slider("rate η", 0.01, 1.2, 0.01, 0.1),
        "beta": Slider("momentum β", 0.0, 0.99, 0.01, 0.9),
    }
    choices: Controls = {
        "surface": Choice("surface", tuple(SURFACES), "ravine"),
        "optimiser": Choice("optimiser", OPTIMISERS, "momentum"),
    }
    start = {name: control.start for name, control in {**controls, **choices}.items()}
    explore(figure, draw, [controls, choices], play=150, picture_at={**start, "step": ROLLED}, preview="ball")


def roll(
    surface: str,
    optimiser: str,
    rate: float,
    beta: float,
    descent_step: Callable,
    momentum_step: Callable,
    adam_step: Callable,
) -> np.ndarray:
    """Return the places of the ball before the first step and after each one, shape (ROLLED + 1, 2)."""
    function, _, start = SURFACES[surface]
    ask, names, settings = {
        "plain": (StudentFunction(descent_step, "descent_step"), "w", lambda t: (rate,)),
        "momentum": (StudentFunction(momentum_step, "momentum_step"), "w, velocity", lambda t: (rate, beta)),
        "Adam": (StudentFunction(adam_step, "adam_step"), "w, m, v", lambda t: (t, rate, beta, 0.999, 1e-8)),
    }[optimiser]
    state = [np.array(start, dtype=float), *np.zeros((names.count(","), 2))]
    gradient = np.array(function(*start)[1])
    _must_be_state(ask, ask(state[0], gradient, *state[1:], *settings(1)), names)

    def steps(state: list[np.ndarray]) -> np.ndarray:
        path: list[Any] = [start]
        for t in range(1, ROLLED + 1):
            if np.all(np.abs(state[0]) < 1e6):
                result = ask.function(state[0], np.array(function(*state[0])[1]), *state[1:], *settings(t))
                state = [np.array(part, dtype=float) for part in (result if len(state) > 1 else [result])]
            path.append(state[0])
        return np.array(path)

    return StudentFunction(steps, ask.exercise)(state)


def _must_be_state(ask: StudentFunction, result: Any, names: str) -> None:
    """Raise a Problem unless an optimiser's result holds two finite numbers for each of its names."""
    parts = ask.parts([result] if "," not in names else result, names)
    for part, name in zip(parts, names.split(", ")):
        if not np.all(np.isfinite(ask.numbers(part, (2,), name))):
            raise ask.broken(f"{name} holds NaN or infinity.")


def shade_landscape(ax: Axes, x: np.ndarray, y: np.ndarray, heights: np.ndarray, levels: int) -> None:
    """Shade a landscape by its height, deep blue at the bottom, and light it from one side.

    Args:
        x, y, heights: of the points of a grid, each of shape (rows, columns).
        levels: number of lines of equal height.
    """
    from matplotlib.colors import LightSource

    low, high = np.min(heights), np.max(heights)
    shades = ((heights - low) / (high - low)) ** 0.5  # more colours near the bottom, where the paths end
    colours = land_colours()(shades)[..., :3]
    lit = LightSource(azdeg=315, altdeg=55).shade_rgb(colours, shades, vert_exag=9, blend_mode="soft")
    extent = (x.min(), x.max(), y.min(), y.max())
    ax.imshow(0.75 * colours + 0.25 * lit, extent=extent, origin="lower", aspect="auto", interpolation="bilinear",
              zorder=0)  # fmt: skip
    ax.contour(x, y, shades, levels=np.linspace(0.04, 0.96, levels), colors="white", linewidths=0.7, alpha=0.6,
               zorder=1)  # fmt: skip
    ax.set(xlim=extent[:2], ylim=extent[2:])


def land_colours() -> Any:
    """Return the colour map of a landscape: blue valleys, pale heights."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("land", ["#0B4F7D", "#3B8DBD", "#9CCBE3", "#E9F1E4", "#FBF7E6"], N=256)


def draw_ball(ax: Axes, place: Sequence[float] | np.ndarray) -> None:
    """Draw a ball with its highlight at a place."""
    ax.plot(
        *place,
        "o",
        color=plots.VERMILLION,
        markersize=14,
        markeredgecolor="black",
        markeredgewidth=1.2,
        zorder=6,
        scalex=False,
        scaley=False,
    )
    dx, dy = (0.004 * (high - low) for low, high in (ax.get_xlim(), ax.get_ylim()))
    ax.plot(
        place[0] - dx,
        place[1] + 2.2 * dy,
        "o",
        color="white",
        markersize=3.6,
        alpha=0.85,
        zorder=7,
        scalex=False,
        scaley=False,
    )


def loss_axes(ax: Axes, steps: int, top: float = 2.6, label: str = "loss") -> None:
    """Prepare the Axes for a loss that is followed over so many steps."""
    ax.set(xlim=(0, steps), ylim=(0, top), xlabel="step", ylabel=label)
    ax.grid(axis="y", color="#E4E4E4", linewidth=0.8)
    ax.set_axisbelow(True)


def draw_losses(ax: Axes, losses: np.ndarray, upto: int) -> None:
    """Draw the loss of each step, in colour up to one of them, which is marked."""
    steps = np.arange(len(losses))
    ax.plot(steps, losses, color="#C8C8C8", linewidth=1.4)
    ax.plot(steps[: upto + 1], losses[: upto + 1], color=plots.BLUE)
    ax.plot(upto, losses[upto], "o", color=plots.VERMILLION, markersize=9, markeredgecolor="black", clip_on=False)
