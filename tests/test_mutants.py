"""The tests of exercises find what is changed in a right answer: a sample here, all of it by ``make mutants``."""

import textwrap

import pytest

from course_utils.judging.mutants import alike, recorded_mutants, unpacked
from course_utils.recording import recorded_tests
from tests.autograder.authoring.test_answers import skip_where_missing
from tests.mutants.equivalents import outdated, reasons, sort_out, written
from tests.mutants.making import Mutant, given_in, mutants_of
from tests.mutants.record import mutants_with_words, record, results_of
from tests.mutants.trials import (
    Tried,
    drawn_tests,
    exercises,
    is_full,
    mutants_to,
    own_names,
    try_exercise,
    verdicts_of,
)

SAMPLE = 17  # one of so many mutants is judged here

SOLUTION = '''
def given(x):
    return x + 1


def asked(x: np.ndarray, w: np.ndarray, rate: float = 0.5) -> np.ndarray:
    """Return something.

    Args:
        x: samples of any shape.
        w: weights, shape (n,).
    """
    ### BEGIN SOLUTION
    if rate > 1:
        rate = 1.0
    total = np.sum(x, axis=1)
    return w - rate * total / len(x)
    ### END SOLUTION
'''


def test_rules_change_one_thing():
    """Each rule makes its mutants of what students write and of nothing else, in the same order each time."""
    found = mutants_of(SOLUTION, given_in(SOLUTION))
    assert found == mutants_of(SOLUTION, given_in(SOLUTION))
    changes = {(mutant.rule, mutant.before, mutant.after) for mutant in found}
    last = "return w - rate * total / len(x)"
    assert changes >= {
        ("arithmetic", last, "return w + rate * total / len(x)"),
        ("operand_lost", last, "return rate * total / len(x)"),
        ("operands_swapped", last, "return rate * total / len(x) - w"),
        ("brackets", last, "return (w - rate * total) / len(x)"),
        ("comparison", "if rate > 1:", "if rate >= 1:"),
        ("sign", last, "return -(w - rate * total / len(x))"),
        ("constant", "rate = 1.0", "rate = 2.0"),
        ("axis", "total = np.sum(x, axis=1)", "total = np.sum(x, axis=0)"),
        ("keyword_lost", "total = np.sum(x, axis=1)", "total = np.sum(x)"),
        ("other_name", "total = np.sum(x, axis=1)", "total = np.mean(x, axis=1)"),
        ("call_lost", last, "return w - rate * total / x"),
        ("statement_lost", "rate = 1.0", "pass"),
        ("condition", "if rate > 1:", "if True:"),
        ("in_place", last, "return __import__('operator').isub(w, rate * total / len(x))"),
        ("in_place", last, f"{last.replace('return', '_result =')}; x += 1; return _result"),
        ("one_row_only", "", "assert x.ndim < 2"),
        ("size_as_in_the_first_case", last, "return w - rate * total / _seen.setdefault('size', len(x))"),
        ("argument_as_in_the_first_case", "", "rate = _seen.setdefault('rate', rate)"),
    }
    assert ("one_row_only", "", "assert w.ndim < 2") not in changes
    assert not any("x - 1" in mutant.source or "rate: float=1.5" in mutant.source for mutant in found)


@pytest.mark.parametrize(
    ("line", "after", "words"),
    [
        ("return x - w / 2", "return x + w / 2", "`+` stands in place of `-`"),
        ("return x - w / 2", "return w / 2", "one part of a difference is missing"),
        ("return x - w / 2", "return w / 2 - x", "the two sides of a difference are swapped"),
        ("return x - w / 2", "return (x - w) / 2", "brackets are missing, or stand in another place"),
        ("return x - w / 2", "return x - w / 3", "a number is too large by 1"),
        ("return x * 1.5", "return x * 3.0", "a number is twice as large"),
        ("return np.tril(x, k=True)", "return np.tril(x, k=False)", "`True` and `False` are exchanged"),
        ("return x > w", "return x >= w", "`>=` stands in place of `>`"),
        ("return f(x, w)", "return f(w, x)", "the first two arguments of a call are swapped"),
        ("return x.mean(axis=1)", "return x.mean(axis=0)", "something is taken along another axis"),
        ("return x.mean(axis=1)", "return x.sum(axis=1)", "`sum` stands in place of `mean`"),
        ("return x.mean(axis=1)", "return x.mean()", "`axis` is left out"),
        ("return np.sqrt(x)", "return x", "`sqrt` is left out"),
        ("return -x", "return x", "a minus sign is missing"),
        ("return x[1:]", "return x[:]", "a slice lacks one of its bounds"),
        ("return [f(v) for v in x]", "return [f(v) for v in list(x)[:-1]]", "a loop leaves out its last round"),
        ("return x if w else 0", "return x if True else 0", "a condition is always met, or never"),
        ("x += w", "x = w", "`=` stands in place of `+=`"),
        ("x += w", "pass", "one step is left out"),
        ("return x, w", "return (w, x)", "two results are swapped"),
    ],
)
def test_a_change_has_words(line, after, words):
    """What a check says of a mutant names what was exchanged or lost."""
    found = [m for m in mutants_of(f"def f(x, w):\n    {line}\n") if m.after in (after, after.replace("return ", ""))]
    assert [mutant.change for mutant in found] == [words]


@pytest.mark.parametrize("grade_id", sorted(recorded_mutants()))
def test_what_is_recorded_comes_of_a_mutant(grade_id):
    """The first recorded result of each exercise is still that of a mutant with these words; else record them anew."""
    skip_where_missing(lab := lab_of(grade_id), grade_id)
    change, projections = recorded_mutants()[grade_id][0]
    mutants = (mutant for mutant in mutants_with_words(lab, grade_id) if mutant.change == change)
    found = (results_of(lab, grade_id, mutant.source) for mutant in mutants)
    assert any(each is not None and alike(each, projections) for each in found), "run `make mutants ARGS=--record`"


