"""Lab 5b: a language model while it learns, and what each character of a tune costs it and the grammar."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from .. import songs
from ..frameworks import LABELS, installed
from . import plots
from .lab5a_letters import visible, written
from .student import Problem, StudentFunction
from .widgets import Choice, Controls, Slider, explore, watch

REDRAW = 0.5  # seconds between two pictures of a running training
SHOWN, TUNES = 36, 10  # characters in a picture, and tunes to choose from
LAST_PLACE = 180  # of a picture's first character: beyond the longest tune's last picture
HIGHEST = 8.0  # bits of the axis; what costs more is cut off there
FEET, LETTERS = -0.75, 0.6  # of the tune's letters below it, and their size
STEP_NAMES = {"torch": "learn_torch", "tensorflow": "learn_tf"}


def watch_song(
    framework: str,
    model_class: Callable[[int, int], Any],
    learn: Callable,
    streams: Callable,
    training: Sequence[str] | None = None,
) -> Any:
    """Train a model by the student's step while its loss is drawn, and return it; None where something is unfinished.

    Args:
        framework: "torch" or "tensorflow".
        model_class: the student's class.
        learn: the student's step.
        streams: the student's function that cuts the text.
        training: tunes to train on, by default all of the lab's own; a few are read in fewer rows, and more often.
    """
    if not installed(framework):
        print(f"{LABELS[framework]} is not installed here.")
        return None
    lines, own = {"all alike": np.log2(songs.SIZE)}, songs.songs().training
    chosen = own if training is None else training
    if set(chosen) <= set(own):  # what the grammar would need for others, nobody knows
        lines["the grammar, on new tunes"] = np.concatenate(songs.songs().bits).mean()
    done: dict[str, Any] = {"model": None}
    with plots.style():
        figure = plots.blank(plots.WIDTH, 3.9)
        ax = figure.add_axes((0.07, 0.15, 0.9, 0.7))
        ax.set(ylim=(0, 5.6), xlabel="pieces", ylabel="bits a character")
        for name, height in lines.items():
            ax.axhline(height, color=plots.GREY, linewidth=1.5, linestyle=(0, (4, 3)))
            ax.text(0.99, height + 0.14, name, ha="right", fontsize=11, transform=ax.get_yaxis_transform())

    def draw(losses: list[float], total: int) -> None:
        places = np.arange(1, len(losses) + 1)
        ax.plot(places, losses, color=plots.SKY, linewidth=1)
        ax.plot(places, smoothed(losses), color=plots.BLUE)
        ax.set_xlim(0, total)
        title = f"After {len(losses)} of {total} pieces: {smoothed(losses)[-1]:.2f} bits a character in training"
        figure.text(0.07, 0.92, title, fontsize=13)

    def work() -> Iterator[dict[str, Any]]:
        check = STEP_NAMES[framework]
        few = len(chosen) <= songs.FEW
        rows, epochs = (songs.FEW_ROWS, songs.FEW_EPOCHS) if few else (songs.ROWS, songs.EPOCHS)
        text, cut = songs.corpus(chosen), StudentFunction(streams, "streams")
        shape = ((len(text) - 1) // rows // songs.LENGTH, rows, songs.LENGTH + 1)
        whole = cut.numbers(cut(text, rows, songs.LENGTH), shape, "the tunes").astype(np.int64)
        begin = partial(begun, framework, model_class)
        model = StudentFunction(begin, model_class.__name__, f"tune_model_{framework}")()
        steps = songs.trained(learn, model, whole, epochs)
        step = StudentFunction(lambda: next(steps, False), check, f"learning_step_{framework}")
        losses: list[float] = []
        total, drawn = epochs * len(whole), 0.0
        while (loss := step()) is not False:
            losses.append(loss)
            if perf_counter() - drawn > REDRAW:
                yield {"losses": losses, "total": total}
                drawn = perf_counter()
        done["model"] = model
        yield {"losses": losses, "total": total}

    watch(figure, draw, work(), preview="watch_song")
    return done["model"]


def begun(framework: str, model_class: Callable[[int, int], Any]) -> Any:
    """Return a model that has its first weights and knows what it returns, or None where it returns nothing yet."""
    model = songs.fresh(framework, model_class)
    logits = model(songs.first_numbers(framework), None)
    return None if logits is None or logits is Ellipsis else model


def smoothed(losses: list[float], width: int = 20) -> np.ndarray:
    """Return for each place the mean of the last losses up to there."""
    sums = np.cumsum(np.concatenate([[0.0], losses]))
    ends = np.arange(1, len(losses) + 1)
    starts = np.maximum(ends - width, 0)
    return (sums[ends] - sums[starts]) / (ends - starts)


def character_costs(surprise: Callable, models: Mapping[str, Any]) -> None:
    """Show what each character of a tune costs a model, by the student's own function, and what it costs the grammar.

    Args:
        models: by name, None for one that is not trained yet.
    """
    data, ready = songs.songs(), songs.ready(models)
    chosen = data.held_out[:TUNES]
    logits = {name: songs.logits_of(model, chosen) for name, model in ready.items()}
    targets = songs.targets_of(chosen)
    ask = StudentFunction(surprise, "surprise")
    names = tuple(ready) or ("none",)
    with plots.style():
        figure = plots.blank(plots.WIDTH, 3.9)
        ax = figure.add_axes((0.07, 0.15, 0.9, 0.68))
        ax.set(ylim=(0, HIGHEST), xlim=(-0.7, SHOWN - 0.3), ylabel="bits", xticks=[])
        ax.set_xlabel("the tune", labelpad=24)
        for name, colour in (("your model", plots.BLUE), ("the grammar", plots.ORANGE)):
            ax.bar(0, 0, color=colour, label=name)
        ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.02), ncols=2)  # above, where no bar can be

    def draw(tune: int, start: int, model: str = names[0]) -> None:
        if not ready:
            raise Problem("Train a model first", "Finish the model and its step, run their cells, then run this one.")
        text, own = chosen[tune - 1] + songs.END, data.bits[tune - 1]
        start = max(min(start, len(text) - SHOWN), 0)
        shown = slice(start, start + SHOWN)
        result = ask(logits[model][tune - 1][None], targets[tune - 1][None])
        costs = ask.numbers(result, (1, len(text)), f"a text of {len(text)} characters")[0]
        places = np.arange(len(text[shown]))
        plots.boxes(ax, places - 0.4, 0, 0.4, costs[shown], [plots.BLUE])
        plots.boxes(ax, places, 0, 0.4, own[shown], [plots.ORANGE])
        written(ax, " ".join(visible(text[shown])), (-0.25, FEET), 0.5, LETTERS)
        title = f"Characters {start + 1} to {start + len(places)}: your model pays {costs[shown].sum():.0f} bits"
        figure.text(0.07, 0.91, f"{title}, the grammar {own[shown].sum():.0f}", fontsize=13)

    controls: Controls = {"tune": Slider("tune", 1, TUNES, 1, 1), "start": Slider("place", 0, LAST_PLACE, 4, 0)}
    if len(names) > 1:
        controls = {**controls, "model": Choice("model", names, names[0])}
    explore(figure, draw, [controls], preview="character_costs")
