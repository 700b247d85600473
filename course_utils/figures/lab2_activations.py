"""Lab 2: what depth is worth without an activation, the curves and their slopes, the gradient in a deep stack."""

from functools import cache

import numpy as np

from ..frameworks import Missing
from . import plots
from .widgets import Choice, Problem, Slider, Student, explore

COLOURS = (plots.BLUE, plots.GREEN, plots.VERMILLION, plots.PURPLE)
DEEPEST, UNITS, SAMPLES = 30, 32, 64  # of the stack whose gradient is measured
SUPERSCRIPT = str.maketrans("-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
LIMITS = {"sigmoid": (-0.15, 1.15), "tanh": (-1.3, 1.3), "ReLU": (-0.6, 4.2), "leaky ReLU": (-0.6, 4.2)}


def curves():
    """Return a mapping from the names of the four curves to their points (inputs, outputs).

    The smooth ones are found from their outputs, backwards; the others are two straight lines each.
    """
    shares = np.linspace(-1, 1, 4003)[1:-1]
    return {
        "sigmoid": (np.log((1 + shares) / (1 - shares)), (1 + shares) / 2),
        "tanh": (np.arctanh(shares), shares),
        "ReLU": ([-4, 0, 4], [0, 0, 4]),
        "leaky ReLU": ([-4, 0, 4], [-0.4, 0, 4]),
    }


def activation_gallery():
    """Show the four curves of the lab side by side."""
    with plots.picture(columns=len(LIMITS), width=11, height=2.7) as axes:
        for ax, (name, points), colour in zip(axes, curves().items(), COLOURS):
            _cross(ax)
            ax.plot(*points, color=colour)
            limits = LIMITS[name]
            ax.set(title=name, ylim=limits, xlim=(-4, 4), xticks=[-4, 0, 4], yticks=[0, 1] if limits[1] < 2 else [0, 4])
        axes[1].set_yticks([-1, 0, 1])


def ring():
    """Return a disc inside a ring, 100 points each: X of shape (200, 2), and y, 1 in the ring."""
    random = np.random.RandomState(0)
    y = np.arange(200) % 2
    radius = np.where(y == 0, np.sqrt(random.rand(200)), 1.7 + 0.8 * random.rand(200))
    angle = np.pi * (3 - np.sqrt(5)) * np.arange(200)  # the golden angle spreads them evenly
    return radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), y


def _trained(activation, hidden):
    """Return a network that scikit-learn has trained on the ring, which takes it a few milliseconds."""
    try:
        from sklearn.neural_network import MLPClassifier
    except ImportError as error:
        raise Problem("This figure needs scikit-learn", "Install it with: pip install scikit-learn") from error
    X, y = ring()
    network = MLPClassifier(hidden, activation=activation, solver="lbfgs", random_state=0, max_iter=300)
    return network.fit(X, y)


