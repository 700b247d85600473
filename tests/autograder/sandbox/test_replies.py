"""Replies of probes are checked before anything else sees them."""

import numpy as np
import pytest

from autograder.sandbox.replies import LONGEST_TEXT, MOST_NOTES, checked_reply, sound_reply
from autograder.sandbox.wire import Malformed

UNSOUND = [
    None,
    [],
    "right",
    {},
    {"values": []},
    {"values": {"x": {"y": 1}}, "notes": []},
    {"values": {"x": 1.0}, "notes": []},
    {"values": {"x" * 61: np.zeros(1)}, "notes": []},
]


@pytest.mark.parametrize("reply", UNSOUND)
def test_a_reply_of_another_form_is_refused(reply):
    """A probe's reply has one form; anything else earns nothing."""
    with pytest.raises(Malformed):
        sound_reply(reply)
    assert checked_reply(reply) == {"unusable": {"says": "unreadable"}}


def test_a_sound_reply_keeps_its_values():
    """Arrays, texts and what is not finished pass unchanged, and so do remarks of the right form."""
    values = {"output": np.arange(3.0), "choice": "B", "rest": None}
    note = {"says": "parameter_shape", "name": "W", "shape": [3, 2], "expected": [2, 3]}
    reply = sound_reply({"values": values, "notes": [note], "score": 3.0})
    assert reply == {"values": values, "notes": [note]}
    shown = {"code": [{"says": "argument_unread", "place": "first"}]}
    assert sound_reply({"values": values, "notes": [note], **shown}) == {**reply, **shown}
    assert sound_reply({"error": {}, **shown})["code"] == shown["code"]


@pytest.mark.parametrize(
    "remark",
    ["a sentence of my own", ["endless", "a sentence"], {"says": "a sentence"}, {"kind": "a list"}, None]
    + [{"says": "endless", **dict.fromkeys(map(str, range(9)))}],
)
def test_a_remark_is_one_of_the_vocabulary(remark):
    """No sentence comes from a student's process, neither as a reason nor as a note."""
    assert checked_reply({"unusable": remark}) == {"unusable": {"says": "unreadable"}}
    assert checked_reply({"values": {}, "notes": [remark]}) == {"unusable": {"says": "unreadable"}}
    assert checked_reply({"error": {}, "code": [remark]}) == {"unusable": {"says": "unreadable"}}


def test_remarks_are_few_small_and_harmless():
    """Gaps that no sentence has are dropped; texts and lists are cut, and lose what a terminal obeys."""
    forged = {"says": "not_numbers", "kind": "x\x1b[2Jy" * 100, "shape": [[[[1]]]], "mine": "x"}
    (note, *others) = sound_reply({"values": {}, "notes": [forged] * 20})["notes"]
    assert len(others) == MOST_NOTES - 1 and set(note) == {"says", "kind", "shape"}
    assert len(note["kind"]) == LONGEST_TEXT and "\x1b" not in note["kind"] and note["shape"] == [[[""]]]


def test_errors_are_cut_and_cleaned():
    """What an error says is one short line of harmless text, whatever types come."""
    reply = sound_reply({"error": {"type": "Value\nError", "message": "m" * 1000, "line": 7}})
    assert reply == {"error": {"type": "Value Error", "message": "m" * LONGEST_TEXT, "line": ""}}
    assert sound_reply({"error": None}) == {"error": {"type": "", "message": "", "line": ""}}
    assert sound_reply({"missing": True, "values": {}}) == {"missing": True}
