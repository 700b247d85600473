"""The judge: type first, then shape, then values, then the diagnosis; and nothing that is sent to it breaks it."""

import re
from itertools import cycle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from course_utils.checks import run_test
from course_utils.judging.agreement import agrees
from course_utils.judging.assess import assess, is_right
from course_utils.recording import decode, encode, recorded_tests
from course_utils.remarks import BOUNDED, VOCABULARY

SETTINGS = settings(max_examples=100)


def test_of(*cases, hints=None, **changes):
    """Return a test by value whose cases are (part, expected, misconceived)."""
    return {
        "grade_id": "toy",
        "label": "toy (NumPy)",
        "title": "Toy",
        "object": "toy",
        "probe": "call",
        "needs": [],
        "judge": None,
        "hints": {"doubled": "It is twice as large."} if hints is None else hints,
        "cases": [
            {
                "part": part,
                "arguments": {},
                "expected": {"output": np.asarray(right)},
                "mistakes": {"doubled": {"output": np.asarray(wrong)}},
            }
            for part, right, wrong in cases
        ],
        **changes,
    }


test_of.__test__ = False
RIGHT = np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])
TOY = test_of(("small", RIGHT, 2 * RIGHT), ("large", 10 * RIGHT, 20 * RIGHT))


def judged(*replies, test=TOY, reveal=True):
    """Judge replies given as arrays, or as whole replies."""
    given = cycle(
        [
            reply if isinstance(reply, dict) else {"values": {"output": np.asarray(reply)}, "notes": []}
            for reply in replies
        ]
    )
    return assess(test, lambda name, probe, cases: [next(given) for _ in cases], reveal)


def test_a_right_reply_passes():
    """Equal values earn everything."""
    finding = judged(RIGHT, 10 * RIGHT)
    assert (finding.fraction, finding.status, finding.message) == (1.0, "passed", "right.")


def test_each_part_earns_its_share():
    """A part whose cases all agree earns points; the message says which parts are right."""
    finding = judged(RIGHT, 11 * RIGHT)
    assert (finding.fraction, finding.status) == (0.5, "partial")
    assert finding.message == (
        "right for small; for large: right shape, wrong values. Largest difference at [1, 2]: expected 6, got 6.6."
    )


def test_what_is_shown_of_a_case_is_what_earned_its_part():
    """A case is right by the outputs that decide about its part alone; a remark that costs the part costs the case."""
    both = {"a": RIGHT, "b": 2 * RIGHT}
    cases = [{"part": name, "arguments": {}, "expected": both, "compared": [name], "mistakes": {}} for name in both]
    test = {**test_of(), "cases": cases}
    half = {"values": {**both, "a": 3 * RIGHT}, "notes": []}
    assert judged(half, test=test).fraction == 0.5
    assert [is_right(test, case, half) for case in cases] == [False, True]
    changed = {"values": both, "notes": [{"says": "input_changed"}]}
    assert judged(changed, test=test).fraction == 0
    assert not any(is_right(test, case, reply) for case in cases for reply in (changed, {"missing": True}, None))


def test_two_cases_of_one_part_count_once():
    """Where one case of a part fails the part earns nothing."""
    finding = judged(RIGHT, 11 * RIGHT, test=test_of(("same", RIGHT, 0 * RIGHT), ("same", 10 * RIGHT, 0 * RIGHT)))
    assert finding.fraction == 0


def test_a_mistake_gets_its_hint():
    """Values that equal a mistake on all cases get its hint in place of numbers."""
    finding = judged(2 * RIGHT, 20 * RIGHT)
    assert finding.diagnosis == "doubled"
    assert finding.message == "right shape, wrong values. It is twice as large."


def test_a_mistake_on_one_case_only_is_none():
    """A coincidence on a single case of a part is not diagnosed."""
    test = test_of(("same", RIGHT, 2 * RIGHT), ("same", 10 * RIGHT, 20 * RIGHT))
    assert judged(2 * RIGHT, 21 * RIGHT, test=test).diagnosis is None


