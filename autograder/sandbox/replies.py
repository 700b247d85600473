"""The replies of probes, as they come from a student's process: of the right form, and cut.

No sentence comes from there: a remark is the name of one, and ``course_utils.remarks`` decides what stands in its gaps.
"""

import numpy as np

from autograder.sandbox.texts import harmless
from autograder.sandbox.wire import Malformed
from course_utils.protocol import Error, Reply
from course_utils.remarks import BOUNDED, VOCABULARY, Remark

LONGEST_TEXT = 300  # characters of one text in a reply
MOST_NOTES = 8
MOST_GAPS = 8  # entries of a remark


def checked_reply(reply: object) -> Reply:
    """Return a probe's reply if it has the right form, else one that earns nothing."""
    try:
        return sound_reply(reply)
    except Malformed:
        return {"unusable": {"says": "unreadable"}}


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
        return {"unusable": _remark(reply["unusable"])}
    code = reply.get("code", [])
    if not isinstance(code, list):
        raise Malformed("the answer is no reply of a probe")
    shown: Reply = {"code": [_remark(entry) for entry in code[:MOST_NOTES]]} if code else {}
    if "error" in reply:
        error = reply["error"] if isinstance(reply["error"], dict) else {}
        return {
            "error": Error(
                type=_text(error.get("type")), message=_text(error.get("message")), line=_text(error.get("line"))
            ),
            **shown,
        }
    values, notes = reply.get("values"), reply.get("notes")
    if not isinstance(values, dict) or not isinstance(notes, list):
        raise Malformed("the answer is no reply of a probe")
    for name, value in values.items():
        if len(name) > 60 or not (value is None or isinstance(value, (str, np.ndarray))):
            raise Malformed("the answer holds something other than arrays of numbers")
    return {
        "values": {name: value[:LONGEST_TEXT] if isinstance(value, str) else value for name, value in values.items()},
        "notes": [_remark(note) for note in notes[:MOST_NOTES]],
        **shown,
    }


def _text(value: object) -> str:
    return " ".join(harmless(value).split())[:LONGEST_TEXT]


def _remark(value: object) -> Remark:
    """Return a remark whose gaps hold short texts, numbers, and lists of these.

    Raises:
        Malformed: it has another form.
    """
    if not isinstance(value, dict) or len(value) > MOST_GAPS or value.get("says") not in list(VOCABULARY):
        raise Malformed("the answer holds a remark that no probe makes")
    return {name: _gap(entry) for name, entry in value.items() if name in BOUNDED or name in ("says", "advice")}


def _gap(value: object, depth: int = 0) -> object:
    if isinstance(value, list) and depth < 3:
        return [_gap(entry, depth + 1) for entry in value[:MOST_GAPS]]
    return value if type(value) in (int, float) else _text(value)
