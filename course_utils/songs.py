"""What Lab 5b works with: its tunes as numbers, and models of either framework that are trained, asked and let write.

A model is called with whole numbers of shape (n, length) and a state, None at the beginning, and returns logits of
shape (n, length, size) and a state. Each tune is read from an end sign on, so that its first character is guessed too.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .frameworks import no_logging
from .tunes import ALPHABET, END, real
from .tunes.abc import full_bars, read

PREPARED = Path(__file__).parent / "prepared" / "lab5b_networks.json"
UNITS, ROWS, LENGTH, RATE = 64, 16, 32, 0.01  # of the lab's models; of its pieces; of Adam
EPOCHS = 2  # of a training
FEW, FEW_ROWS, FEW_EPOCHS = 4, 4, 60  # so many tunes or fewer are learned by heart
LONGEST = 400  # characters that are written at most
REAL_HELD_OUT = 50
SIZE = len(ALPHABET)
State = Any  # whatever a model hands back


class Songs(NamedTuple):
    """Tunes to train on, others that no model has seen, and what each character of these costs the grammar itself.

    Args:
        bits: for each tune held out an array of bits, the end sign's included, shape (len(tune) + 1,); of real tunes
            nobody knows them, and there are none.
    """

    training: list[str]
    held_out: list[str]
    bits: list[np.ndarray]


@cache
def songs() -> Songs:
    """Return the lab's tunes; ``python -m bench.prepare_songs`` drew them with ``datasets.tunes``."""
    contents = json.loads(PREPARED.read_text(encoding="utf-8"))
    return Songs(contents["training"], contents["held_out"], [np.array(each) for each in contents["bits"]])


def real_songs() -> Songs | None:
    """Return real tunes that the package music21 brings along, 50 of them held out; without it say so, and return None.

    Which ones they are depends on its version.
    """
    folder = real.collection()
    if folder is None:
        print(
            "This part is extra. It needs the package music21, from which it reads real tunes: install it "
            "(pip install music21, in Colab %pip install music21), restart the kernel, and run the lab again."
        )
        return None
    found, there = real.collected(folder)
    shuffled = [found[place] for place in np.random.RandomState(0).permutation(len(found))]
    print(f"{len(found)} of {there} tunes of O'Neill's collection can be written with our {SIZE} characters.")
    return Songs(shuffled[:-REAL_HELD_OUT], shuffled[-REAL_HELD_OUT:], [])


def numbers(text: str) -> np.ndarray:
    """Return the place of each character in the alphabet, shape (len(text),)."""
    return np.array([ALPHABET.index(character) for character in text], dtype=np.int64)


def corpus(tunes: Sequence[str]) -> np.ndarray:
    """Return tunes as one long text of numbers, with an end sign before each and behind the last."""
    return numbers(END + "".join(tune + END for tune in tunes))


def fresh(framework: str, model_class: Callable[[int, int], Any], start: int = 0) -> Any:
    """Return a new model of the lab's size, whose first weights come from a seed, the start."""
    from .frameworks import keras, torch

    if framework == "torch":
        torch.manual_seed(start)
    else:
        keras.utils.set_random_seed(start)
    return model_class(SIZE, UNITS)


def first_numbers(framework: str) -> Any:
    """Return an end sign as a framework's tensor of one text of one character."""
    from .frameworks import tf, torch

    return torch.tensor(corpus([])[None]) if framework == "torch" else tf.constant(corpus([])[None])


def ready(models: Mapping[str, Any]) -> dict[str, Any]:
    """Return those models that were trained; the others are None."""
    return {name: model for name, model in models.items() if model is not None}


class Reader:
    """A model as a function of arrays, without gradients; in TensorFlow it is compiled, which is much faster."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def begin(self, rows: int) -> tuple[np.ndarray, State]:
        """Return the logits (rows, size) and the state of a model that has read an end sign and nothing else."""
        logits, state = self(np.full((rows, 1), ALPHABET.index(END)), None)
        return logits[:, -1], state

    def __call__(self, inputs: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        """Return logits (n, length, size), float64, and the state."""
        if hasattr(self.model, "state_dict"):
            from .frameworks import one_thread, torch

            with torch.no_grad(), one_thread():
                logits, state = self.model(torch.tensor(inputs).to(next(self.model.parameters()).device), state)
            return logits.detach().cpu().double().numpy(), state
        from .frameworks import tf

        # Without a state it reads a single character, for which compiling is not worth it.
        call = self.model if state is None else compiled(self.model)
        with no_logging():  # TensorFlow warns of several shapes
            logits, state = call(tf.constant(inputs), state)
        return np.array(logits, dtype=float), state


@lru_cache(maxsize=8)
def compiled(model: Any) -> Any:
    """Return a TensorFlow model as a compiled function; compiling takes a second."""
    from .frameworks import tf

    def read_on(numbers: Any, state: State) -> tuple[Any, State]:
        logits, state = model(numbers, state)
        return logits, state

    return tf.function(read_on, reduce_retracing=True)


def logits_of(model: Any, tunes: Sequence[str]) -> list[np.ndarray]:
    """Return a model's logits for the characters and the end sign of each tune, shape (len(tune) + 1, size)."""
    reader, texts = Reader(model), [numbers(tune) for tune in tunes]
    longest = max(map(len, texts))
    first, state = reader.begin(len(texts))
    others, _ = reader(np.array([np.pad(text, (0, longest - len(text))) for text in texts]), state)
    whole = np.concatenate([first[:, None], others], axis=1)
    return [logits[: len(text) + 1] for logits, text in zip(whole, texts)]


