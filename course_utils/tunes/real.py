"""Real folk tunes, from the folder of the package music21, in the notation of the grammar's tunes.

O'Neill's Music of Ireland (1903) lies there as ABC files that many hands typed. The package is only looked for and
never imported, which would take seconds. Of each tune remains what the labs' tunes have, too: metre, key, notes, bars
and repeats. A tune that needs more, such as accidentals or rests, is left out.
"""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from . import abc
from .rules import ALPHABET, END

FOLDER = Path("corpus", "oneills1850")  # in the package's own
BARS = {"C": "4/4", "C|": "4/4"}  # signs of metres whose bars are as long

# What is not written in the labs' notation: comments, words above the notes, grace notes, marks of how a note is
# played, the backslash that joins lines, slurs, and ties, which so become two notes.
MARKS = re.compile(r'%.*|"[^"\n]*"|\{[^}\n]*\}|![^!\n]*!|\((?!3)|[\\.)\-THSuv]')
SPELLINGS = (
    (re.compile(r"\|\]|\[\||\|\|"), "|"),  # double bars
    (re.compile(r"::"), ":|\n|:"),
    (re.compile(r"[ \t]*(\|:|:\||\|)[ \t]*"), r"\1"),  # spaces around bars, at the end of a line, and double ones
    (re.compile(r"\s*\n\s*"), "\n"),
    (re.compile(r"[ \t]+"), " "),
    # A bar line ends its line, and begins none.
    (re.compile(r"(\A\s*|(?<=[|:])\n)\|(?!:)"), r"\1"),
    (re.compile(r"\n\|(?!:)"), "|\n"),
    # A note that takes half of its neighbour's length.
    (re.compile(r"([A-Ga-g],*) ?> ?([A-Ga-g],*)(?![\d/<>])"), r"\g<1>3/2\g<2>/2"),
    (re.compile(r"([A-Ga-g],*) ?< ?([A-Ga-g],*)(?![\d/<>])"), r"\g<1>/2\g<2>3/2"),
)


def collection() -> Path | None:
    """Return the folder of the tunes, or None where the package is not installed or does not hold them."""
    package = find_spec("music21")
    if package is None or package.origin is None:
        return None
    folder = Path(package.origin).parent / FOLDER
    return folder if folder.is_dir() else None


def collected(folder: Path) -> tuple[list[str], int]:
    """Return the tunes of a folder that the labs' notation can write, in order, each once; and how many there are."""
    texts = [text for file in sorted(folder.glob("*.abc")) for text in entries(file.read_text(encoding="latin-1"))]
    kept = dict.fromkeys(rewritten(text) for text in texts)
    return [text for text in kept if text], len(texts)


def entries(text: str) -> Iterator[str]:
    """Yield the tunes of a file, each from its X: field on."""
    starts = [match.start() for match in re.finditer(r"^X:", text, re.MULTILINE)]
    for start, end in zip(starts, [*starts[1:], len(text)]):
        yield text[start:end]


def rewritten(text: str) -> str:
    """Return a tune in the labs' notation, or "" where that cannot write it, or it is no ABC.

    The header keeps M: and K:. A tune whose bars or unit of length change on the way, or whose unit is not what its
    metre stands for, is left out, as one with first and second endings is.
    """
    lines = [line.strip() for line in text.splitlines()]
    fields = [abc.FIELD.fullmatch(line.split("%")[0].strip()) for line in lines]
    end = next((place for place, field in enumerate(fields) if field and field[1] == "K"), len(lines))
    header = {field[1]: field[2].strip() for field in fields[: end + 1] if field}
    if any(field and field[1] in "MLK" for field in fields[end + 1 :]):
        return ""
    body = MARKS.sub("", "\n".join(line for line, field in zip(lines[end + 1 :], fields[end + 1 :]) if not field))
    for spelling, ours in SPELLINGS:
        body = spelling.sub(ours, body)
    metre = BARS.get(header.get("M", ""), header.get("M", ""))
    begin, rest = f"M:{metre}\n", f"K:{header.get('K', '')}\n{body.strip()}\n"
    unit = f"L:{header['L']}\n" if "L" in header else ""
    if not {*begin, *rest} < {*ALPHABET} - {END}:
        return ""
    try:
        abc.read(begin + rest)
        return begin + rest if abc.read(f"{begin}{unit}K:C\nC") == abc.read(f"{begin}K:C\nC") else ""
    except ValueError:
        return ""
