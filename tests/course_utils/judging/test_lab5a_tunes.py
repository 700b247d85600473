"""Lab 5a's judges: draws as often as they should come, and texts as a network would write them."""

import numpy as np
import pytest

from course_utils import judging

COUNT = 1500
OWN = np.random.default_rng(0)
CHANCES = [np.array([0.0, 0.5, 0.2, 0.3]), np.array([0.7, 0.3]), np.array([0.0, 0.0, 1.0])]


def reply(draw, p, seed=5):
    runs = {}
    for name, own in (("first", seed), ("again", seed), ("other", seed + 1)):
        rng = np.random.default_rng(own)
        runs[name] = np.array([draw(p, rng) for _ in range(COUNT)])
    return {"values": runs, "notes": []}


def judged(draw):
    cases = [{"data": {"p": p, "count": COUNT}} for p in CHANCES]
    return judging.draws_by_chance({"cases": cases}, [reply(draw, p) for p in CHANCES], False)


def choice(p, rng):
    return rng.choice(len(p), p=p)


class Blocks:
    """Draws each number three times in a row."""

    def __init__(self):
        self.left = []

    def __call__(self, p, rng):
        self.left = self.left or [choice(p, rng)] * 3
        return self.left.pop()


class DartsForEver:
    """Throws a dart for each place until one hits."""

    def __call__(self, p, rng):
        while True:
            for place, own in enumerate(p):
                if rng.random() < own:
                    return place


def test_draws_by_their_chances_pass():
    """What NumPy's own choice draws is right."""
    assert judged(choice).status == "passed"


@pytest.mark.parametrize(
    ("draw", "diagnosis"),
    [
        (lambda p, rng: [0, 1], "not_one_number"),
        (lambda p, rng: p[choice(p, rng)], "no_place"),
        (lambda p, rng: 1 + choice(p, rng), "counted_from_1"),
        (lambda p, rng: choice(p, rng) - 1, "one_too_low"),
        (lambda p, rng: choice(p, rng) + 100, "outside"),
        (lambda p, rng: int(np.searchsorted(p, rng.random())), "not_summed_up"),
        (lambda p, rng: int((np.cumsum(p) > rng.random()).sum()), "ends_ahead"),
        (lambda p, rng: next((i for i, own in enumerate(p) if rng.random() < own), 0), "a_dart_for_each"),
        (lambda p, rng: next((i for i, own in enumerate(p) if rng.random() < own), len(p) - 1), "a_dart_for_each"),
        (DartsForEver(), "a_dart_for_each"),
        (lambda p, rng: np.nan, "no_place"),
        (lambda p, rng: np.argmax(p), "always_the_same"),
        (lambda p, rng: 1, "always_the_same"),
        (lambda p, rng: np.random.choice(len(p), p=p), "rng_ignored"),
        (lambda p, rng: OWN.choice(len(p), p=p), "rng_ignored"),
        (lambda p, rng: rng.integers(len(p)), "uniform"),
        (lambda p, rng: len(p) - 1 - choice(p, rng), "reversed"),
        (lambda p, rng: choice(p**2 / np.sum(p**2), rng), "wrong_shares"),
        (Blocks(), "not_independent"),
    ],
)
def test_other_draws_earn_nothing_and_are_named(draw, diagnosis):
    """Each way of drawing wrongly has one name, whatever chance does."""
    found = judged(draw)
    assert (found.fraction, found.status, found.diagnosis) == (0, "failed", diagnosis), found.message


def test_shares_are_told_where_all_may_be_seen():
    """A check says of which place there are too many or too few; a hidden test says nothing of the kind."""
    cases = [{"data": {"p": p, "count": COUNT}} for p in CHANCES]
    replies = [reply(lambda p, rng: choice(p**2 / np.sum(p**2), rng), p) for p in CHANCES]
    told, hidden = [judging.draws_by_chance({"cases": cases}, replies, reveal).message for reveal in (True, False)]
    assert told.startswith(f"{hidden} Place 1 of 4 has probability 0.50, and its share is 0.6")


