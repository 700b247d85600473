"""Lab 5b: what luck costs, in the exam by the recorded runs of `python -m bench.dialect`."""

import json
import re
from pathlib import Path
from statistics import mean, stdev

import numpy as np
import pytest

from autograder.exercises.lab5b_networks import (
    ASKED,
    DIALECT,
    LONG,
    PIECES,
    READ,
    SIDE_BY_SIDE,
    exam,
    learning_cases,
    model_cases,
    modelled,
    read_ahead,
    text_to_ask,
)
from autograder.settings import PROJECT
from course_utils import datasets
from course_utils.judging.lab5b_networks import FULL, exam_share
from course_utils.recording import recorded_tests
from course_utils.songs import corpus
from course_utils.tunes import log_probabilities

POINTS = 6
RUNS = json.loads((Path(__file__).parent / "dialect_runs.json").read_text(encoding="utf-8"))
SOURCE = (PROJECT / "solutions" / "lab5b_networks.py").read_text(encoding="utf-8")
ROWS = {
    "a table of the two characters before": ("two_characters",),
    "a GRU of 64 units, once through the windows": ("one_epoch",),
    "a plain recurrent network in NumPy, 96 units, 12 times": ("solution",),
    "the GRU, 8 times, in whichever framework": ("pytorch", "tensorflow"),
}


def points_of(name):
    runs = RUNS[name]
    return [POINTS * exam_share(excess, pairs) for pairs, excess in zip(runs["pairs"], runs["excess"])]


def saved(name):
    """Return the bits a character that a model needs less than the table of pairs, for each exam."""
    return np.subtract(RUNS[name]["pairs"], RUNS[name]["excess"])


@pytest.mark.parametrize("name", ["solution", "pytorch", "tensorflow"])
def test_full_marks_lie_below_the_references(name):
    """Each good reference earns all points in all exams."""
    assert len(saved(name)) >= 12 and set(points_of(name)) == {POINTS}


def test_the_solution_misses_full_marks_by_no_luck_worth_naming():
    """Over 30 exams it lies on average more than 2.5 deviations above what is needed."""
    found = saved("solution")
    assert len(found) >= 30 and (mean(found) - FULL) / stdev(found) >= 2.5


@pytest.mark.parametrize("name", sorted(RUNS))
def test_one_deviation_of_luck_costs_at_most_a_tenth_of_the_points(name):
    """What a training earns from dialect to dialect lies that near."""
    assert stdev(points_of(name)) <= 0.1 * POINTS


def test_the_table_in_the_text_says_what_the_runs_gave():
    """Means and deviations of excess and points."""
    rows = dict(re.findall(r"^# \| (.+?) \| (\d\.\d\d ± \d\.\d\d \| \d\.\d ± \d\.\d) \|$", SOURCE, re.MULTILINE))
    for row, names in ROWS.items():
        needed = [excess for name in names for excess in RUNS[name]["excess"]]
        points = [each for name in names for each in points_of(name)]
        assert rows[row] == f"{mean(needed):.2f} ± {stdev(needed):.2f} | {mean(points):.1f} ± {stdev(points):.1f}"
    pairs = RUNS["solution"]["pairs"]
    assert rows["a table of pairs"] == f"{mean(pairs):.2f} ± {stdev(pairs):.2f} | 0.0 ± 0.0"


def test_what_is_sent_holds_neither_the_dialect_nor_the_texts_that_are_asked():
    """The probe that trains gets windows and a seed; the texts come with the questions, and no sooner."""
    (case,) = recorded_tests()["dialect"][1]["cases"]
    sent = json.dumps(case["arguments"])
    assert set(case["arguments"]) == {"windows", "shape", "seed", "limit"}
    assert case["data"]["entropy"] not in sent
    assert not any(text[:60] in case["arguments"]["windows"] for text in case["data"]["asked"])


def test_an_exam_has_a_fixed_size():
    """So many windows and no more, and texts from an end sign on; the same entropy draws the same."""
    (case,) = recorded_tests()["dialect"][1]["cases"]
    drawn = exam(case["data"]["entropy"])
    assert drawn.windows.shape == (PIECES, SIDE_BY_SIDE, READ + 1) and drawn.asked.shape == (ASKED, LONG)
    assert set(drawn.asked[:, 0]) == {drawn.asked[0, 0]} and np.all(np.diff(drawn.ends) > 0)
    assert np.all(drawn.grammar <= 0) and 0.5 < -np.mean(drawn.grammar) / np.log(2) < 2
    assert DIALECT.judge == "knows_the_language"


def test_the_grammars_logarithms_are_those_of_whole_tunes():
    """They are asked for no more characters than are judged, and are the same as of tunes to their ends."""
    own = datasets.tunes(1, 4, bytes(32))
    text, grammar = text_to_ask(iter(own), bytes(32))
    whole = np.concatenate([log_probabilities(tune, bytes(32)) for tune in own])
    assert np.array_equal(text, corpus(own)[:LONG]) and np.array_equal(grammar, whole[: LONG - 1])


def test_a_state_shows_what_was_read_whatever_is_drawn():
    """Reading one character ahead, or down the rows, never leaves the logits of the second half as they are."""
    for seed in range(300):
        inputs = dict(model_cases(np.random.default_rng(seed)))["the state"]
        right, *wrong = (
            modelled(inputs["parameters"], inputs["inputs"], **mistaken)["carried"]
            for mistaken in ({}, {"read": read_ahead}, {"across": True})
        )
        assert all(np.max(np.abs(each - right)) > 0.1 for each in wrong), seed


def test_inputs_and_targets_never_change_places_unseen():
    """No single piece that a step is tried with reads the same backwards."""
    for seed in range(2000):
        [text] = dict(learning_cases(np.random.default_rng(seed)))["one piece"]["pieces"]
        assert not np.array_equal(text, text[:, ::-1]), seed
