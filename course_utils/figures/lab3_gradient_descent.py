"""Lab 3: paths on a loss surface, batches of different sizes, training in a framework, schedules, a rolling ball.

Each explorer shows itself, so a cell needs no more than the call. What explorers share is in `widgets`.
"""

import time
from functools import cache

import numpy as np

from .. import datasets, training
from . import plots
from .widgets import Choice, Slider, Student, explore

START = (-2.0, 3.0)  # the (w, b) from which every path on the neuron's loss surface sets out
MAP = ((-4.0, 6.0), (-4.5, 5.5))


def one_feature():
    """Irises that overlap: sepal lengths of 50 versicolor (0) and 50 virginica (1), mean 0 and standard deviation 1."""
    flowers = datasets.iris_pair("versicolor", "virginica", ("sepal length", "petal width"))
    X = flowers.X[:, :1]
    return (X - X.mean()) / X.std(), flowers.y.astype(float)


def neuron_loss(X, y, w, b):
    """The mean cross-entropy of neurons with one weight, for arrays w and b of the same shape."""
    z = np.multiply.outer(X[:, 0], w) + b
    return -np.mean(_log_probability(z, y.reshape(-1, *[1] * np.ndim(w))), axis=0)


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


def landscape():
    """Show a loss surface in three dimensions, with a ball on its way down."""
    with plots.style():
        figure = plots.blank(7.6, 4.5)
        ax = figure.add_axes((-0.02, -0.1, 1.04, 1.3), projection="3d", computed_zorder=False)
        x, y = np.meshgrid(np.linspace(-1.6, 1.55, 120), np.linspace(-1.4, 1.4, 120))
        heights = _two_valleys(x, y)[0]
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
        pz = _two_valleys(px, py)[0] + 0.05
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
        plots.show(figure)


def descent_path(neuron_gradient, descent_step, *, steps=40):
    """See the path of the student's descent on the loss surface of a neuron, for a learning rate of the reader's."""
    X, y = one_feature()
    with plots.style():
        figure = plots.blank(10.2, 4.6)
        plane, curve = figure.add_axes((0.07, 0.13, 0.42, 0.74)), figure.add_axes((0.59, 0.13, 0.39, 0.74))
        _neuron_surface(plane, X, y)
        _loss_axes(curve, steps)

    @cache
    def walk(rate):
        return _walk(neuron_gradient, descent_step, X, y, rate, steps)

    def draw(step, rate):
        path = walk(rate)
        losses = neuron_loss(X, y, *path.T)
        _path(plane, path[: step + 1])
        _losses(curve, losses, step)
        figure.text(
            0.07,
            0.93,
            f"Step {step}: $w$ = {path[step, 0]:.2f}, $b$ = {path[step, 1]:.2f}, loss {losses[step]:.3f}",
            fontsize=13,
        )

    controls = {"step": Slider("step", 0, steps, 1, 0), "rate": Slider("rate η", 0.2, 30.0, 0.2, 1.0)}
    explore(figure, draw, [controls], play=250, picture_at={"step": steps, "rate": 1.0})


def learning_rates(neuron_gradient, descent_step, rates=(0.1, 3, 20), *, steps=20):
    """Show three descents side by side: a learning rate that is too small, one that is right, one that is too large."""
    X, y = one_feature()
    with plots.style():
        figure = plots.blank(11.4, 4.4)
        axes = [figure.add_axes((0.055 + 0.325 * column, 0.13, 0.285, 0.68)) for column in range(3)]
        for ax in axes:
            _neuron_surface(ax, X, y)
        for ax in axes[1:]:
            ax.set_ylabel("")

    def draw():
        for ax, rate, words in zip(axes, rates, ("too small", "about right", "too large")):
            path = _walk(neuron_gradient, descent_step, X, y, rate, steps)
            _path(ax, path)
            left = ax.get_position().x0
            figure.text(left, 0.92, f"η = {rate:g}: {words}", fontsize=13, fontweight="bold")
            figure.text(left, 0.85, f"loss after {steps} steps: {neuron_loss(X, y, *path[-1]):.2f}")

    explore(figure, draw, [])


