"""Lab 5a's probes: characters as code points, arrays by name, a training with steps of their own, draws, and texts."""

import numpy as np
import pytest

from course_utils.probes import ask
from course_utils.remarks import diagnosis, in_words

P = {"Wx": np.ones((3, 2)), "Wh": np.eye(2), "b": np.zeros(2), "Wy": np.ones((2, 3)), "by": np.zeros(3)}


def asked(probe, target, **arguments):
    return ask({"f": target}, "f", probe, arguments)


def called(function, result, *arguments):
    names = {"vocabulary": None, "encode": None, "decode": None, function: result}
    return ask(names, [*names], "characters", {"function": function, "arguments": [*arguments]})


def test_characters_come_as_code_points():
    """A list of characters and a text become numbers, and numbers stay what they are."""
    assert called("vocabulary", lambda texts: ["A", "b"], ["Ab"])["values"]["output"].tolist() == [65, 98]
    assert called("decode", lambda numbers, letters: "b\n", [1], ["A"])["values"]["output"].tolist() == [98, 10]
    assert called("encode", lambda text, letters: [2, 0], "xy", ["x"])["values"]["output"].tolist() == [2, 0]
    assert called("decode", lambda numbers, letters: "", [], [])["values"]["output"].shape == (0,)


@pytest.mark.parametrize(
    ("function", "result", "code"),
    [
        ("vocabulary", {"A", "b"}, "wrong_type"),
        ("vocabulary", ["AB"], "wrong_type"),
        ("vocabulary", [1], "wrong_type"),
        ("decode", ["A"], "wrong_type"),
        ("encode", ["A"], "wrong_type"),
    ],
)
def test_what_is_no_text_is_refused(function, result, code):
    """A set, texts for characters, numbers for texts: each has a sentence of its own."""
    assert diagnosis(called(function, lambda *_: result, "A", ["A"])["unusable"]) == code


@pytest.mark.parametrize("function", ["vocabulary", "encode", "decode"])
def test_an_unfinished_one_of_the_three_is_named(function):
    """A function that is missing or returns nothing says which of the three it is."""
    for result in (None, lambda *_: None):
        (note,) = called(function, result, "A", ["A"])["notes"]
        assert f"`{function}`" in in_words(note)


def named(result, first="loss"):
    return asked("arrays_by_name", lambda *_: result, arguments=[1.0], names=["a", "b"], first=first)


def test_arrays_come_by_their_names():
    """A dictionary's arrays and the number before it come back; other names are not looked at."""
    found = named((2.0, {"b": [1, 2], "a": np.eye(2), "c": "?"}))["values"]
    assert found["loss"] == 2 and found["a"].shape == (2, 2) and found["b"].tolist() == [1, 2] and len(found) == 3
    assert set(named({"a": 1, "b": 2}, first="")["values"]) == {"a", "b"}


@pytest.mark.parametrize("result", [None, ..., (None, {"a": 1, "b": 2}), (1.0, None), (1.0, {"a": 1, "b": None})])
def test_what_is_not_written_yet_is_none(result):
    """Nothing, half a pair and an array that is still None are unfinished work."""
    assert None in named(result)["values"].values()


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (3.0, "wrong_type"),
        ((1.0, [1, 2]), "wrong_type"),
        ((1.0, {"a": 1}), "name_missing"),
        ((1.0, {"a": 1, "b": "x"}), "wrong_type"),
        ((1.0, {"a": 1, "b": 2}, 3), "wrong_type"),
    ],
)
def test_what_is_no_dictionary_of_arrays_is_refused(result, code):
    """A loss alone, a list, a missing name, and texts are told apart from unfinished work."""
    assert diagnosis(named(result)["unusable"]) == code


def trained(loop, batches=2):
    windows = [np.zeros((1, 2), dtype=int)] * batches
    return asked("language_training", loop, parameters=P, inputs=windows, targets=windows, rate=0.5, limit=3.0)


def test_a_training_goes_by_the_probe_s_steps():
    """Each step adds half of the one before, so two steps of the same gradient move by 0.5 and 0.75."""

    def loop(batches, parameters, update, limit):
        for _ in batches:
            parameters = update(parameters, {name: np.ones_like(array) for name, array in parameters.items()})
        return parameters, [limit] * len(batches)

    values = trained(loop)["values"]
    assert values["b"].tolist() == [-1.25, -1.25] and values["losses"].tolist() == [3, 3]
    assert set(values) == {*P, "losses"}


@pytest.mark.parametrize("result", [None, (None, [1.0]), (P, None)])
def test_an_unfinished_training_is_one(result):
    """Nothing, or half of the pair, is unfinished; parameters alone are a mistake."""
    assert None in trained(lambda *_: result)["values"].values()
    assert diagnosis(trained(lambda *_: P)["unusable"]) == "wrong_type"


def test_draws_come_three_times():
    """Two generators have the same seed, the third one another."""
    values = asked("draws", lambda p, rng: rng.integers(1000), p=np.ones(2) / 2, seed=3, count=20)["values"]
    assert values["first"].tolist() == values["again"].tolist() != values["other"].tolist()
    assert asked("draws", lambda p, rng: None, p=np.ones(2) / 2, seed=3, count=2)["values"] == {"output": None}


def write(function):
    settings = {"parameters": P, "letters": ["A", "B", "$"], "prime": "A", "temperature": 0.5, "limit": 4}
    return asked("written", function, **settings, seeds=[1, 2])


def test_texts_come_for_each_seed_and_once_more_for_the_first():
    """The function gets what was asked, in its order; texts become code points."""
    seen = []

    def generate(parameters, letters, prime, temperature, rng, limit):
        seen.append((sorted(parameters), letters, prime, temperature, limit))
        return prime + "AB"[rng.integers(2)] * limit

    values = write(generate)["values"]
    assert list(values) == ["text0", "text1", "again"] and values["text0"].tolist() == values["again"].tolist()
    assert seen == [(sorted(P), ["A", "B", "$"], "A", 0.5, 4)] * 3


def test_what_is_no_written_text_is_told():
    """Numbers are refused, nothing is unfinished."""
    assert diagnosis(write(lambda *_: [0, 1])["unusable"]) == "wrong_type"
    assert write(lambda *_: None)["values"] == {"output": None}