def linear_stack(fold_layers):
    """Compare a stack of linear layers, folded by the student's `fold_layers`, with one hidden layer of sigmoids."""
    X, y = ring()
    with plots.style():
        figure = plots.blank(10.2, 5.0)
        left, right = figure.add_axes((0.05, 0.08, 0.42, 0.76)), figure.add_axes((0.55, 0.08, 0.42, 0.76))
        for ax in (left, right):
            plots.frame(ax, X, margin=0.08, square=True)
            plots.points(ax, X, y)
            ax.set(xticks=[-2, 0, 2], yticks=[-2, 0, 2])
    ask = Student(fold_layers, "fold_layers")

    @cache
    def prepared():
        """Train every network that the sliders can ask for, so that no move has to wait."""
        return {
            **{("linear", depth): _trained("identity", (4,) * (depth - 1)) for depth in range(1, 7)},
            **{("sigmoid", units): _trained("logistic", (units,)) for units in range(1, 9)},
        }

    @cache
    def folded(depth):
        network = prepared()["linear", depth]
        answer = ask([each.copy() for each in network.coefs_], [each.copy() for each in network.intercepts_])
        if not isinstance(answer, tuple | list) or len(answer) != 2:
            raise ask.broken(f"It returned {type(answer).__name__}, where (W, b) was expected.")
        if any(part is None or part is Ellipsis for part in answer):
            raise ask.unfinished()
        layers = f"{depth} layer{'s' * (depth != 1)}"
        return ask.numbers(answer[0], (2, 1), f"W of {layers}"), ask.numbers(answer[1], (1,), f"b of {layers}")

    def draw(depth, units):
        W, b = folded(depth)
        plots.line(left, W[:, 0], b[0], sides=True, arrow=False)
        said = (X @ W + b)[:, 0] > 0
        plots.ring(left, X[said != (y == 1)])
        figure.text(
            0.05,
            0.93,
            f"{depth} linear layer{'s' * (depth != 1)}, folded: {np.mean(said == (y == 1)):.0%} right",
            fontsize=13,
        )
        network = prepared()["sigmoid", units]
        plots.decision_regions(right, lambda x: network.predict_proba(x)[:, 1])
        wrong = network.predict(X) != y
        plots.ring(right, X[wrong])
        figure.text(
            0.55,
            0.93,
            f"One hidden layer, {units} sigmoid{'s' * (units != 1)}: {1 - wrong.mean():.0%} right",
            fontsize=13,
        )

    explore(
        figure,
        draw,
        [{"depth": Slider("layers", 1, 6, 1, 1)}, {"units": Slider("sigmoids", 1, 8, 1, 1)}],
        picture_at={"depth": 6, "units": 4},
    )


def activation(pairs):
    """Drag a point along an activation and see its slope, beside the derivative; both are the student's functions.

    Args:
        pairs: mapping from names to (function, derivative), such as {"sigmoid": (sigmoid, d_sigmoid)}.
    """
    span = np.linspace(-6, 6, 481)
    with plots.style():
        figure = plots.blank(10.2, 4.2)
        left, right = figure.add_axes((0.06, 0.13, 0.42, 0.68)), figure.add_axes((0.56, 0.13, 0.42, 0.68))
        for ax, title in ((left, "the function"), (right, "its derivative")):
            _cross(ax)
            ax.set(xlim=(-6, 6), xticks=range(-6, 7, 2), xlabel="$z$", title=title)
        right.set(ylim=(-0.12, 1.19), yticks=[0, 0.25, 0.5, 0.75, 1])

    @cache
    def curves(name):
        function, derivative = pairs[name]
        ask, ask_slope = Student(function, name, f"{name}_numpy"), Student(derivative, f"d_{name}", "derivatives")
        question = f"{len(span)} inputs"
        values = ask.numbers(ask(span), span.shape, question)
        return values, ask_slope.numbers(ask_slope(span), span.shape, question)

    def draw(name, z):
        values, slopes = curves(name)
        here = int(np.argmin(np.abs(span - z)))
        value, slope, colour = values[here], slopes[here], COLOURS[list(pairs).index(name) % len(COLOURS)]
        low, high = (-1.3, 1.3) if np.max(np.abs(values)) <= 1.2 else (-2, 6.2)
        left.set(ylim=(low, high), yticks=[-1, 0, 1] if high < 2 else [-2, 0, 2, 4, 6])
        left.plot(span, values, color=colour)
        reach = min(2.2, 0.55 * (high - low) / max(abs(slope), 1e-9))
        left.plot([z - reach, z + reach], [value - slope * reach, value + slope * reach], color=plots.BLACK,
                  linewidth=1.6, linestyle=(0, (4, 2)), scalex=False, scaley=False)  # fmt: skip
        right.plot(span, slopes, color=colour)
        for ax, height in ((left, value), (right, slope)):
            ax.plot([z], [height], "o", color=plots.BLACK, markersize=9, markeredgecolor="white", zorder=5)
        right.plot([z, z], [0, slope], color=plots.BLACK, linewidth=1.2, linestyle=":")
        figure.text(0.06, 0.93, f"{name}({z:.1f}) = {value:.3f}", fontsize=13)
        figure.text(0.56, 0.93, f"slope {slope:.3f}", fontsize=13)

    names = tuple(pairs)
    controls = {"name": Choice("", names, names[0]), "z": Slider("z", -6.0, 6.0, 0.1, 1.0)}
    explore(figure, draw, [controls])


