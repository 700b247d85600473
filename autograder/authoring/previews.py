"""Draw the previews of all figures anew, by the labs' reference solutions: ``python -m autograder.authoring.previews``.

Each lab's source is run, without its tests and without demonstrations that draw none of our figures.
"""

import io
import os
from collections.abc import Callable
from typing import Any

from PIL import Image

from autograder.authoring.roles import SourceCell
from autograder.authoring.source import Lab
from autograder.settings import PROJECT
from course_utils.figures import pictures, widgets
from course_utils.figures.pictures import Picture
from course_utils.figures.previews import FOLDER, path_of

WIDTH = 120  # pixels: so few that no number or letter in a preview can be read
QUALITY = 80
# In demonstrations that draw figures, or what these need.
NEEDED = ("explorers.", "import ", "datasets.", "language.", "songs.")


def previews_of(lab: Lab) -> dict[str, Picture]:
    """Return the figures of a lab that stand for themselves in previews, by name, as its solutions draw them."""
    drawn: dict[str, list[Picture]] = {}
    named = [""]

    def drawn_by(figure: Any, draw: Callable[..., Any], preview: str) -> Any:
        named.append("" if preview in drawn else preview)
        return real_drawn_by(figure, draw, preview)

    def display(picture: Any, **_: Any) -> "_Handle":
        shown = drawn.setdefault(named[-1], [])
        if isinstance(picture, Picture):  # a figure may have a sound below it
            shown.append(picture)
        return _Handle(shown)

    real_drawn_by, widgets._drawn_by = widgets._drawn_by, drawn_by
    real_display, pictures.display = pictures.display, display
    try:
        namespace: dict[str, Any] = {}
        for cell in lab.cells:
            named.append("")
            if _needed(cell):
                exec(compile(cell.text, cell.where, "exec"), namespace)
    finally:
        widgets._drawn_by, pictures.display = real_drawn_by, real_display
    return {name: shown[-1] for name, shown in drawn.items() if name}


class _Handle:
    """Stands for the handle of a display that is updated."""

    def __init__(self, shown: list[Picture]):
        self.update = shown.append


def _needed(cell: SourceCell) -> bool:
    if cell.kind != "code" or "tests" in cell.roles:
        return False
    return not cell.roles.get("demo") or any(words in cell.text for words in NEEDED)


def preview(picture: Picture) -> bytes:
    """Return a picture as the bytes of a preview."""
    image = Image.open(io.BytesIO(picture.png)).convert("RGB")
    small = image.resize((WIDTH, round(WIDTH * image.height / image.width)), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, "jpeg", quality=QUALITY, optimize=True)
    return buffer.getvalue()


if __name__ == "__main__":
    os.environ["COURSE_STATIC"] = "1"
    FOLDER.mkdir(exist_ok=True)
    outdated = set(FOLDER.iterdir())
    for path in sorted((PROJECT / "solutions").glob("*.py")):
        for name, picture in previews_of(Lab(path)).items():
            path_of(name).write_bytes(preview(picture))
            outdated.discard(path_of(name))
            print(path_of(name))
    for path in outdated:
        path.unlink()
