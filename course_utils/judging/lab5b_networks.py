"""Lab 5b: how much a model that was trained on a hidden dialect lacks to the grammar that wrote it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..protocol import Reply, Test
from ..songs import SIZE, numbers
from ..verdict import Assessment
from .assess import ask_more
from .faults import Fault, array_or_none

# All points are for a model that needs so many bits a character less than a table of pairs. From dialect to dialect the
# excess varies twice as much as what a training saves, since both find the same dialects hard.
# Reference runs: tests/labs/dialect_runs.json, made by `python -m bench.dialect`.
FULL = 1.1
SUM_OFF, MOVED = 0.01, 0.01  # so far may a sum of probabilities lie from 1, and a probability from what it was before
HARDLY = 0.1  # a share of the points below which a model knows hardly more than pairs
BELOW = 4.0  # an excess that lies so many of its errors below 0 is no luck


def exam_share(excess: float, pairs: float) -> float:
    """Return the share of the points that a model earns, between a table of pairs and what earns all.

    Args:
        excess: bits a character that the model needs more than the grammar.
        pairs: those of the table.
    """
    return round(float(np.clip((pairs - excess) / FULL, 0, 1)), 3)  # rounding is worth nothing


def knows_the_language(test: Test, replies: list[Reply], reveal: bool) -> Assessment:
    """A model predicts tunes of a hidden dialect better than a table of pairs, by what stands before alone.

    What is judged is asked first, from short beginnings to long ones: then nobody but the judge knows what follows.
    Last comes the whole text, twice. Who answers otherwise then has looked ahead, or draws by lot.
    """
    [case] = test["cases"]
    data = case["data"]
    texts, ends = list(data["asked"]), [int(end) for end in data["ends"]]
    questions = [([text[:end] for text in texts], [end - 1]) for end in ends]
    questions += [(texts, [end - 1 for end in ends])] * 2
    answers = []
    for asked, places in questions:
        arguments = {"texts": asked, "places": places, "limit": case["arguments"]["limit"]}
        reply = ask_more(test, "language_asked", arguments, reveal)
        if isinstance(reply, Assessment):
            return reply
        answers.append(array_or_none(reply["values"], "log_p"))
    *alone, whole, again = answers
    shape = (len(texts), len(ends))
    if any(answer is None or answer.ndim != 3 or answer.shape[:2] != (len(texts), 1) for answer in alone):
        return Assessment(0.0, "failed", "expected log probabilities.", "unreadable")
    log_p = np.concatenate([answer for answer in alone if answer is not None], axis=1)
    if any(answer is None or answer.shape != log_p.shape for answer in (whole, again)):
        return Assessment(0.0, "failed", "expected log probabilities.", "unreadable")
    if fault := _sum_fault(log_p) or _other_answer_fault(log_p, np.asarray(whole), np.asarray(again)):
        return Assessment(0.0, "failed", *fault)
    came = np.array([numbers(text) for text in texts])[:, ends]
    return _by_bits(np.take_along_axis(log_p, came[..., None], axis=-1).reshape(shape), data)


def _sum_fault(log_p: np.ndarray) -> Fault | None:
    """Return what is wrong with log probabilities that do not belong to probabilities which sum to 1."""
    if np.any(np.isnan(log_p)):
        return "some log probabilities are NaN: did the loss become NaN in training? Try a smaller rate.", "nan"
    with np.errstate(over="ignore"):
        sums = {
            base: np.sum(base**values, axis=-1) for base, values in ((np.e, log_p), (2.0, log_p), (1 / np.e, log_p))
        }
    if _near_1(sums[np.e]):
        return None
    if np.all((log_p >= 0) & (log_p <= 1)) and _near_1(log_p.sum(axis=-1)):
        return "these are probabilities; their natural logarithms are asked for.", "probabilities"
    if _near_1(sums[2.0]):
        return "these are logarithms to base 2; natural ones are asked for.", "bits"
    if _near_1(sums[1 / np.e]):
        return "the sign is turned round: the logarithm of a probability is at most 0.", "sign"
    furthest = sums[np.e].ravel()[np.argmax(np.abs(np.log(np.maximum(sums[np.e].ravel(), 1e-300))))]
    return (
        f"the probabilities of the next character do not sum to 1; at one place they sum to {furthest:.3g}. Is the "
        "log softmax behind the logits missing, or does it run over another axis than the last?",
        "not_normalised",
    )


def _near_1(sums: np.ndarray) -> bool:
    return bool(np.all(np.abs(sums - 1) < SUM_OFF))


def _other_answer_fault(log_p: np.ndarray, whole: np.ndarray, again: np.ndarray) -> Fault | None:
    """Return what is wrong with a model that changes its answers.

    Args:
        log_p: what it said of the beginnings of texts.
        whole, again: what it said at the same places of the whole texts, in two calls.
    """
    if not _alike(whole, again):
        return (
            "asked the same twice, the model answers differently: is dropout still on, does it draw by lot, or does it "
            "keep its state from the call before?",
            "answers_by_lot",
        )
    if not _alike(log_p, whole):
        return (
            "the model sees the future: what it says of the next character changes with the characters behind it. Does "
            "something in it read backwards, or all of a text at once?",
            "sees_the_future",
        )
    return None


def _alike(first: np.ndarray, second: np.ndarray) -> bool:
    return bool(np.all(np.abs(np.exp(first) - np.exp(second)) < MOVED))


def _by_bits(said: np.ndarray, data: Mapping[str, Any]) -> Assessment:
    """Return the assessment of log probabilities of those characters that came, shape (texts, places)."""
    if np.any(np.isneginf(said)):
        why = "the model holds a character for impossible that came: leave each one a small probability."
        return Assessment(0.0, "failed", why, "impossible")
    more = (data["grammar"] - said).mean(axis=1) / np.log(2)
    excess, error = float(more.mean()), float(more.std(ddof=1) / np.sqrt(len(more)))
    pairs = float(np.mean(data["grammar"] - data["pairs"]) / np.log(2))
    if excess < -BELOW * error:
        why = f"{-excess:.2f} ± {error:.2f} bits a character less than the grammar itself needs: nobody can know that."
        return Assessment(0.0, "failed", why, "below_the_grammar")
    share, full = exam_share(excess, pairs), pairs - FULL
    alike = float(np.log2(SIZE) + data["grammar"].mean() / np.log(2))
    found = f"{excess:.2f} ± {error:.2f} bits a character more than the grammar needs"
    if share == 1:
        return Assessment(1.0, "passed", f"{found}; a table of pairs needs {pairs:.2f} more.")
    scale = f"A table of pairs needs {pairs:.2f} more and earns nothing; all points are for {full:.2f}."
    if excess > alike + 1:
        why = "Is it trained on these windows, and on the character that follows, not on the one that it has just read?"
        than = f"To take all characters for equally likely needs {alike:.2f} more: this model is sure, and wrong."
        return Assessment(0.0, "failed", f"{found}. {than} {why}", "sure_and_wrong")
    if share < HARDLY:
        why = "Does the loss fall in training, does the text stay in order, and is the state handed on along a row?"
        return Assessment(share, "partial" if share else "failed", f"{found}. {scale} {why}", "no_better_than_pairs")
    return Assessment(
        share,
        "partial",
        f"{found}. {scale} That is {share:.0%} of the points. More training, a rate that falls, or more units bring it "
        "nearer.",
        "more_to_gain",
    )