def test_each_part_has_its_own_mistake():
    """Where no mistake explains all replies, each part that one explains gets its hint."""
    test = test_of(("sine", RIGHT, 2 * RIGHT), ("cosine", 3 * RIGHT, 5 * RIGHT), ("tangent", RIGHT, 0 * RIGHT))
    for case in test["cases"]:
        case["mistakes"]["halved"] = {"output": case["expected"]["output"] / 2}
    test["hints"]["halved"] = "It is half as large."
    finding = judged(2 * RIGHT, 1.5 * RIGHT, RIGHT, test=test)
    assert (finding.fraction, finding.diagnosis) == (pytest.approx(1 / 3), "doubled")
    assert finding.message == (
        "right for tangent; for sine: right shape, wrong values. It is twice as large. "
        "For cosine: right shape, wrong values. It is half as large."
    )


def test_what_is_plainly_wrong_elsewhere_is_not_called_rounded():
    """Nearly right in one part, as a sum of large numbers may be, says nothing where another part is far off."""
    near, far, off = 1000 * RIGHT + 0.5, 2000 * RIGHT + 0.5, np.sqrt(RIGHT)
    test = test_of(("small", RIGHT, 0 * RIGHT), ("large", near, 0 * RIGHT), ("large", far, 0 * RIGHT))
    assert judged(RIGHT, near + off, far + off, test=test).diagnosis == "nearly_right"
    assert judged(RIGHT**2 - 7, near + off, far + off, test=test).diagnosis is None


def test_the_mistake_of_one_part_goes_before_one_of_several():
    """Where two mistakes give the same in a part, the one that is right elsewhere is the one that was made."""
    test = test_of(("sine", RIGHT, 2 * RIGHT), ("cosine", 3 * RIGHT, 6 * RIGHT), ("tangent", RIGHT, RIGHT + 1))
    for case, wrong in zip(test["cases"], (2 * RIGHT, 3 * RIGHT, RIGHT)):
        case["mistakes"]["sine_doubled"] = {"output": wrong}
    test["hints"]["sine_doubled"] = "The sine is twice as large."
    finding = judged(2 * RIGHT, 3 * RIGHT, RIGHT + 9, test=test)
    assert finding.diagnosis == "sine_doubled"


def test_a_return_that_is_missing_for_some_inputs_is_named():
    """A function that returns nothing for some inputs is not called unfinished."""
    finding = judged(RIGHT, {"values": {"output": None}, "notes": []})
    assert (finding.fraction, finding.status, finding.diagnosis) == (0.5, "partial", "returns_sometimes")


def test_a_changed_input_costs_a_judged_exercise_too():
    """What a judge would pass earns nothing where the caller's arrays were changed."""
    test = test_of(("a", RIGHT, 2 * RIGHT), judge=lambda test, replies, reveal: 1 / 0)
    finding = judged({"values": {"output": RIGHT}, "notes": [{"says": "input_changed"}]}, test=test)
    assert (finding.fraction, finding.diagnosis) == (0, "input_changed")


def test_a_mistake_may_have_another_shape():
    """A wrong shape can be a mistake too; the shapes are named first."""
    test = test_of(("a", RIGHT, RIGHT.T), ("b", 10 * RIGHT, 10 * RIGHT.T), hints={"doubled": "It is transposed."})
    finding = judged(RIGHT.T, 10 * RIGHT.T, test=test)
    assert finding.message == "expected shape (2, 3), got shape (3, 2). It is transposed."
    assert finding.diagnosis == "doubled"


def test_a_mistake_that_cannot_run_on_one_case_is_known_by_the_others():
    """Where a mistake has no values its code raises; the values of the other cases tell which one it is."""
    test = test_of(("a", RIGHT, 2 * RIGHT), ("a", 10 * RIGHT, RIGHT))
    test["cases"][1]["mistakes"]["doubled"] = {}
    raised = {"error": {"type": "ValueError", "message": "shapes not aligned", "line": ""}}
    assert judged(2 * RIGHT, raised, test=test).diagnosis == "doubled"
    assert judged(2 * RIGHT, 10 * RIGHT, test=test).diagnosis == "doubled", "it runs there, and is right"
    assert judged(2 * RIGHT, 11 * RIGHT, test=test).diagnosis is None


