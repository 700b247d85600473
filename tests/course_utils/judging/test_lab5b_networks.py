"""The exam of Lab 5b: what its judge asks, in which order, and what it makes of the answers."""

import numpy as np
import pytest

from course_utils import songs
from course_utils.checks import run_test
from course_utils.judging.lab5b_networks import FULL, exam_share
from course_utils.tunes import ALPHABET

SIZE, PAIRS = songs.SIZE, 2.0
ENDS = [1, 3, 6, 9]
RNG = np.random.default_rng(0)
TEXTS = ["$" + "".join(RNG.choice(list(ALPHABET[:6]), 9)) for _ in range(40)]
WINDOWS = RNG.integers(0, SIZE, (2, 3, 5))


def exam(more=0.0, spread=0.1):
    """A test whose grammar needs so many bits less than a model that holds all characters for equally likely."""
    grammar = -np.log(SIZE) + np.log(2) * (more + spread * RNG.standard_normal((len(TEXTS), len(ENDS))))
    return {
        "grade_id": "dialect",
        "label": "exam (train)",
        "title": "exam",
        "object": "train",
        "probe": "trained_language",
        "needs": [],
        "judge": "knows_the_language",
        "hints": {},
        "cases": [
            {
                "part": "training",
                "arguments": {
                    "windows": "".join(ALPHABET[number] for number in WINDOWS.ravel()),
                    "shape": [2, 3, 5],
                    "seed": 3,
                    "limit": 50,
                },
                "data": {
                    "asked": TEXTS,
                    "ends": np.array(ENDS),
                    "grammar": grammar,
                    "pairs": grammar - PAIRS * np.log(2),
                },
            }
        ],
    }


def alike(numbers):
    return np.full((*numbers.shape, SIZE), -np.log(SIZE))


def judged(model, **facts):
    return run_test("grade", exam(**facts), 6, {"train": lambda windows, seed: model}, reveal=False)


def test_points_rise_with_what_is_saved():
    """None for what a table of pairs needs, all for FULL bits less, and half of them in the middle."""
    shares = [exam_share(PAIRS - saved, PAIRS) for saved in (-1, 0, FULL / 2, FULL + 0.001, 3)]
    assert shares == pytest.approx([0, 0, 0.5, 1, 1])
    half = judged(alike, more=PAIRS - FULL / 2, spread=0)
    assert (half.status, half.score, half.diagnosis) == ("partial", pytest.approx(3), "more_to_gain")
    assert judged(alike, more=PAIRS - FULL, spread=0.001).score == pytest.approx(6, abs=0.01)
    assert judged(alike, more=PAIRS + 0.1).diagnosis == "no_better_than_pairs"


def test_who_hardly_beats_pairs_is_not_told_to_train_more():
    """A few hundredths of the points come with the question what went wrong, and stay."""
    hardly = judged(alike, more=PAIRS - 0.05 * FULL, spread=0)
    assert (hardly.status, hardly.diagnosis) == ("partial", "no_better_than_pairs")
    assert hardly.score == pytest.approx(0.3) and "Does the loss fall" in hardly.message


def test_a_model_that_is_sure_and_wrong_is_told_so():
    """Far behind one that takes all characters for equally likely stands who learned to repeat what was read."""

    def repeats(numbers):
        return np.log(0.9999 * np.eye(SIZE)[numbers] + 0.0001 / SIZE)

    verdict = judged(repeats)
    assert (verdict.score, verdict.diagnosis) == (0, "sure_and_wrong")
    assert "not on the one that it has just read" in verdict.message


def test_the_training_gets_windows_and_a_seed():
    """They are whole numbers, as the lab's `streams` gives them."""
    got = []
    run_test("grade", exam(), 6, {"train": lambda windows, seed: got.append((windows, seed)) or alike}, reveal=False)
    assert np.array_equal(got[0][0], WINDOWS) and got[0][1] == 3


def test_beginnings_are_asked_before_what_follows():
    """What a model has seen when a place is judged ends there; only then come whole texts, twice."""
    lengths = []

    def model(numbers):
        lengths.append(numbers.shape[1])
        return alike(numbers)

    judged(model)
    assert lengths == [*ENDS, 10, 10]


def test_a_model_that_sees_the_future_is_found_by_its_other_answer():
    """Even if it says again what it said before of the same beginning, what is judged had no future to look at."""
    said = {}

    def leak(numbers):
        log_p = np.log(0.9 * np.eye(SIZE)[np.roll(numbers, -1, axis=1)] + 0.1 / SIZE)
        log_p[:, -1] = -np.log(SIZE)
        return log_p

    def repeats(numbers):
        log_p = leak(numbers)
        for row, place in np.ndindex(numbers.shape):
            log_p[row, place] = said.setdefault(numbers[row, : place + 1].tobytes(), log_p[row, place])
        return log_p

    assert judged(leak, more=1.0).diagnosis == "sees_the_future"
    cheat = judged(repeats, more=PAIRS + 0.1)
    assert (cheat.score, cheat.diagnosis) == (0, "no_better_than_pairs")


@pytest.mark.parametrize(
    ("change", "diagnosis"),
    [
        (lambda z: z + 1, "not_normalised"),
        (np.exp, "probabilities"),
        (lambda z: z / np.log(2), "bits"),
        (np.negative, "sign"),
        (lambda z: z * np.nan, "nan"),
        (lambda z: z[:, -1], "wrong_shape"),
        (lambda z: (z, None), "wrong_type"),
        (lambda z: None, None),
    ],
)
def test_what_are_no_log_probabilities_earns_nothing(change, diagnosis):
    """Each has its own message."""
    verdict = judged(lambda numbers: change(alike(numbers)), more=0.5)
    assert (verdict.score, verdict.diagnosis) == (0, diagnosis)


def test_answers_by_lot_earn_nothing():
    """Asked the same twice, a model has to say the same."""
    rng = np.random.default_rng(1)

    def model(numbers):
        p = rng.dirichlet(np.ones(SIZE), numbers.shape)
        return np.log(p)

    assert judged(model).diagnosis == "answers_by_lot"


def test_nobody_is_better_than_the_grammar():
    """A model significantly below it has got the answers from elsewhere; by luck a little below earns all points."""
    assert judged(alike, more=-0.5).diagnosis == "below_the_grammar"
    assert judged(alike, more=-0.001).score == 6


def test_what_is_held_for_impossible_must_not_come():
    """Its logarithm is minus infinity, and no number of points is."""
    with np.errstate(divide="ignore"):
        certain = np.log(np.eye(SIZE)[0])
    assert judged(lambda numbers: np.tile(certain, (*numbers.shape, 1))).diagnosis == "impossible"


def test_another_function_than_the_trained_one_is_not_asked():
    """A model stays with the function that returned it."""
    from course_utils.probes import ask

    question = {"texts": ["$"], "places": [0], "limit": 50}
    assert ask({"train": lambda windows, seed: None}, "train", "language_asked", question) == {
        "values": {"output": None},
        "notes": [],
    }
    assert judged(3).diagnosis == "wrong_type"
