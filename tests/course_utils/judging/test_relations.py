"""Relations that explain a wrong result in any exercise, and no chance result."""

import numpy as np
import pytest

from course_utils.judging.agreement import agrees
from course_utils.judging.assess import assess
from course_utils.judging.relations import RELATIONS, patterned, related
from course_utils.recording import decode, recorded_tests

RIGHT = [np.array([[0.5, 1.25, 2.75], [3.5, 0.25, 7.5]]), np.array([[4.25, 1.5], [0.75, 2.25], [3.25, 6.5]])]
BY_VALUE = [test for _, test in recorded_tests().values() if not test["judge"]]


def case(right, part="all", arguments=None, **others):
    return {"part": part, "arguments": arguments or {}, "expected": {"output": right, **others}}


def reply(came, **others):
    return {
        "values": {"output": np.asarray(came), **{name: np.asarray(value) for name, value in others.items()}},
        "notes": [],
    }


def told(rights, wrong):
    return related([(case(right), reply(wrong(right))) for right in rights], agrees)


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: f"{relation.name} {relation.says[:30]}")
def test_each_relation_is_told(relation):
    """What comes by a relation is named so, whichever of two equal ones it is."""
    mixed = [right * (-1.0) ** np.arange(right.shape[1]) for right in RIGHT]
    name, sentence = told(mixed if relation.name in ("absolute", "cut_off_below_0") else RIGHT, relation.result)
    assert (name, sentence) == (relation.name, f"Your result {relation.says}.")


@pytest.mark.parametrize(
    ("rights", "wrong"),
    [
        ([RIGHT[0]], lambda right: 2 * right),
        ([np.array(1.5), np.array(2.5)], lambda right: 2 * right),
        (RIGHT, lambda right: 2.1 * right),
        (RIGHT, lambda right: right + 0.3),
        (RIGHT, lambda right: right),
        ([RIGHT[0], np.ones((2, 2))], lambda right: right.T),
        ([np.array(number) for number in (1.5, 2.5, 3.5)], lambda right: right[None]),
    ],
    ids=["one case", "two numbers", "no one's factor", "no one's shift", "right", "shown in one case", "in brackets"],
)
def test_little_evidence_tells_nothing(rights, wrong):
    """A relation needs two cases in which it shows, three numbers, and a factor or shift that a person would write."""
    assert told(rights, wrong) == (None, None)


def test_a_relation_of_some_outputs_names_them():
    """Where other outputs are right, the sentence names those that are not; two may have changed places."""
    answered = [(case(right, grad_w=right + 1), reply(right, grad_w=-right - 1)) for right in RIGHT]
    assert related(answered, agrees) == ("negated", "The gradient for `w` has the opposite sign.")
    answered = [(case(right, dw=right + 1, db=right), reply(right, dw=2 * right + 2, db=2 * right)) for right in RIGHT]
    assert related(answered, agrees)[1] == "`dw` and `db`: each is twice what it should be."
    answered = [(case(right, db=right + 1), reply(right + 1, db=right)) for right in RIGHT]
    assert related(answered, agrees) == ("outputs_swapped", "`output` and `db` have changed places.")


def test_as_many_times_as_there_are_samples():
    """A sum in place of a mean is told, where the number of samples varies."""
    answered = [(case(right, arguments={"x": np.ones((len(right), 4))}), reply(len(right) * right)) for right in RIGHT]
    assert related(answered, agrees) == (
        "times_size",
        "Your result is n times too large, where n is how many rows an input has.",
    )


def test_divided_by_another_size():
    """A sum that is divided by the features in place of the samples is told, where both vary."""
    inputs = [np.ones((4, 2)), np.ones((3, 5))]
    answered = [
        (case(right, arguments={"x": x}), reply(right * len(x) / x.shape[1])) for right, x in zip(RIGHT, inputs)
    ]
    name, sentence = related(answered, agrees)
    assert name == "divided_by_another_size" and "n / m times what it should be" in sentence


@pytest.mark.parametrize(
    ("replies", "name"),
    [
        ([0.0, 7.0, 8.0, 9.0, 10.0], "first_case_only"),
        ([0.0, 7.0, 8.0, 9.0], None),
        ([5.0, 1.0, 8.0, 3.0], "one_axis_only"),
        ([5.0, 1.0, 8.0], None),
        ([5.0, 1.0, 2.0, 3.0], None),
    ],
)
def test_patterns(replies, name):
    """Which cases are right may say what is wrong: the first one alone, or arrays of one axis."""
    inputs = [np.ones((2, 2)), np.ones(2), np.ones((3, 2)), np.ones(3), np.ones((4, 2))]
    answered = [
        (case(np.array(float(number)), arguments={"x": x}), came == number)
        for number, (came, x) in enumerate(zip(replies, inputs))
    ]
    assert patterned(answered)[0] == name
    parts = [({**asked, "part": str(number)}, right) for number, (asked, right) in enumerate(answered)]
    assert patterned(parts) == (None, None), "the parts say it"


def diagnosed(values):
    """Return the diagnoses of values that have the right shapes, and how often there could be one.

    Args:
        values: function from a test and a shape to what comes.
    """
    found, count = [], 0
    for test in BY_VALUE:
        cases = decode(test["cases"])
        if any(array.dtype.kind != "f" for array in cases[0]["expected"].values()):
            continue  # few whole numbers or words are right by chance
        for _ in range(4):
            came = [{name: values(test, array.shape) for name, array in each["expected"].items()} for each in cases]
            answers = [{"values": outputs, "notes": []} for outputs in came]
            found.append(assess({**test, "cases": cases}, lambda *asked, answers=answers: answers).diagnosis)
            count += 1
    return [name for name in found if name], count


def test_chance_gets_no_diagnosis():
    """Random numbers of the right shapes are no relation and no mistake, in any exercise."""
    rng = np.random.default_rng(12)
    found, count = diagnosed(lambda test, shape: np.asarray(rng.normal(size=shape) * 2))
    assert count > 100 and len(found) <= 0.01 * count, found


def test_results_of_other_exercises_get_no_diagnosis():
    """What mistakes give in one exercise is no relation in another."""
    rng = np.random.default_rng(12)
    pool = {
        test["grade_id"]: [
            np.ravel(array).astype(float)
            for each in decode(test["cases"])
            for outputs in each["mistakes"].values()
            for array in outputs.values()
            if np.all(np.isfinite(array))  # what is undefined is called so anywhere
        ]
        for test in BY_VALUE
    }
    names = [name for name, arrays in pool.items() if arrays]

    def from_another(test, shape):
        other = names[(names.index(test["grade_id"]) + int(rng.integers(1, len(names)))) % len(names)]
        numbers = np.concatenate(pool[other])
        return np.asarray(np.resize(numbers[rng.integers(len(numbers)) :], shape))

    found, count = diagnosed(from_another)
    assert len(found) <= 0.01 * count, found


def test_outputs_in_another_order_are_named():
    """Two outputs have changed places, also where each decides about a part of its own; of more the order is told."""
    outputs = {"dw": RIGHT[0], "db": RIGHT[0] + 20, "dv": RIGHT[0] - 30}
    for names, says in ((("dw", "db"), "have changed places"), (("dw", "db", "dv"), "`db` where `dw` belongs")):
        moved = dict(zip(names, [outputs[name] for name in (*names[1:], names[0])]))
        right = {name: outputs[name] for name in names}
        answered = [
            ({"part": "all", "arguments": {}, "expected": right, "compared": ["dw"]}, {"values": moved, "notes": []})
        ] * 2
        name, sentence = related(answered, agrees)
        assert name == "outputs_swapped" and says in sentence
