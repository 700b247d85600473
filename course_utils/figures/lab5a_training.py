"""Lab 5a: how a gradient grows on its way back through time, and a training in bits a character."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from ..frameworks import one_thread
from . import plots
from .lab2_deep_stacks import SUPERSCRIPT
from .student import Problem, StudentFunction
from .widgets import Controls, Slider, explore, watch

Parameters = dict[str, np.ndarray]
STEPS, UNITS, SIZE = 30, 16, 8  # back in time, of the network whose gradient is followed, and of its vocabulary
NUDGE = 1e-5
PICTURES = 30  # of a training that is watched
TOP = 5.5  # bits a character: more than all characters alike cost


def exploding(step: Callable) -> None:
    """Follow a gradient back through time, through the student's step, for matrices of different sizes.

    All directions are stretched alike: Wh is a rotation times its size.
    """
    low, high = 1e-10, 1e10
    with plots.style():
        figure = plots.blank(plots.WIDTH, 4.4)
        ax = figure.add_axes((0.09, 0.14, 0.88, 0.71))
        ax.set(xlim=(0, STEPS), yscale="log", ylim=(low, high), xlabel="steps back in time",
               ylabel="size of the gradient")  # fmt: skip
        ax.set_yticks([10.0**power for power in range(-10, 11, 2)], minor=False)
        ax.set_yticklabels([f"$10^{{{power}}}$" if power % 4 == 2 else "" for power in range(-10, 11, 2)])
        ax.minorticks_off()
        ax.grid(axis="y", color="#E4E4E4", linewidth=0.8)
        ax.axhline(1, color=plots.GREY, linewidth=1)

    @cache
    def measured(size: float, inputs: float) -> np.ndarray:
        return gradient_norms(StudentFunction(step, "step"), size, inputs)

    def draw(size: float, inputs: float) -> None:
        norms = np.clip(np.nan_to_num(measured(size, inputs), nan=0.0, posinf=high), low, high)
        back = np.arange(STEPS + 1)
        ax.plot(back, norms, "o-", color=plots.BLUE, markersize=6, label="through your step")
        powers = f"{size:.1f} to the power of the steps"
        ax.plot(back, size**back, color=plots.BLACK, linewidth=1.2, linestyle=(0, (4, 3)), zorder=4, label=powers)
        ax.legend(loc="upper left")
        figure.text(
            0.09, 0.93,
            f"Wh of size {size:.1f}, inputs of size {inputs:.1f}: {STEPS} steps back a gradient is {_times(norms[-1])}",
            fontsize=13,
        )  # fmt: skip

    controls: Controls = {
        "size": Slider("size of Wh", 0.5, 2.0, 0.1, 1.3),
        "inputs": Slider("size of the inputs", 0.0, 2.0, 0.5, 0.0),
    }
    explore(figure, draw, [controls], preview="exploding")


def gradient_norms(ask: StudentFunction, size: float, inputs: float) -> np.ndarray:
    """Return how large a gradient of size 1 is 0 to STEPS steps back, shape (STEPS + 1,).

    The slopes of each single step are differences of what the student's step returns; the chain rule joins them.
    """
    random = np.random.RandomState(0)
    turn, _ = np.linalg.qr(random.randn(UNITS, UNITS))
    parameters = {
        "Wx": inputs * random.randn(SIZE, UNITS), "Wh": size * turn, "b": np.zeros(UNITS),
        "Wy": random.randn(UNITS, SIZE), "by": np.zeros(SIZE),
    }  # fmt: skip
    characters = random.randint(SIZE, size=STEPS)

    def stepped(read: np.ndarray, h: np.ndarray) -> np.ndarray:
        return ask.numbers(ask(read, h, dict(parameters)), h.shape, f"{len(h)} characters and states")

    states = [np.zeros((1, UNITS))]
    for character in characters[:-1]:
        states.append(stepped(np.array([character]), states[-1]))
    nudges = NUDGE * np.concatenate([np.eye(UNITS), -np.eye(UNITS)])
    nudged = (np.array(states) + nudges).reshape(-1, UNITS)  # a row for each step, direction and sign
    after = stepped(np.repeat(characters, len(nudges)), nudged).reshape(STEPS, 2, UNITS, UNITS)
    slopes = (after[:, 0] - after[:, 1]) / (2 * NUDGE)
    product, norms = np.eye(UNITS), [1.0]
    for slope in slopes[::-1]:
        product = slope @ product
        norms.append(float(np.linalg.norm(product)) / np.sqrt(UNITS))
    return np.array(norms)


def _times(ratio: float) -> str:
    """Say by how much a gradient has grown, in words for a headline."""
    if 0.01 <= ratio < 1000:
        return f"{ratio:.2g} times as large"
    digit, power = f"{ratio:.0e}".split("e")
    return f"{digit} \N{MULTIPLICATION SIGN} 10{str(int(power)).translate(SUPERSCRIPT)} times as large"


def watch_language(
    train: Callable,
    parameters: Parameters,
    batches: Sequence[tuple[np.ndarray, np.ndarray]],
    update: Callable,
    measure: Callable[[Parameters], float],
    lines: Mapping[str, float],
    *,
    limit: float = 1.0,
    every: int = 5,
) -> Parameters:
    """Train a network by the student's loop, watch the bits a character fall, and return its parameters.

    Args:
        train: called with (batches, parameters, update, limit) for a part of the batches at a time; it returns the
            parameters and the loss of each batch.
        batches: pairs (inputs, targets).
        update: from parameters and gradients to new parameters; it lives through the whole training.
        measure: from parameters to the bits a character on tunes that are held out.
        lines: what other models need on the same tunes, in bits a character, by name.
        every: pictures from one line that says how far it is to the next.

    Returns:
        The parameters after the last batch; those of the start where an exercise is open.
    """
    with plots.style():
        figure = plots.blank(plots.WIDTH, 4.4)
        ax = figure.add_axes((0.075, 0.14, 0.7, 0.73))
        ax.set(xlim=(0, len(batches)), ylim=(0, TOP), xlabel="steps of training", ylabel="bits a character")
        for name, need in lines.items():
            ax.axhline(need, color=plots.GREY, linewidth=1.2, linestyle=(0, (4, 3)))
            ax.text(1.015, need, f"{name} {need:.2f}", transform=ax.get_yaxis_transform(), va="center")
    loop, bits_of = StudentFunction(train, "train"), StudentFunction(measure, "measure")
    part = max(-(-len(batches) // PICTURES), 1)

    def bits() -> float:
        try:
            return float(bits_of.numbers(bits_of(parameters), (), "the parameters"))
        except Problem as problem:  # it calls several of the student's functions: nobody knows which one it is
            why = problem.explanation.splitlines()[0]
            raise Problem(
                "The tunes held out cannot be measured yet", f"Their bits need your functions. {why}"
            ) from None

    def work() -> Iterator[dict[str, Any]]:
        nonlocal parameters
        begin = time.perf_counter()
        losses: list[float] = []
        steps, held_out = [0], [bits()]
        for number, first in enumerate(range(0, len(batches), part), start=1):
            some = list(batches[first : first + part])
            with one_thread():
                result = loop.parts(loop(some, dict(parameters), update, limit), "parameters, losses")
            losses.extend(loop.numbers(result[1], (len(some),), f"the losses of {len(some)} batches"))
            parameters = _like(loop, result[0], parameters)
            steps.append(first + len(some))
            held_out.append(bits())
            if number % every == 0 or steps[-1] == len(batches):
                seconds = time.perf_counter() - begin
                print(f"step {steps[-1]} of {len(batches)}: {held_out[-1]:.2f} bits a character, {seconds:.1f} s")
            yield {"steps": steps, "held_out": held_out, "losses": losses}

    def draw(steps: list[int], held_out: list[float], losses: list[float]) -> None:
        smooth = np.array(losses).cumsum()
        wide = min(50, len(smooth))
        means = (smooth[wide:] - smooth[:-wide]) / wide / np.log(2)
        ax.plot(np.arange(wide + 1, len(smooth) + 1) - wide / 2, means, color=plots.SKY, linewidth=1.5, label="batches")
        ax.plot(steps, held_out, "o-", color=plots.BLUE, markersize=4, label="held-out tunes")
        ax.legend(loc="lower left", ncols=2)
        last = f"After {steps[-1]} steps: {held_out[-1]:.2f} bits a character on held-out tunes"
        head = figure.text(0.075, 0.93, f"{last}, a perplexity of {2 ** held_out[-1]:.1f}", fontsize=13)
        others = ", ".join(f"{name} {need:.2f}" for name, need in lines.items())
        head.set_gid(f"{head.get_text()}; {held_out[0]:.2f} bits before. Others: {others}")

    watch(figure, draw, work(), preview="watch_language")
    return parameters


def _like(loop: StudentFunction, trained: Any, parameters: Parameters) -> Parameters:
    """Return trained parameters with the names, shapes and types of those before, or raise a Problem."""
    if not isinstance(trained, Mapping) or not set(parameters) <= set(trained):
        raise loop.broken(f"The parameters came back as {type(trained).__name__}, not as a dictionary with all names.")
    return {
        name: loop.numbers(trained[name], array.shape, name).astype(array.dtype) for name, array in parameters.items()
    }