@pytest.mark.parametrize(
    ("reply", "diagnosis", "words"),
    [
        (0 * RIGHT, "zeros", "Every value is 0."),
        (0 * RIGHT + 0.3, "constant", "Every value is the same, whatever the input."),
    ],
)
def test_zeros_and_constants_are_named(reply, diagnosis, words):
    """The two laziest answers are recognised."""
    finding = judged(reply, reply)
    assert (finding.diagnosis, finding.fraction) == (diagnosis, 0)
    assert finding.message.endswith(words)


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (1.0, "expected shape (2, 3), got one number."),
        (np.arange(3.0), "expected shape (2, 3), got shape (3,)."),
        (RIGHT * np.nan, "right shape, but the output holds NaN or infinity."),
        (RIGHT + [[0, 0, np.inf], [0, 0, 0]], "right shape, but the output holds NaN or infinity."),
        (
            {"unusable": {"says": "not_numbers", "subject": "the result", "kind": "a string"}},
            "expected numbers, but the result is a string.",
        ),
        ({"values": {"output": None}, "notes": []}, "not finished: `toy` returns nothing yet: is there a `return`?"),
        (
            {"values": {"output": None}, "notes": [{"says": "best_empty"}]},
            "not finished: `best_weights` is still empty: no epoch has counted as the best so far.",
        ),
        ({"missing": True}, "there is no `toy` yet. Run the cell that defines it, and keep its name."),
        (
            {"error": {"type": "OSError", "message": "no file", "line": "return read(path)"}},
            "your code raised OSError: no file. In the line `return read(path)`.",
        ),
    ],
)
def test_messages_name_the_first_thing_that_is_wrong(reply, message):
    """Each kind of trouble has one plain line, and earns nothing."""
    finding = judged(reply, reply if isinstance(reply, dict) else 2 * np.asarray(reply))
    assert (finding.message, finding.fraction) == (message, 0)


@pytest.mark.parametrize(
    ("reply", "message"), [(7, "wrong number. Expected 6, got 7."), (np.nan, "it is NaN or infinity.")]
)
def test_one_number_has_no_shape_to_praise(reply, message):
    """A wrong number is called that."""
    assert judged(reply, test=test_of(("all", 6.0, 12.0))).message == message


@pytest.mark.parametrize("actual", [[[1.0, 2.0]], [1.0, 2.0]], ids=["kept as a row", "alone"])
def test_the_first_row_alone_is_called_so(actual):
    """Whoever returns inside a loop gives the first of several rows; another row, or another shape, is not named so."""
    right = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    test = test_of(("part", right, 2 * right))

    def told(values):
        return assess(test, lambda *_: [{"values": {"output": np.array(values)}, "notes": []}], True)

    assert told(actual).diagnosis == "first_row_only" and "inside the loop" in told(actual).message
    assert told([[3.0, 4.0]]).diagnosis is None
    assert told([1.0, 2.0, 3.0]).diagnosis is None


def test_several_objects_are_named_as_alternatives():
    """It is not said of two that each returns nothing."""
    silent = {"values": {"output": None}, "notes": []}
    several = test_of(("all", 6.0, 12.0), object=["first", "second", "third"])
    assert judged(silent, test=several).message.startswith("not finished: `first`, `second` or `third` returns nothing")


def test_a_structural_note_explains_a_missing_gradient():
    """A right output without gradients earns nothing, and the note of the probe says why."""
    test = test_of(("a", RIGHT, 2 * RIGHT))
    test["cases"][0]["expected"]["grad_W"] = np.ones(3)
    noted = {"values": {"output": RIGHT}, "notes": [{"says": "untracked_variable", "name": "W"}]}
    finding = judged(noted, test=test)
    assert (finding.fraction, finding.diagnosis) == (0, "untracked_variable")
    assert finding.message.startswith("right output, but the gradient for `W` is missing. `W` is missing from")
    finding = judged({**noted, "notes": []}, test=test)
    assert finding.diagnosis == "missing_gradient"
    assert "without `.detach()`" in finding.message