def _neuron_surface(ax, X, y):
    """Draw the loss of a neuron with one weight, as a map with lines of equal loss."""
    w, b = np.meshgrid(np.linspace(*MAP[0], 90), np.linspace(*MAP[1], 90))
    _landscape(ax, w, b, neuron_loss(X, y, w, b), levels=14)
    ax.set(xlabel="weight $w$", ylabel="bias $b$")


def _landscape(ax, x, y, heights, levels):
    """Shade a landscape by its height, deep blue at the bottom, and light it from one side."""
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


def land_colours():
    """The colour map of a landscape: blue valleys, pale heights."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("land", ["#0B4F7D", "#3B8DBD", "#9CCBE3", "#E9F1E4", "#FBF7E6"], N=256)


def _walk(neuron_gradient, descent_step, X, y, rate, steps):
    """The (w, b) before the first step and after each one, shape (steps + 1, 2)."""
    return neuron_path(neuron_gradient, descent_step, [(X, y, rate)] * steps)


def neuron_path(neuron_gradient, descent_step, plan):
    """The (w, b) of a neuron before the first step and after each one, shape (steps + 1, 2).

    Args:
        plan: for each step the inputs, the labels and the learning rate.
    """
    slope, step = Student(neuron_gradient, "neuron_gradient"), Student(descent_step, "descent_step")
    w, b = np.array(START[:1]), np.array(START[1])
    X, y, rate = plan[0]
    dw, db = _pair(slope, slope(X, y, w, float(b)))
    step.numbers(step(w, dw, rate), (1,), "a parameter of shape (1,)")
    step.numbers(step(b, db, rate), (), "a single number")

    def walk():
        parameters, path = [w, b], [START]
        for inputs, labels, rate in plan:
            slopes = neuron_gradient(inputs.copy(), labels.copy(), parameters[0], float(parameters[1]))
            parameters = [
                np.array(descent_step(value, np.asarray(each, dtype=float), rate), dtype=float)
                for value, each in zip(parameters, slopes)
            ]
            path.append((parameters[0].item(), parameters[1].item()))
        return np.clip(path, -1e6, 1e6)

    return Student(walk, "neuron_gradient")()


def _pair(slope, answer):
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        raise slope.broken(f"It returned {type(answer).__name__}, where (dw, db) was expected.")
    if any(part is None or part is Ellipsis for part in answer):
        raise slope.unfinished()
    return slope.numbers(answer[0], (1,), "dw of one feature"), slope.numbers(answer[1], (), "db")


def _path(ax, path):
    """Draw a path with its steps, and a ball where it ends."""
    ax.plot(*path.T, color=plots.BLACK, linewidth=1.4, zorder=3, scalex=False, scaley=False)
    ax.plot(
        *path.T,
        "o",
        color=plots.ORANGE,
        markersize=5,
        markeredgecolor="black",
        markeredgewidth=0.6,
        zorder=4,
        scalex=False,
        scaley=False,
    )
    _ball(ax, path[-1])


def _ball(ax, place):
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


def _loss_axes(ax, steps, top=2.6, label="loss"):
    ax.set(xlim=(0, steps), ylim=(0, top), xlabel="step", ylabel=label)
    ax.grid(axis="y", color="#E4E4E4", linewidth=0.8)
    ax.set_axisbelow(True)


def _losses(ax, losses, upto):
    steps = np.arange(len(losses))
    ax.plot(steps, losses, color="#C8C8C8", linewidth=1.4)
    ax.plot(steps[: upto + 1], losses[: upto + 1], color=plots.BLUE)
    ax.plot(upto, losses[upto], "o", color=plots.VERMILLION, markersize=9, markeredgecolor="black", clip_on=False)


# Batches of different sizes

EPOCHS, BATCH_RATE = 40, 0.5
BATCH_COLOURS = (plots.ORANGE, plots.BLUE, plots.GREEN)


def batch_sizes(backprop, descent_step, minibatches, X, y, sizes=(1, 16, 200)):
    """Train a network with batches of three sizes by the student's functions, each sample used equally often.

    Args:
        X, y: shapes (n_samples, 2) and (n_samples, 1).
    """
    with plots.style():
        figure = plots.blank(10.4, 4.5)
        plane, curve = figure.add_axes((0.06, 0.14, 0.37, 0.71)), figure.add_axes((0.53, 0.14, 0.45, 0.71))
        plots.frame(plane, X, margin=0.08, square=True)
        plots.points(plane, X, y, size=26)
        plane.set(xlabel="$x_1$", ylabel="$x_2$")
        curve.set(xlim=(0, EPOCHS), ylim=(0, 1.0), xlabel="epoch", ylabel="loss on all samples")
    names = dict(zip(("single samples", "mini-batches", "full batch"), sizes))

    @cache
    def runs():
        _ask_once(backprop, descent_step, minibatches, X, y)
        together = Student(
            lambda: {size: list(_epochs(backprop, descent_step, minibatches, X, y, size)) for size in sizes}, "backprop"
        )
        return together()

    def draw(epoch, batches):
        snapshots = runs()[names[batches]]
        plots.decision_regions(plane, lambda x: _sigmoid(network_logits(x, *snapshots[epoch])))
        for (name, size), colour in zip(names.items(), BATCH_COLOURS):
            losses = [network_loss(X, y, *weights) for weights in runs()[size]]
            chosen = name == batches
            curve.plot(
                np.arange(epoch + 1),
                losses[: epoch + 1],
                color=colour,
                linewidth=3.2 if chosen else 1.8,
                zorder=4 if chosen else 3,
                label=f"{name} ({_count(-(-len(X) // size))} an epoch)",
            )
            curve.plot(epoch, losses[epoch], "o", color=colour, clip_on=False, zorder=5)
        curve.legend(loc="upper right", bbox_to_anchor=(1.02, 1.22), ncols=1)
        right = np.mean((network_logits(X, *snapshots[epoch]) > 0) == (y > 0.5))
        figure.text(0.06, 0.93, f"Epoch {epoch}, {batches}: {right:.1%} right", fontsize=13)

    controls = {"epoch": Slider("epoch", 0, EPOCHS, 1, 0), "batches": Choice("", tuple(names), "mini-batches")}
    explore(figure, draw, [controls], play=200, picture_at={"epoch": EPOCHS, "batches": "mini-batches"})


def _count(steps):
    return f"{steps} step{'s' * (steps != 1)}"


def _sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def network_logits(X, W1, b1, W2, b2):
    """The logits of a network with one hidden layer of tanh."""
    return np.tanh(X @ W1 + b1) @ W2 + b2


def network_loss(X, y, *weights):
    """The mean cross-entropy of such a network."""
    return -np.mean(_log_probability(network_logits(X, *weights), y))


def _log_probability(z, y):
    """The logarithm of the probability that a logit gives to its label, at least that of 1e-300."""
    return np.log(np.maximum(_sigmoid(np.where(y > 0.5, z, -z)), 1e-300))


def _ask_once(backprop, descent_step, minibatches, X, y):
    """Ask each function one question, so that the figure names the one that is not finished."""
    weights = training.start_weights()
    slope, step = Student(backprop, "backprop"), Student(descent_step, "descent_step")
    batches = Student(lambda *arguments: _listed(minibatches(*arguments)), "minibatches")
    answer = slope(X, y, *weights)
    if not isinstance(answer, tuple | list) or len(answer) != 4:
        raise slope.broken(f"It returned {type(answer).__name__}, where (dW1, db1, dW2, db2) was expected.")
    if any(part is None or part is Ellipsis for part in answer):
        raise slope.unfinished()
    for name, gradient, array in zip(("dW1", "db1", "dW2", "db2"), answer, weights):
        slope.numbers(gradient, array.shape, name)
        step.numbers(step(array, np.zeros_like(array), 0.1), array.shape, f"a parameter of shape {array.shape}")
    if not all(isinstance(batch, tuple | list) and len(batch) == 2 for batch in batches(X, y, 16, 0)):
        raise batches.broken("It did not give pairs (inputs, labels).")


def _listed(batches):
    return None if batches is None or batches is Ellipsis else list(batches)


def _epochs(backprop, descent_step, minibatches, X, y, size):
    """The network's weights before training and after each epoch."""
    weights = training.start_weights()
    yield weights
    for epoch in range(EPOCHS):
        for inputs, labels in minibatches(X.copy(), y.copy(), size, epoch):
            gradients = backprop(inputs, labels, *weights)
            weights = [descent_step(array, gradient, BATCH_RATE) for array, gradient in zip(weights, gradients)]
        yield weights


