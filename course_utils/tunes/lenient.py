"""What can be read of a text that a model wrote: its beginning, or all of it that is ABC."""

from . import abc

HEADER = 2  # colons of a header


def readable(text: str) -> tuple[abc.Tune | None, str]:
    """Return as much of a text as can be read as ABC, and why it ends there, "" where all of it can.

    The text begins with a header and a bar line.
    """
    end, why = len(text), ""
    while text[:end].count(":") > HEADER:
        try:
            return abc.read(text[:end]), why
        except abc.Unreadable as error:
            why = why or str(error)
            end = min(error.place, end - 1)
        except ValueError as error:  # there are no notes yet
            return None, why or str(error)
    return None, why


def playable(text: str) -> tuple[abc.Tune | None, int]:
    """Return a tune without the characters that are no ABC where they stand, and how many these are.

    The text begins with a header and a bar line.
    """
    begin = text.find("|:")
    kept = text[:begin] + "".join(token[0] for token in abc.TOKEN.finditer(text, begin))
    while len(kept) > begin:
        try:
            return abc.read(kept), len(text) - len(kept)
        except abc.Unreadable as error:
            token = abc.TOKEN.match(kept, error.place)
            if token and token["letter"]:  # a note of no length
                kept = kept[: token.start()] + kept[token.end() :]
            else:  # a triplet that is not whole
                before, after = kept[: error.place].rsplit("(3", 1)
                kept = before + after + kept[error.place :]
        except ValueError:  # there are no notes
            break
    return None, len(text) - len(kept)