def compare_derivatives(witness, pairs):
    """Print how far the student's derivatives lie from what a witness says, for each activation.

    Args:
        witness: `finite_difference`, `autograd_torch` or `autograd_tf`: a function (f, z) that returns slopes.
        pairs: mapping from names to (function, derivative).
    """
    z = np.linspace(-4, 4, 100)  # without 0, where a ReLU has no slope
    said = Student(witness, getattr(witness, "__name__", "witness"))
    for name, (function, derivative) in pairs.items():
        ask = Student(derivative, f"d_{name}", "derivatives")
        try:
            mine = ask.numbers(ask(z), z.shape, f"{len(z)} inputs")
            answer = said(function, z)
            theirs = None if answer is Missing else said.numbers(answer, z.shape, f"{len(z)} inputs")
        except Problem as problem:
            finish = f"finish {getattr(function, '__name__', name)} and {said.exercise} first"
            print(f"{name:<12} {finish if problem.title.startswith(said.exercise) else problem.title}")
            continue
        apart = np.inf if theirs is None else np.max(np.abs(mine - theirs))
        verdict = f"{'agrees' if apart < 1e-6 else 'differs'}: largest difference {apart:.0e}"
        print(f"{name:<12} {'(not installed)' if theirs is None else verdict}")


@cache
def stack():
    """Return the inputs and the weights, of size 1 over the root of their number, that every stack begins with."""
    random = np.random.RandomState(0)
    x = random.randn(SAMPLES, UNITS)
    return x, [random.randn(UNITS, UNITS) / np.sqrt(UNITS) for _ in range(DEEPEST)]


def gradient_bars(gradient_sizes, pairs):
    """Change activation, depth and weights of a stack; bars show the gradient that the student's function measures.

    Args:
        pairs: mapping from names to (function, derivative).
    """
    low, high = 1e-18, 1e8
    with plots.style():
        figure = plots.blank(10.2, 4.4)
        ax = figure.add_axes((0.09, 0.14, 0.88, 0.71))
        ax.set(yscale="log", ylim=(low, high), xlabel="layer", ylabel="size of the gradient")
        ax.set_yticks([10.0**power for power in range(-18, 9, 2)], minor=False)
        ax.set_yticklabels([f"$10^{{{power}}}$" if power % 4 == 0 else "" for power in range(-18, 9, 2)])
        ax.minorticks_off()
        ax.grid(axis="y", color="#E4E4E4", linewidth=0.8)
        ax.set_axisbelow(True)
        ax.axhline(1, color=plots.GREY, linewidth=1)
    ask = Student(gradient_sizes, "gradient_sizes")

    @cache
    def measured(name, depth, scale):
        x, weights = stack()
        function, derivative = pairs[name]
        for each, exercise, check in ((function, name, f"{name}_numpy"), (derivative, f"d_{name}", "derivatives")):
            student = Student(each, exercise, check)
            student.numbers(student(x[:2]), x[:2].shape, "a batch of 2 inputs")
        answer = ask(x.copy(), [scale * W for W in weights[:depth]], function, derivative)
        return ask.numbers(answer, (depth,), f"a stack of {depth} layers")

    def draw(name, depth, scale):
        sizes = np.nan_to_num(measured(name, depth, scale), nan=0.0, posinf=high)
        colour = COLOURS[list(pairs).index(name) % len(COLOURS)]
        layers = np.arange(1, depth + 1)
        ax.bar(layers, np.clip(sizes, low, high) - low, bottom=low, width=0.78, color=colour)
        ax.set(xlim=(0.3, depth + 0.7), xticks=layers if depth <= 20 else layers[::2])
        figure.text(
            0.09,
            0.93,
            f"{name}, {depth} layers, weights of size {scale:.1f}: "
            f"the first layer gets {_times(sizes[0], sizes[-1])} the last one gets",
            fontsize=13,
        )

    names = tuple(pairs)
    controls = {
        "name": Choice("", names, names[0]),
        "depth": Slider("layers", 2, DEEPEST, 1, 20),
        "scale": Slider("weights", 0.5, 3.0, 0.1, 1.0),
    }
    explore(figure, draw, [controls])


