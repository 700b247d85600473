"""The replies of probes, as they come from a student's process: checked, cut, and without numbers in sentences."""

import re

import numpy as np

from autograder.sandbox.texts import harmless
from autograder.sandbox.wire import Malformed
from course_utils.protocol import Error, Reply

LONGEST_TEXT = 300  # characters of a sentence that a probe may bring back
MOST_NOTES = 8
DECIMAL = re.compile(r"\d*\.\d+")  # perhaps a hidden input, so no sentence of a probe keeps such a number
CODE = re.compile(r"[A-Za-z_]\w{0,59}")


def checked_reply(reply: object) -> Reply:
    """Return a probe's reply if it has the right form, else one that earns nothing and says what is wrong."""
    try:
        return sound_reply(reply)
    except Malformed as error:
        return {"unusable": str(error), "code": "malformed"}


def sound_reply(reply: object) -> Reply:
    """Return a probe's reply that has the right form.

    Raises:
        Malformed: it does not.
    """
    if not isinstance(reply, dict):
        raise Malformed("the answer is no reply of a probe")
    if reply.get("missing") is True:
        return {"missing": True}
    if "unusable" in reply:
        return {"unusable": _sentence(reply["unusable"]), "code": _code(reply.get("code"))}
    if "error" in reply:
        error = reply["error"] if isinstance(reply["error"], dict) else {}
        return {
            "error": Error(
                type=_text(error.get("type")), message=_text(error.get("message")), line=_text(error.get("line"))
            )
        }
    values, notes = reply.get("values"), reply.get("notes")
    if not isinstance(values, dict) or not isinstance(notes, list):
        raise Malformed("the answer is no reply of a probe")
    for name, value in values.items():
        if len(name) > 60 or not (value is None or isinstance(value, (str, np.ndarray))):
            raise Malformed("the answer holds something other than arrays of numbers")
    return {
        "values": {name: value[:LONGEST_TEXT] if isinstance(value, str) else value for name, value in values.items()},
        "notes": [
            [_code(note[0]) or "note", _sentence(note[1])]
            for note in notes[:MOST_NOTES]
            if isinstance(note, list) and len(note) == 2
        ],
    }


def _text(value: object) -> str:
    return " ".join(harmless(value).split())[:LONGEST_TEXT]


def _sentence(value: object) -> str:
    return DECIMAL.sub("...", _text(value))


def _code(value: object) -> str | None:
    return value if isinstance(value, str) and CODE.fullmatch(value) else None
