"""What a student's code raised, in words: the error's own, its line, and what to look at where the words are known.

NumPy, PyTorch and TensorFlow say what is wrong in the terms of their inner parts. Only the words of an error choose
its hint, so that nothing is blamed that is not there.
"""

import re
from typing import Any

from ..protocol import Error
from ..remarks import ERRORS
from ..verdict import Assessment
from .causes import BY_TYPE, CAUSES
from .sizes import sizes_in_words


def raised(
    error: Error, reveal: bool, arguments: dict[str, Any] | None = None, seen: str | None = None, shown: str = ""
) -> Assessment:
    """Return the assessment of an error; on hidden inputs without its text or a type that a student may name.

    Args:
        arguments: those of the case, by which sizes that do not fit get their names.
        seen, shown: what the code shows beside: the name of a diagnosis, and the sentence.
    """
    name = error["type"] if reveal or error["type"] in ERRORS else None
    text = f": {error['message'].rstrip('.')}" if error["message"] and reveal else ""
    line = f" In the line `{error['line']}`." if error["line"] else ""
    cause, hint = _cause(error)
    if cause == "shapes_do_not_fit" and reveal:
        hint = f"{hint} {sizes_in_words(error['message'], arguments or {}, error['line'])}".rstrip()
    if seen == "not_kept":  # which is why it was raised
        cause, hint = seen, ""
    hints = " ".join(filter(None, (hint, shown)))
    message = f"your code raised {name or 'an error'}{text}.{line} {hints}".rstrip()
    return Assessment(0.0, "error", message, cause or name or "raised")


def _cause(error: Error) -> tuple[str | None, str]:
    """Return the diagnosis of an error that is known by its words, or None, and what to look at."""
    said = error["message"].lower()
    for cause in CAUSES:
        if re.search(cause.words, said) and re.search(cause.line, error["line"]):
            if error["type"] == "IndexError" and cause.diagnosis == "shapes_do_not_fit":
                break  # it is the shapes of two indices that do not fit
            return cause.diagnosis, cause.hint
    return None, BY_TYPE.get(error["type"], "")