def _times(first, last):
    """Say what share of the last layer's gradient the first layer gets."""
    if not (first > 0 and last > 0):
        return "nothing of what"
    ratio = first / last
    if 0.01 <= ratio < 100:
        return f"{ratio:.2g} times what"
    digit, power = f"{ratio:.0e}".split("e")
    return f"{digit} \N{MULTIPLICATION SIGN} 10{str(int(power)).translate(SUPERSCRIPT)} of what"


def layer():
    """Return a layer of 40 units and 60 samples for it: x, W and b, all biases 0."""
    random = np.random.RandomState(1)
    return random.randn(60, 8), random.randn(8, 40) / np.sqrt(8), np.zeros(40)


def dying_relus(dead_relus):
    """Lower the bias of a layer of ReLUs and see which units the student's `dead_relus` finds dead."""
    x, W, b = layer()
    with plots.style():
        figure = plots.blank(10.2, 4.6)
        ax = figure.add_axes((0.07, 0.16, 0.91, 0.68))
        ax.set(
            xlim=(-0.5, 39.5),
            ylim=(59.5, -3.5),
            xlabel="unit",
            ylabel="sample",
            xticks=range(0, 40, 5),
            yticks=[0, 20, 40, 59],
        )
        ax.spines[:].set_visible(False)
        ax.vlines(np.arange(0.5, 39), -0.5, 59.5, color="white", linewidth=1.5, zorder=2)
    ask = Student(dead_relus, "dead_relus")

    def draw(bias):
        from matplotlib.colors import LinearSegmentedColormap

        answer = ask(x, W, b + bias)
        if not isinstance(answer, tuple | list) or len(answer) != 2:
            raise ask.broken(f"It returned {type(answer).__name__}, where (dead, count) was expected.")
        if any(part is None or part is Ellipsis for part in answer):
            raise ask.unfinished()
        dead = ask.numbers(answer[0], (40,), "a layer of 40 units") > 0.5
        count = float(ask.numbers(answer[1], (), "the count of a layer of 40 units"))
        shades = LinearSegmentedColormap.from_list("outputs", ["#F2F2F2", "#F2F2F2", plots.SKY, plots.BLUE])
        sums = x @ W + b + bias
        ax.imshow(np.where(sums > 0, sums + 1.2, 0), cmap=shades, vmin=0, vmax=3.6, aspect="auto",
                  extent=(-0.5, 39.5, 59.5, -0.5), interpolation="nearest", zorder=1)  # fmt: skip
        ax.plot(np.flatnonzero(dead), np.full(dead.sum(), -2.0), "x", color=plots.VERMILLION, markersize=7,
                markeredgewidth=2.2, clip_on=False, scalex=False, scaley=False)  # fmt: skip
        figure.text(0.07, 0.93, f"bias {bias:.1f}: your function finds {count:.0f} of 40 units dead", fontsize=13)

    explore(figure, draw, [{"bias": Slider("bias", -5.0, 1.0, 0.1, 0.0)}], picture_at={"bias": -2.5})


def _cross(ax):
    """Draw the two axes of a curve."""
    ax.axhline(0, color="#C8C8C8", linewidth=1)
    ax.axvline(0, color="#C8C8C8", linewidth=1)