# Training in a framework


def watch_training(train, net, optimizer, batches, X, y, *, epochs=40, every=10):
    """Run the student's training loop, say every few epochs how far it is, and show the network and its losses.

    Args:
        train: `train_torch` or `train_tf`, called for `every` epochs at a time.
        batches: what the loop goes through once in each epoch.
    """
    if isinstance(net, type):  # the stand-in for a framework that is missing
        print("The framework of this cell is not installed here, so there is nothing to train.")
        return
    with plots.style():
        figure = plots.blank(10.4, 4.3)
        plane, curve = figure.add_axes((0.06, 0.14, 0.37, 0.73)), figure.add_axes((0.53, 0.14, 0.45, 0.73))
        plots.frame(plane, X, margin=0.08, square=True)
        plots.points(plane, X, y, size=26)
        plane.set(xlabel="$x_1$", ylabel="$x_2$")
    exercise = "training_loop_torch" if hasattr(net, "state_dict") else "training_loop_tensorflow"
    ask = Student(train, getattr(train, "__name__", "training_loop"), exercise)

    def draw():
        losses, begin = [], time.perf_counter()
        for _ in range(epochs // every):
            losses.extend(ask.numbers(ask(net, optimizer, batches, every), (every,), f"{every} epochs"))
            print(f"epoch {len(losses)} of {epochs}: loss {losses[-1]:.3f}, {time.perf_counter() - begin:.1f} s")
        plots.decision_regions(plane, lambda x: _sigmoid(training.logits(net, x)))
        curve.plot(np.arange(1, epochs + 1), losses, color=plots.BLUE)
        top = 1.08 * max(*losses, 0.1) if np.all(np.isfinite(losses)) else 1.0
        curve.set(xlim=(0, epochs), ylim=(0, top), xlabel="epoch", ylabel="mean loss of the batches")
        right = np.mean((training.logits(net, X) > 0) == (y > 0.5))
        figure.text(0.06, 0.93, f"After {epochs} epochs: {right:.1%} right, loss {losses[-1]:.3f}", fontsize=13)

    explore(figure, draw, [])


# Schedules

SCHEDULED_EPOCHS, SCHEDULED_SIZE, BASE = 15, 5, 3.0
RATE_COLOURS = {"constant": plots.BLACK, "step_decay": plots.ORANGE, "cosine_decay": plots.BLUE,
                "warm_up": plots.PURPLE}  # fmt: skip


def schedules(step_decay, cosine_decay, warm_up, neuron_gradient, descent_step, minibatches):
    """Draw the student's schedules, and how close to the best loss mini-batch descent comes with each of them."""
    X, y = one_feature()
    total = SCHEDULED_EPOCHS * len(X) // SCHEDULED_SIZE
    with plots.style():
        figure = plots.blank(10.4, 4.3)
        rates, gaps = figure.add_axes((0.07, 0.14, 0.39, 0.72)), figure.add_axes((0.57, 0.14, 0.41, 0.72))
        rates.set(xlim=(0, total), ylim=(0, 1.1 * BASE), xlabel="step $t$", ylabel="learning rate")
        gaps.set(xlim=(0, total), yscale="log", ylim=(2e-5, 2), xlabel="step $t$", ylabel="loss above the minimum")
    functions = {"step_decay": step_decay, "cosine_decay": cosine_decay, "warm_up": warm_up}

    def draw():
        given = {"constant": np.full(total, BASE)}
        for name, function in functions.items():
            ask = Student(function, name, "schedules")
            given[name] = np.array([ask.numbers(ask(t, total, BASE), (), "one step") for t in range(total)])
        best = best_loss(X, y)
        for name, rate in given.items():
            path = scheduled_path(neuron_gradient, descent_step, minibatches, rate)
            style = {"color": RATE_COLOURS[name], "label": name}
            if name == "constant":
                style.update(linestyle=(0, (3, 2)), linewidth=2, zorder=4)
            rates.plot(np.arange(total), rate, **style)
            gap = (neuron_loss(X, y, *path[1:].T) - best).reshape(SCHEDULED_EPOCHS, -1).mean(axis=1)
            gaps.plot((np.arange(SCHEDULED_EPOCHS) + 0.5) * total / SCHEDULED_EPOCHS, np.maximum(gap, 1e-9), **style)
        rates.legend(loc="upper right", bbox_to_anchor=(1.0, 0.86))
        figure.text(0.07, 0.93, "The learning rate of each step", fontsize=13)
        figure.text(0.57, 0.93, "The same descent, epoch by epoch", fontsize=13)

    explore(figure, draw, [])


def best_loss(X, y):
    """The smallest loss that a neuron with one weight can have: a map that closes in on its lowest point."""
    lowest, reach = np.zeros(2), 8.0
    for _ in range(50):
        w, b = (each.ravel() + centre for each, centre in zip(np.mgrid[-4:5, -4:5] * reach / 4, lowest))
        best = np.argmin(neuron_loss(X, y, w, b))
        lowest, reach = np.array([w[best], b[best]]), reach / 2
    return neuron_loss(X, y, *lowest)


def scheduled_path(neuron_gradient, descent_step, minibatches, rates):
    """The (w, b) of mini-batch descent with a learning rate for each step, shape (steps + 1, 2)."""
    X, y = one_feature()
    batches = Student(lambda *arguments: _listed(minibatches(*arguments)), "minibatches")
    pairs = [pair for epoch in range(SCHEDULED_EPOCHS) for pair in batches(X, y, SCHEDULED_SIZE, epoch)]
    if not all(isinstance(pair, tuple | list) and len(pair) == 2 for pair in pairs):
        raise batches.broken("It did not give pairs (inputs, labels).")
    return neuron_path(neuron_gradient, descent_step, [(*pair, rate) for pair, rate in zip(pairs, rates)])


# A ball that rolls


def _bowl(x, y):
    return x**2 + y**2, (2 * x, 2 * y)


def _ravine(x, y):
    return 0.05 * x**2 + 1.5 * y**2, (0.1 * x, 3 * y)


def _two_valleys(x, y):
    return 0.6 * (x**2 - 1) ** 2 + 0.25 * x + 0.7 * y**2, (2.4 * x * (x**2 - 1) + 0.25, 1.4 * y)


def _plateau(x, y):
    hill = np.exp(-(x**2 + 1.4 * y**2) / 0.9)
    return 1.2 - 1.2 * hill, (2.4 / 0.9 * x * hill, 3.36 / 0.9 * y * hill)


# name: function (x, y) to (height, gradient), limits of the map, start
SURFACES = {
    "bowl": (_bowl, ((-2, 2), (-2, 2)), (-1.6, 1.3)),
    "ravine": (_ravine, ((-5, 5), (-2, 2)), (-4.4, 1.2)),
    "two valleys": (_two_valleys, ((-1.9, 1.9), (-1.5, 1.5)), (1.65, 1.1)),
    "plateau": (_plateau, ((-2.5, 2.5), (-2, 2)), (-2.1, 1.1)),
}
OPTIMISERS = ("plain", "momentum", "Adam")
ROLLED = 60


def ball(descent_step, momentum_step, adam_step):
    """Let a ball descend a surface of the reader's choosing, moved by the student's own optimisers."""
    with plots.style():
        figure = plots.blank(10.4, 4.6)
        plane, curve = figure.add_axes((0.075, 0.13, 0.445, 0.74)), figure.add_axes((0.61, 0.13, 0.37, 0.74))

    @cache
    def rolled(surface, optimiser, rate, beta):
        return _roll(surface, optimiser, rate, beta, descent_step, momentum_step, adam_step)

    @cache
    def land(surface):
        function, limits, _ = SURFACES[surface]
        x, y = np.meshgrid(*(np.linspace(*pair, 141) for pair in limits))
        return x, y, function(x, y)[0]

    def draw(step, rate, beta, surface, optimiser):
        function, limits, start = SURFACES[surface]
        path = rolled(surface, optimiser, rate, beta)
        with np.errstate(all="ignore"):
            heights = np.nan_to_num(function(*path.T)[0], nan=1e9, posinf=1e9)
        _landscape(plane, *land(surface), levels=12)
        plane.set(xlabel="$w_1$", ylabel="$w_2$")
        plane.plot(*path[: step + 1].T, color=plots.BLACK, linewidth=1.6, zorder=3, scalex=False, scaley=False)
        plane.plot(*start, "o", color="white", markeredgecolor="black", markersize=8, zorder=4)
        _ball(plane, path[step])
        lowest = min(land(surface)[2].min(), heights.min())
        top = 1.15 * (heights[0] - lowest)
        _loss_axes(curve, ROLLED, top, "height above the lowest point")
        _losses(curve, np.minimum(heights - lowest, 10 * top), step)
        curve.set_ylim(0, top)
        outside = any(not low <= value <= high for value, (low, high) in zip(path[step], limits))
        place = "the ball has left the map" if outside else f"height {heights[step] - lowest:.4f}"
        figure.text(0.075, 0.93, f"Step {step}, {optimiser}: {place}", fontsize=13)

    controls = {
        "step": Slider("step", 0, ROLLED, 1, 20),
        "rate": Slider("rate η", 0.01, 1.2, 0.01, 0.1),
        "beta": Slider("momentum β", 0.0, 0.99, 0.01, 0.9),
    }
    choices = {
        "surface": Choice("surface", tuple(SURFACES), "ravine"),
        "optimiser": Choice("optimiser", OPTIMISERS, "momentum"),
    }
    start = {name: control.start for name, control in (controls | choices).items()}
    explore(figure, draw, [controls, choices], play=150, picture_at={**start, "step": ROLLED})


def _roll(surface, optimiser, rate, beta, descent_step, momentum_step, adam_step):
    """The places of the ball before the first step and after each one, shape (ROLLED + 1, 2)."""
    function, _, start = SURFACES[surface]
    student, names, settings = {
        "plain": (Student(descent_step, "descent_step"), "w", lambda t: (rate,)),
        "momentum": (Student(momentum_step, "momentum_step"), "w, velocity", lambda t: (rate, beta)),
        "Adam": (Student(adam_step, "adam_step"), "w, m, v", lambda t: (t, rate, beta, 0.999, 1e-8)),
    }[optimiser]
    state = [np.array(start, dtype=float), *np.zeros((names.count(","), 2))]
    gradient = np.array(function(*start)[1])
    _state(student, student(state[0], gradient, *state[1:], *settings(1)), names)

    def roll(state):
        path = [start]
        for t in range(1, ROLLED + 1):
            if np.all(np.abs(state[0]) < 1e6):
                answer = student.function(state[0], np.array(function(*state[0])[1]), *state[1:], *settings(t))
                state = [np.array(part, dtype=float) for part in (answer if len(state) > 1 else [answer])]
            path.append(state[0])
        return np.array(path)

    return Student(roll, student.exercise)(state)


def _state(ask, answer, names):
    """Make sure that an optimiser's answer holds two numbers for each of its names."""
    count = names.count(",") + 1
    answer = [answer] if count == 1 else answer
    if not isinstance(answer, tuple | list) or len(answer) != count:
        raise ask.broken(f"It returned {type(answer).__name__}, where ({names}) was expected.")
    if any(part is None or part is Ellipsis for part in answer):
        raise ask.unfinished()
    for part, name in zip(answer, names.split(", ")):
        if not np.all(np.isfinite(ask.numbers(part, (2,), name))):
            raise ask.broken(f"{name} holds NaN or infinity.")