def test_what_the_code_shows_explains_what_no_mistake_does():
    """It stands in each wrong case, and after an error; a mistake and a right result leave it unsaid."""
    shown = {"code": [{"says": "argument_unread", "place": "second"}]}
    says = "Your function never looks at its second argument, or gives that name another value first."

    def judged_with(*values):
        return judged(*({"values": {"output": value}, "notes": [], **shown} for value in values))

    finding = judged_with(RIGHT - 0.03, 11 * RIGHT)
    assert (finding.diagnosis, finding.message) == ("argument_unread", f"right shape, wrong values. {says}")
    assert judged_with(2 * RIGHT, 20 * RIGHT).diagnosis == "doubled"
    assert judged_with(RIGHT, 10 * RIGHT).message == "right."
    error = {"error": {"type": "KeyError", "message": "'W'", "line": ""}, **shown}
    assert judged(error, error).message.endswith(says)
    notebook = {"error": error["error"], "code": [{"says": "notebook_read", "name": "some_W"}]}
    assert "reads `some_W` from the notebook" in judged(notebook, notebook).message
    assert "some_W" not in judged(notebook, notebook, reveal=False).message


def test_luck_in_one_case_is_no_missing_gradient():
    """A constant that happens to be right in one case is still a constant, whichever case that is."""
    test = test_of(("a", 3.0, 6.0), ("a", 4.0, 8.0))
    for case in test["cases"]:
        case["expected"]["grad_W"] = np.ones(3)
    assert [judged(value, value, test=test).diagnosis for value in (3.0, 4.0, 5.0)] == ["constant"] * 3


def test_a_grade_tells_nothing_hidden():
    """On hidden inputs no expected value, no text of an error and no type that a student could name is shown."""
    finding = judged(RIGHT, 11 * RIGHT, reveal=False)
    assert not re.search(r"\d", finding.message)
    leak = {"error": {"type": "Leak_0_1234", "message": "x is [0.1234]", "line": "raise Leak(x)"}}
    finding = judged(leak, leak, reveal=False)
    assert finding.message == "your code raised an error. In the line `raise Leak(x)`."
    assert finding.diagnosis == "raised"
    known = {"error": {"type": "ValueError", "message": "x is [0.1234]", "line": ""}}
    assert judged(known, known, reveal=False).message == "your code raised ValueError."


def test_a_zero_may_be_rounded():
    """Where 0 is expected, up to rounding, another rounding of 0 is right and a small number is wrong."""
    for expected in (0.0, 0.1 - 0.3 + 0.2):
        assert agrees(np.float32(7.5e-9), expected)
        assert not agrees(np.float64(1e-3), expected)


def test_whole_numbers_must_be_exact():
    """A count that is off by one is wrong, however large it is."""
    assert agrees(np.array(1_000_000.0), np.array(1_000_000))
    assert not agrees(np.array(1_000_001.0), np.array(1_000_000))


