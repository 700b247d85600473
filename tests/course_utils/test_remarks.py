"""Remarks: a closed vocabulary, whose gaps hold little on hidden inputs."""

import math
import re
from itertools import product

import numpy as np
import pytest

from autograder.settings import PROJECT
from course_utils import remarks
from course_utils.probes import Unusable
from course_utils.probes.base import remark
from course_utils.remarks import ADVICE, BOUNDED, UNTOLD, VOCABULARY, diagnosis, in_words, shape_in_words
from course_utils.switched_off import GROUPS

ARGUMENTS = {"parameters": {"W": np.zeros((3, 2)), "b": np.zeros(2)}, "outputs": ["w", "velocity"], "limit": 60}
SECRET = "aGlkZGVu"
CARRIERS = (
    SECRET,
    f"a {SECRET}",
    f"`{SECRET}`",
    [0, 2**62 - 1],
    [SECRET],
    [[2**62]],
    2**62,
    -1.5,
    [SECRET] * 9,
    True,
    {},
)


def test_every_gap_of_every_sentence_is_bounded():
    """A gap has a rule and a word for what is not told; no rule stands there without a sentence that needs it."""
    gaps = {gap for _, text in VOCABULARY.values() for gap in re.findall(r"{(\w+)}", text)}
    assert gaps - {"advice"} == set(BOUNDED) == set(UNTOLD)


def test_probes_use_the_whole_vocabulary_and_nothing_else():
    """Every sentence is one that some probe can say."""
    source = "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "course_utils/probes").glob("*.py"))
    said = set(re.findall(r'"(\w+)"', source))
    assert set(VOCABULARY) - said == {"unreadable"}
    with pytest.raises(LookupError):
        remark("no_such_sentence")
    with pytest.raises(LookupError):
        raise Unusable(SECRET)


@pytest.mark.parametrize("carrier", CARRIERS, ids=str)
def test_no_gap_carries_what_a_student_chose(carrier):
    """On hidden inputs texts, names and large numbers stay unsaid, whatever gap they stand in."""
    for says in VOCABULARY:
        text = in_words({"says": says, **dict.fromkeys([*BOUNDED, "advice"], carrier)}, ARGUMENTS, reveal=False)
        assert SECRET not in text and not re.search(r"\d{3}|1\.5|\{", text)


@pytest.mark.parametrize("forged", [None, SECRET, [], {}, {"says": SECRET}, {"says": ["endless"]}, {"says": 3}])
def test_what_is_no_remark_says_one_thing(forged):
    """A sentence that is none of ours is replaced by one that is."""
    assert in_words(forged, {}, reveal=False) == "your code gave no answer that could be read"
    assert diagnosis(forged) == "unreadable"


def test_an_honest_remark_keeps_its_words_on_hidden_inputs():
    """What the exercise asks for, small shapes and common types are told, as in the student's own notebook."""
    for honest in (
        remark("parameter_shape", name="W", shape=[2, 3], expected=[3, 2]),
        remark("no_parameters", parameters=[["W", [3, 2]], ["b", [2]]], advice="linear"),
        remark("not_several", count=2, names=["w", "velocity"], kind="a list of unequal parts"),
        remark("not_a_tensor", framework="PyTorch", kind="a NumPy array"),
        remark("not_numbers", subject="`velocity`", kind="a KerasTensor"),
        remark("dtype_changed", received="float32", returned="float64"),
        remark("warned", warning="overflow encountered in exp"),
        remark("too_slow", seconds=60),
    ):
        assert in_words(honest, ARGUMENTS, reveal=False) == in_words(honest)


def test_large_shapes_are_told_in_the_own_notebook_alone():
    """A size beyond nine, or a fourth axis, is untold, except a size that the exercise expects."""
    assert [shape_in_words(shape) for shape in ((3, 9), (3, 10), (1, 1, 1, 1), None)] == [
        "(3, 9)",
        "(...)",
        "(...)",
        "none",
    ]
    assert shape_in_words((50, 40), like=(40, 50)) == "(50, 40)"
    assert shape_in_words((0, 2**62 - 1), reveal=True) == "(0, 4611686018427387903)"


def test_a_remark_tells_at_most_so_many_bits():
    """docs/security.md says how much: all remarks together are fewer than 2**21 on any one case."""
    choices = {
        "subject": len(remarks.SUBJECTS) + 2 * 20,  # and names of the case
        "kind": len(remarks.KINDS) + 2 * len(remarks.TYPES),
        "framework": 2,
        "wanted": len(remarks.WANTED),
        "name": 20,
        "names": 1,
        "method": 4,
        "count": 3,
        "number": remarks.LARGEST_NUMBER + 1,
        "received": len(remarks.DTYPES),
        "returned": len(remarks.DTYPES),
        "warning": 4 * 23,
        "shape": _shapes(),
        "shapes": 2 * _shapes(),
        "expected": 8,
        "images": 1,
        "parameters": 1,
        "seconds": 1,
        "word": 4,
        "place": len(remarks.COUNTED),
        "advice": len(ADVICE),
        "call": len(set().union(*GROUPS.values())),
    }
    assert set(choices) == {*BOUNDED, "advice"}
    total = sum(math.prod(choices[gap] + 1 for gap in re.findall(r"{(\w+)}", text)) for _, text in VOCABULARY.values())
    assert total < 2**21


def _shapes():
    sizes = range(remarks.LARGEST_SIZE + 1)
    return sum(1 for axes in range(remarks.MOST_AXES + 1) for _ in product(sizes, repeat=axes))
