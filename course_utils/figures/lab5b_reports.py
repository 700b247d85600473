"""Lab 5b: what models write, to be heard; and tables of how good they are and how much they copy."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from .. import songs, tunes
from ..tunes import END

HEARD, COUNTED = 10, 8  # tunes that are written to be heard, and to be compared
TEMPERATURE = 0.5  # at which tunes are written to be compared
TRAIN_FIRST = "Train a model first: finish it and its step, run their cells, and then this one."


def play_songs(models: Mapping[str, Any], temperature: float = 1.0, seed: int = 0) -> None:
    """Let each model write some tunes, print and play the first that can be played, and say how many bars add up."""
    for name, model in songs.ready(models).items():
        texts = songs.write(model, HEARD, temperature, seed)
        playable = [text for text in texts if can_be_played(text)]
        share = songs.bars_that_add_up(texts)
        print(f"{name}, temperature {temperature}: {share:.0%} of the bars of {HEARD} tunes add up.")
        if playable:
            print(playable[0])
            tunes.play(playable[0])
        else:
            print(f"None of them can be played. The first begins: {texts[0][:60]!r}")
    if not songs.ready(models):
        print(TRAIN_FIRST)


def can_be_played(text: str) -> bool:
    """Tell whether a text is ABC with notes."""
    try:
        return any(bar for part in tunes.read(text).parts for bar in part.bars)
    except ValueError:
        return False


def same_song(models: Mapping[str, Any], keras_class: Callable[[int, int], Any]) -> None:
    """Give a new TensorFlow model the weights of the PyTorch one, let both write, and say where their songs part."""
    if len(songs.ready(models)) < 2:
        print(TRAIN_FIRST)
        return
    other = songs.fresh("tensorflow", keras_class)
    songs.Reader(other).begin(1)
    songs.copy_weights(models["PyTorch"], other)
    first, second = (songs.write(model, 1, seed=3)[0] for model in (models["PyTorch"], other))
    print(first)
    if first == second:
        print(f"\nAll {len(first)} characters are the same in both.")
    else:
        place = next(i for i, pair in enumerate(zip(first + END, second + END)) if pair[0] != pair[1])
        print(f"\nThe other one agrees for {place} characters, and goes on: {second[place:][:40]!r}")


def compare_models(surprise: Callable, excess: Callable, models: Mapping[str, Any]) -> None:
    """Print what each model needs on the tunes held out, and by how much that is more than the grammar needs."""
    data = songs.songs()
    own = np.array([each.mean() for each in data.bits])
    all_needs: dict[str, np.ndarray] = {}
    log_p = np.array([-each.sum() * np.log(2) for each in data.bits])
    print(f"{'bits a character':<22}{'needs':>7}{'excess':>9}{'error':>8}{'error if taken apart':>23}")
    print(f"{'the grammar':<22}{own.mean():7.2f}")
    for name, model in songs.ready(models).items():
        try:
            costs = _costs(surprise, model, data.held_out)
            mean, error = (float(each) for each in excess([each.copy() for each in costs], log_p.copy()))
        except Exception:
            print("Finish surprise and excess first, then run this cell again.")
            return
        needs = all_needs[name] = np.array([each.mean() for each in costs])
        print(f"{name:<22}{needs.mean():7.2f}{mean:9.2f}{error:8.3f}{_apart(needs, own):23.3f}")
    if {"PyTorch", "TensorFlow"} <= set(all_needs):
        first, second = all_needs["PyTorch"], all_needs["TensorFlow"]
        mean, error = (second - first).mean(), (second - first).std(ddof=1) / np.sqrt(len(own))
        print(f"{'TensorFlow - PyTorch':<29}{mean:9.2f}{error:8.3f}{_apart(first, second):23.3f}")
    if not songs.ready(models):
        print(TRAIN_FIRST)


def _apart(first: np.ndarray, second: np.ndarray) -> float:
    """Return the standard error of a difference of two means whose samples have nothing to do with each other."""
    return float(np.sqrt((first.var(ddof=1) + second.var(ddof=1)) / len(first)))


def _costs(surprise: Callable, model: Any, texts: Sequence[str]) -> list[np.ndarray]:
    pairs = zip(songs.logits_of(model, texts), songs.targets_of(texts))
    return [np.asarray(surprise(logits[None], targets[None]), dtype=float)[0] for logits, targets in pairs]


def copies(copied: Callable, models: Mapping[str, Any]) -> None:
    """Print how long the stretches are that new tunes of the grammar, and of each model, share with the training."""
    data = songs.songs()
    texts = {"the grammar, new": data.held_out[:COUNTED]}
    texts |= {name: songs.write(model, COUNTED, TEMPERATURE, seed=1) for name, model in songs.ready(models).items()}
    print(f"{'longest stretch of ' + str(COUNTED) + ' tunes':<28}{'mean':>7}{'most':>7}{'bars that add up':>19}")
    for name, written in texts.items():
        try:
            lengths = [int(copied(text, list(data.training))) for text in written]
        except Exception:
            print("Finish copied first, then run this cell again.")
            return
        print(f"{name:<28}{np.mean(lengths):7.0f}{max(lengths):7d}{songs.bars_that_add_up(written):19.0%}")


def compare_real(
    surprise: Callable, real: songs.Songs, models: Mapping[str, Any], grammar_models: Mapping[str, Any]
) -> None:
    """Print what models need on real tunes held out, beside pairs of characters that were counted.

    Args:
        models: trained on real tunes.
        grammar_models: trained on those of the grammar.
    """
    needs = {"all alike": np.log2(songs.SIZE), "counted pairs": counted_pairs(real.training, real.held_out)}
    named = {f"{name}, the grammar's tunes": model for name, model in songs.ready(grammar_models).items()}
    named |= {f"{name}, real tunes": model for name, model in songs.ready(models).items()}
    try:
        for name, model in named.items():
            needs[name] = float(np.mean([each.mean() for each in _costs(surprise, model, real.held_out)]))
    except Exception:
        print("Finish surprise first, then run this cell again.")
        return
    print(f"{'trained on':<34}{'bits a character':>16}")
    for name, bits in needs.items():
        print(f"{name:<34}{bits:16.2f}")
    if not songs.ready(models):
        print(TRAIN_FIRST)


def counted_pairs(training: Sequence[str], held_out: Sequence[str]) -> float:
    """Return the bits a character that a model needs which knows nothing but how often pairs of characters come.

    Each pair counts once more than it came. As everywhere in the lab, each tune counts as much as any other.
    """
    pairs = Counter(pair for tune in training for pair in pairwise(END + tune + END))
    firsts = Counter(letter for tune in training for letter in END + tune)

    def cost(pair: tuple[str, str]) -> float:
        return float(np.log2((firsts[pair[0]] + songs.SIZE) / (pairs[pair] + 1)))

    return float(np.mean([np.mean([cost(pair) for pair in pairwise(END + tune + END)]) for tune in held_out]))