shapes = arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
numbers = st.one_of(
    arrays.boolean_dtypes(),
    arrays.integer_dtypes(),
    arrays.unsigned_integer_dtypes(),
    arrays.floating_dtypes(sizes=(16, 32, 64)),
)
any_array = arrays.arrays(numbers, shapes)
texts = st.text(max_size=20)
remarks = st.fixed_dictionaries(
    {"says": st.sampled_from(sorted(VOCABULARY)) | texts},
    optional=dict.fromkeys(BOUNDED, st.integers() | texts | st.lists(st.integers() | texts, max_size=3)),
)
documented_replies = st.one_of(
    st.just({"missing": True}),
    st.fixed_dictionaries({"unusable": remarks}),
    st.fixed_dictionaries(
        {"error": st.fixed_dictionaries({"type": texts, "message": texts, "line": texts})},
        optional={"code": st.lists(remarks, max_size=2)},
    ),
    st.fixed_dictionaries(
        {
            "values": st.dictionaries(
                st.sampled_from(["output", "grad_W", "W1", "b1", "W2", "b2"]), st.none() | any_array
            ),
            "notes": st.lists(remarks, max_size=2),
        },
        optional={"code": st.lists(remarks, max_size=2)},
    ),
)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | any_array,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["values", "notes", "code", "output", "error", "unusable", "missing", "W1", "type"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
XOR = {
    **test_of(),
    "judge": "solves_xor",
    "cases": [
        {
            "part": "corners",
            "arguments": {},
            "data": {"points": np.array([[0.0, 0.0], [1.0, 0.0]]), "labels": np.array([0, 1])},
        }
    ],
}
WITH_GRADIENT = test_of(("a", RIGHT, 2 * RIGHT))
WITH_GRADIENT["cases"][0]["expected"]["grad_W"] = np.ones(3)


@SETTINGS
@given(documented_replies, documented_replies, st.booleans())
def test_the_judge_never_raises(first, second, reveal):
    """Any reply that a probe may give is judged without an exception, and earns between nothing and everything."""
    for test in (TOY, WITH_GRADIENT, XOR):
        finding = judged(first, second, test=test, reveal=reveal)
        assert 0 <= finding.fraction <= 1
        assert finding.message


class AnyOutput(dict):
    """The outputs of a reply, all of them the same array, whatever a judge calls them."""

    def __init__(self, array):
        super().__init__(output=array)
        self.array = array

    def __missing__(self, name):
        return self.array

    def __contains__(self, name):
        return True

    def get(self, name, default=None):
        return self.array


MISFIT = "operands could not be broadcast together with shapes (4,2) (3,)"
ODD_REPLIES = [
    {"error": {"type": "ValueError", "message": MISFIT, "line": "hidden = x @ W + b"}},
    {"values": {}, "notes": []},
    *(
        {"values": AnyOutput(array), "notes": [{"says": "warned"}], "code": [5]}
        for array in (
            *(np.array(number) for number in (np.nan, 2.0**70, True)),
            *(np.zeros(shape) for shape in ((0,), (0, 3), (3, 2), (2, 3, 4))),
            *(np.arange(3), np.array([np.inf, 1.0]), np.zeros(3, dtype=np.float16)),
        )
    ),
]


@pytest.mark.parametrize("grade_id", recorded_tests())
def test_no_exercise_fails_at_an_odd_reply(grade_id):
    """Errors about shapes, and numbers of any shape and kind, are assessed in every exercise, in place of the check."""
    test = decode(recorded_tests()[grade_id][1])
    for reply in ODD_REPLIES:
        for reveal in (True, False):
            finding = assess(test, lambda name, probe, cases, reply=reply: [reply] * len(cases), reveal)
            assert 0 <= finding.fraction <= 1 and finding.message


@SETTINGS
@given(junk, junk)
def test_junk_earns_nothing(first, second):
    """Whatever a process that is not trusted sends, the verdict is a finding worth 0 points."""
    for test in (TOY, WITH_GRADIENT, XOR):
        replies = cycle([first, second])
        result = run_test(
            "grade",
            test,
            3,
            {},
            reveal=False,
            ask=lambda name, probe, cases, replies=replies: [next(replies) for _ in cases],
        )
        assert result.score == 0
        assert result.status != "passed"


@SETTINGS
@given(
    arrays.arrays(np.float64, arrays.array_shapes(max_dims=3, max_side=4), elements=st.floats(-100, 100)),
    st.sampled_from(["float32", "float64"]),
)
def test_a_right_reply_passes_whatever_its_values(expected, dtype):
    """The expected values themselves always pass, in either precision, as they are and after a recorded file."""
    test = test_of(("a", expected, expected + 1))
    for each in (test, decode(encode(test))):
        assert judged(expected.astype(dtype), test=each).status == "passed"


@SETTINGS
@given(
    arrays.arrays(np.float64, arrays.array_shapes(max_dims=3, max_side=4), elements=st.floats(-100, 100)),
    st.floats(0.9, 1.1),
    st.sampled_from(["float16", "float32", "float64"]),
)
def test_a_visibly_scaled_reply_fails(expected, factor, dtype):
    """An answer that is off by more than 3 percent of its largest value never passes, whatever its dtype."""
    if np.max(np.abs(expected)) < 1e-3 or abs(factor - 1) < 0.03:
        return
    finding = judged((factor * expected).astype(dtype), test=test_of(("a", expected, expected + 1)))
    assert finding.fraction == 0


def test_what_is_drawn_by_lot_is_called_so():
    """A wrong result that no mistake explains is asked for again; if another comes, it is by lot."""
    rng = np.random.default_rng(5)

    def by_lot(name, probe, cases):
        return [{"values": {"output": RIGHT + rng.normal(size=RIGHT.shape)}, "notes": []} for _ in cases]

    assert assess(TOY, by_lot).diagnosis == "by_lot"
    assert judged(RIGHT + 0.07 * RIGHT**2, 10 * RIGHT + 7 * RIGHT**2).diagnosis is None