@pytest.mark.parametrize("grade_id", ["mse_numpy", "perceptron_update", "backprop", "temper"])
def test_all_of_what_is_told_apart_is_recorded(grade_id):
    """Numbers may be rounded otherwise on another processor, so what lies at a limit may be there or not."""
    recorded = recorded_mutants().get(grade_id, [])
    now = [(change, unpacked(text)) for change, text in record(lab_of(grade_id), grade_id)]
    missing = [change for change, numbers in now if not any(c == change and alike(p, numbers) for c, p in recorded)]
    assert len(missing) <= 1 and abs(len(now) - len(recorded)) <= 1, missing


def lab_of(grade_id):
    return recorded_tests()[grade_id][0]


@pytest.mark.parametrize(
    ("line", "rule", "after"),
    [
        ("return [f(v) for v in values if v]", "condition", "return [f(v) for v in values]"),
        ("return [f(v) for v in values]", "element_lost", "return [f(v) for v in list(values)[1:]]"),
        ("return values[1:]", "element_lost", "return values[:]"),
        ("return values.copy()", "copy_lost", "return values"),
        ("return values or []", "comparison", "return values and []"),
    ],
)
def test_rules_of_lists(line, rule, after):
    """Loops, slices, copies and conditions are changed too; where two rules make the same, it is there once."""
    made = [mutant for mutant in mutants_of(f"def f(values):\n    {line}\n") if (mutant.after) == after]
    assert [(mutant.before, mutant.rule in (rule, "call_lost")) for mutant in made] == [(line, True)]


def neuron(body):
    return f"def neuron(x, w, b):\n{textwrap.indent(body, '    ')}\n"


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "raise SystemExit",
        "return [0] * 10**12",
        "import os\nreturn x @ w",
        "return 1 / (1 + np.exp(",
    ],
)
def test_a_mutant_that_does_not_end_is_found(body, monkeypatch):
    """An endless loop, an exit, too much memory and code that does not compile have no marks, and do no harm."""
    monkeypatch.setattr("tests.mutants.trials.SECONDS", 0.2)
    verdicts = verdicts_of("lab1_perceptron", "neuron", neuron(body), drawn_tests("lab1_perceptron", "neuron", 1))
    assert verdicts and not any(map(is_full, verdicts))


def test_a_right_answer_survives():
    """What is right has full marks in check and hidden test."""
    source = neuron("return 1 / (1 + np.exp(-(x @ w + b)))")
    assert list(
        map(is_full, verdicts_of("lab1_perceptron", "neuron", source, drawn_tests("lab1_perceptron", "neuron", 1)))
    ) == [
        True,
        True,
    ]


def test_names_of_another_exercise_stay():
    """An exercise that uses what an earlier one asked for is judged beside it."""
    assert own_names("lab4_overfitting_dropout", "ablation") == {"ablation"}
    assert own_names("lab1_perceptron", "neuron") == {"neuron"}


def test_what_another_exercise_asks_for_is_not_mutated():
    """An answer to the table of cures brings a training of its own, which is the capstone's to judge."""
    found = mutants_to("lab4_overfitting_dropout", "ablation", 1)
    assert {name for name, _ in found} == {"solution", "votes_of_neighbours"}
    assert all("copies = 6 if 'augmentation' in cures else 0" in m.source for n, m in found if n != "solution")


def test_mutants_of_an_answer_without_full_marks_are_not_judged(monkeypatch):
    """Else each of them would die, and nothing be learned."""
    monkeypatch.setattr("tests.mutants.trials.answers_to", lambda *_: {"solution": neuron("return 0")})
    with pytest.raises(AssertionError, match="neuron: the answer solution has no full marks as it is"):
        try_exercise("lab1_perceptron", "neuron")


@pytest.mark.parametrize(("lab", "grade_id"), exercises(), ids=[grade_id for _, grade_id in exercises()])
def test_a_sample_of_mutants_is_found(lab, grade_id):
    """No mutant of the sample has full marks, but for those that are listed as right."""
    skip_where_missing(lab, grade_id)
    assert sort_out(try_exercise(lab, grade_id, secrets=1, share=SAMPLE))[0] == []


def test_the_list_of_right_mutants_is_sorted_out(monkeypatch):
    """A survivor is open unless it is listed; what is listed and does not survive is named."""
    mutant, other = Mutant("sign", "a", "-a", ""), Mutant("sign", "b", "-b", "")
    monkeypatch.setattr(
        "tests.mutants.equivalents.reasons", lambda: {"q: sign: a -> -a": "why", "q: sign: c -> -c": "why"}
    )
    tried = Tried("lab", "q", 3, [("solution", mutant), ("solution", other)], [("solution", mutant)])
    assert sort_out(tried) == (["q: sign: b -> -b", "by luck: q: sign: a -> -a"], 1)
    assert outdated(tried) == ["q: sign: c -> -c"]


def test_what_is_listed_occurs():
    """Each line of the list is that of a mutant that some answer has."""
    listed = {line.partition(": ")[0] for line in reasons()}
    there = {
        written(grade_id, mutant)
        for lab, grade_id in exercises(slow=True)
        if grade_id in listed
        for _, mutant in mutants_to(lab, grade_id, others=1)
    }
    assert set(reasons()) - there == set()


def test_every_exercise_with_code_has_mutants():
    """The exams too, though what an exam asks for may be asked for by another exercise as well."""
    assert [pair for pair in exercises(slow=True) if not mutants_to(*pair, others=0)] == []