def targets_of(tunes: Sequence[str]) -> list[np.ndarray]:
    """Return the numbers that the logits of ``logits_of`` should have guessed."""
    return [numbers(tune + END) for tune in tunes]


def write(model: Any, count: int = 1, temperature: float = 1.0, seed: int = 0) -> list[str]:
    """Let a model write tunes, all side by side, until each has its end sign or has become too long.

    The largest of logits / temperature + noise is drawn, which with noise of Gumbel's distribution is the same as to
    draw with the probabilities of the softmax: Gumbel, Statistical theory of extreme values (1954).
    """
    random, reader = np.random.RandomState(seed), Reader(model)
    logits, state = reader.begin(count)
    written: list[np.ndarray] = []
    for _ in range(LONGEST):
        written.append(np.argmax(logits / temperature + random.gumbel(size=logits.shape), axis=1))
        if np.all(np.any(np.array(written) == ALPHABET.index(END), axis=0)):
            break
        logits, state = reader(written[-1][:, None], state)
        logits = logits[:, -1]
    texts = ["".join(ALPHABET[number] for number in row) for row in np.array(written).T]
    return [text.split(END)[0] for text in texts]


def bars_that_add_up(tunes: Sequence[str]) -> float:
    """Return the share of bars that are as long as the metre says, over all tunes; one that is no ABC has none."""
    right, total = 0, 0
    for tune in tunes:
        try:
            found = full_bars(read(tune))
        except ValueError:
            found = 0, max(tune.count("|"), 1)
        right, total = right + found[0], total + found[1]
    return right / total


def trained(learn: Callable, model: Any, pieces: np.ndarray, epochs: int = EPOCHS) -> Iterator[float]:
    """Train a model in place by a student's step, and yield the loss of each piece, in bits.

    Args:
        learn: the step, of the framework of the model; TensorFlow compiles it.
        pieces: shape (pieces, rows, length + 1).

    Raises:
        NotImplementedError: the step returns nothing yet.
    """
    from .frameworks import one_thread

    if hasattr(model, "state_dict"):
        from .frameworks import torch

        optimizer: Any = torch.optim.Adam(model.parameters(), lr=RATE)
        tensors, step, begun = [torch.tensor(piece) for piece in pieces], learn, None
    else:
        from .frameworks import keras, tf

        optimizer = keras.optimizers.Adam(RATE)
        tensors, step = [tf.constant(piece) for piece in pieces], tf.function(learn)
        # A state of zeros in place of None, so that there is one thing to compile and not two.
        begun = tf.nest.map_structure(tf.zeros_like, Reader(model).begin(len(pieces[0]))[1])
    for _ in range(epochs):
        state = begun
        for piece in tensors:
            # PyTorch's threads wait for each other longer than such small products take. TensorFlow warns where a step
            # is compiled for a fifth model.
            with one_thread(), no_logging():
                result = step(model, optimizer, piece, state)
            if result is None:
                raise NotImplementedError
            loss, state = result
            yield float(loss.detach() if hasattr(loss, "detach") else loss) / np.log(2)


def copy_weights(torch_model: Any, keras_model: Any) -> None:
    """Give a Keras model the weights of a PyTorch one; both are an embedding, a GRU and an output layer.

    PyTorch keeps its matrices transposed, and has the reset gate before the update gate; Keras has it behind.
    """
    from .frameworks import keras, nn

    def only(layers: Sequence[Any], *kind: type) -> Any:
        return next(layer for layer in layers if isinstance(layer, kind))

    def array(variable: Any) -> np.ndarray:
        return variable.detach().cpu().numpy()

    def update_first(weights: np.ndarray) -> np.ndarray:
        reset, update, new = np.split(weights, 3, axis=-1)
        return np.concatenate([update, reset, new], axis=-1)

    ours, theirs = list(torch_model.modules()), list(keras_model._flatten_layers(include_self=False))
    W, U, b, c = map(array, only(ours, nn.GRU, nn.GRUCell).parameters())
    only(theirs, keras.layers.Embedding).set_weights([array(only(ours, nn.Embedding).weight)])
    only(theirs, keras.layers.GRUCell).set_weights([*map(update_first, (W.T, U.T, np.stack([b, c])))])
    output = only(ours, nn.Linear)
    only(theirs, keras.layers.Dense).set_weights([array(output.weight).T, array(output.bias)])