TEXTS = {
    "right": "ABcd",
    "not warmed up": "ABdd",
    "last character only": "ABdc",
    "no end sign first": "ABBB",
    "read twice": "ABAA",
    "no end sign at all": "ABBd",
    "last not read": "ABdB",
    "two axes": "ABAAA",
    "drawn not read": "ABccc",
    "without prime": "cd",
    "end sign kept": "ABcd$",
    "end sign passed": "ABcdA",
    "limit includes prime": "ABc",
}
CERTAIN = {"prime": "AB", "limit": 3, "seeds": [1, 2], "texts": TEXTS}
OPEN = {"prime": "A", "limit": 8, "seeds": [1, 2], "texts": {}}
CHANCE = ("ABcdABcdB", "AddBcABAc", "ABcdABcdB")


def coded(texts):
    values = {name: np.array([ord(letter) for letter in text], dtype=int) for name, text in texts.items()}
    return {"values": values, "notes": []}


def written(certain, chance=CHANCE):
    """Judge texts of a case with hardly any chance, and of one with much."""
    names = ("text0", "text1", "again")
    replies = [coded(dict(zip(names, texts))) for texts in (certain, chance)]
    return judging.writes_with_a_network({"cases": [{"data": CERTAIN}, {"data": OPEN}]}, replies, False)


def test_the_likeliest_text_and_texts_by_chance_pass():
    """Where chance decides, another generator writes another text."""
    assert written(["ABcd"] * 3).status == "passed"


@pytest.mark.parametrize(
    ("certain", "diagnosis"),
    [
        (["ABdd"] * 3, "not_warmed_up"),
        (["ABdc"] * 3, "last_character_only"),
        (["ABBB"] * 3, "no_end_sign_first"),
        (["ABAA"] * 3, "read_twice"),
        (["ABBd"] * 3, "no_end_sign_first"),
        (["ABdB"] * 3, "last_not_read"),
        (["ABAAA"] * 3, "two_axes"),
        (["ABccc"] * 3, "drawn_not_read"),
        (["cd"] * 3, "prime_missing"),
        (["ABcd$"] * 3, "end_sign_kept"),
        (["ABc"] * 3, "limit_includes_prime"),
        (["AB$c"] * 3, "end_sign_kept"),
        (["xAcd"] * 3, "prime_missing"),
        (["ABcddd"] * 3, "too_long"),
        (["ABcc", "ABcd", "ABcc"], "temperature_ignored"),
        (["ABcc"] * 3, "other_characters"),
        ([""] * 3, "prime_missing"),
    ],
)
def test_other_texts_are_named(certain, diagnosis):
    """What typical mistakes write is known; else what is plainly wrong is said."""
    found = written(certain)
    assert (found.fraction, found.diagnosis) == (0, diagnosis), found.message


@pytest.mark.parametrize(
    ("chance", "diagnosis"),
    [
        (("ABcdABcd", "AddBcABAc", "ABcdABcd"), "too_long"),
        (("ABcdABcdB", "AddBcABAc", "AddBcABAc"), "rng_ignored"),
        (("ABBBBBBBB",) * 3, "likeliest"),
        (("ABcdABcdB",) * 3, "rng_ignored"),
    ],
)
def test_texts_by_chance_need_the_generator(chance, diagnosis):
    """The same generator writes the same text, another one another."""
    assert written(["ABcd"] * 3, chance).diagnosis == diagnosis


@pytest.mark.parametrize("values", [{}, {"text0": np.zeros((2, 2), dtype=int)}, {"text0": np.zeros(2)}])
def test_replies_that_hold_no_texts_earn_nothing(values):
    """A process that is not trusted may send anything."""
    cases = [{"data": CERTAIN}]
    found = judging.writes_with_a_network({"cases": cases}, [{"values": values, "notes": []}], False)
    assert found.fraction == 0
