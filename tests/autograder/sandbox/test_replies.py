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
    assert checked_reply(reply)["code"] == "malformed"


def test_a_sound_reply_keeps_its_values():
    """Arrays, texts and what is not finished pass unchanged, and so do notes of the right form."""
    values = {"output": np.arange(3.0), "choice": "B", "rest": None}
    reply = sound_reply({"values": values, "notes": [["no_bias", "There is no bias."]], "score": 3.0})
    assert reply == {"values": values, "notes": [["no_bias", "There is no bias."]]}


def test_notes_carry_no_numbers_and_no_code():
    """A sentence of a probe may not tell hidden inputs, and its name is an identifier; only a few notes are kept."""
    notes = [["<b>", "w = 0.73, x = .5"], ["fine", "x\x1b[2Jy"], "note", ["one"], *[["more", "more"]] * 20]
    reply = sound_reply({"values": {}, "notes": notes})
    assert reply["notes"][:2] == [["note", "w = ..., x = ..."], ["fine", "x [2Jy"]]
    assert len(reply["notes"]) == MOST_NOTES - 2


def test_errors_and_refusals_are_cut_and_cleaned():
    """What an error says is one short line of harmless text, whatever types come."""
    reply = sound_reply({"error": {"type": "Value\nError", "message": "m" * 1000, "line": 7}})
    assert reply == {"error": {"type": "Value Error", "message": "m" * LONGEST_TEXT, "line": ""}}
    assert sound_reply({"error": None}) == {"error": {"type": "", "message": "", "line": ""}}
    assert sound_reply({"unusable": "shape 3.5", "code": "a b"}) == {"unusable": "shape ...", "code": None}
    assert sound_reply({"missing": True, "values": {}}) == {"missing": True}
