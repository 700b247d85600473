"""What is written into a recorded file comes back, on every processor."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from course_utils.recording import RECORDED, decode, encode, read, recorded_tests, same_recording, written
from tests.sources import starred

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-1000, 1000)
    | st.text(max_size=5)
    | arrays.arrays(
        st.sampled_from([np.dtype("int64"), np.dtype("bool")]), arrays.array_shapes(min_dims=0, max_side=3)
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60)
@given(values)
def test_recorded_values_survive_their_file(value):
    """What is written into a recorded file comes back, arrays with their shape and dtype."""
    written = encode(value)
    read = decode(json.loads(json.dumps(written)))
    assert encode(read) == written


@settings(max_examples=60)
@given(arrays.arrays(np.float64, arrays.array_shapes(min_dims=0, max_side=3), elements=st.floats(-1e6, 1e6)))
def test_recorded_numbers_keep_7_digits(array):
    """Numbers keep seven significant digits, which is more than any tolerance asks for."""
    read = decode(json.loads(json.dumps(encode(array))))
    assert read.shape == array.shape
    assert np.allclose(read, array, rtol=1e-6, atol=0)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({"float64[2]": [1.234568, 0.0]}, True),  # the other side of a tie
        ({"float64[2]": [1.234567, 3e-17]}, True),  # 0 but for rounding
        ({"float64[2]": [1.234577, 0.0]}, False),
        ({"float64[2,1]": [1.234567, 0.0]}, False),
        ({"float32[2]": [1.234567, 0.0]}, False),
        ({"float64[1]": [1.234567]}, False),
    ],
)
def test_a_recording_is_the_same_but_for_its_last_digit(other, same):
    """Processors round differently, so recorded numbers agree to 1e-6; all else agrees exactly."""
    one = {"float64[2]": [1.234567, 0.0]}
    assert same_recording(one, other) is same
    assert same_recording({"cases": [one, "text"]}, {"cases": [other, "text"]}) is same
    assert not same_recording({"cases": [one, "text"]}, {"cases": [one, "other text"]})
    assert not same_recording({"points": 1, "cases": one}, {"points": True, "cases": one})


def test_a_recorded_file_holds_what_was_written_without_repeating_what_is_right():
    """An output that a mistake gets right is written once, and is there again when the file is read."""
    right, wrong = np.array([0.5, -0.0, 2.0]), np.array([[0.25]])
    case = {"part": "all", "arguments": {"x[0]": [1]}, "expected": {"w": right, "b": wrong + 1}}
    tests = encode([{"grade_id": "a", "cases": [{**case, "mistakes": {"slip": {"w": right, "b": wrong}, "none": {}}}]}])
    text = written("lab", "A lab", tests)
    assert text.count("-0.0") == 1 and read(text) == {"lab": "lab", "title": "A lab", "tests": tests}
    (kept,) = decode(read(text)["tests"][0]["cases"])
    assert kept["mistakes"]["slip"]["w"].tobytes() == right.tobytes()
    assert kept["mistakes"]["slip"]["b"].shape == (1, 1) and kept["arguments"] == {"x[0]": [1]}


def test_recorded_files_stay_small():
    """Every student downloads them: those of all labs together take less than a megabyte and a tenth."""
    assert sum(path.stat().st_size for path in RECORDED.glob("*.json")) < 1_100_000


def test_all_recorded_files_are_read():
    """Every test of every file is there under its grade id, with its lab and its points."""
    tests = recorded_tests()
    for path in RECORDED.glob("*.json"):
        lab = read(path.read_text(encoding="utf-8"))
        assert lab["lab"] == path.stem
        for test in lab["tests"]:
            assert tests[test["grade_id"]] == (path.stem, test) and test["points"] >= 0


def test_no_hint_has_marks_that_a_card_shows_as_they_are():
    """Backticks are the one mark of a hint: words between asterisks would keep these."""
    hints = [hint for _, test in recorded_tests().values() for hint in test.get("hints", {}).values()]
    assert hints and list(filter(starred, hints)) == []
