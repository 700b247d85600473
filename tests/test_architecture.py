"""The rooms of the code: arrows go down, and the map names what is there."""

import ast
import re

import pytest

from autograder.settings import PROJECT

# From top to bottom: a room may import from those below it. Other modules at the top of autograder are the room "base".
ROOMS = (
    *("cli", "commands", "exporting", "collecting"),
    *("grading", "engines", "sandbox", "exercises", "authoring", "course", "notebooks", "base"),
    "course_utils",
)
COURSE = (
    *("classroom", "settings", "lock", "roster", "roster_file"),
    *("undo", "gradebook", "gradebook_batch", "gradebook_cells"),
)
MAP = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")


def room_of(module):
    """Return the room of a dotted module name, or None for another package's."""
    parts = module.split(".")
    if parts[0] == "course_utils":
        return "course_utils"
    if parts[0] != "autograder":
        return None
    name = parts[1] if len(parts) > 1 else "base"
    if name in COURSE:
        return "course"
    return name if name in ROOMS else "cli" if name == "__main__" else "base"


def imported(path):
    """Return the modules that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from (f"{node.module}.{name.name}" for name in node.names)


FILES = [path for folder in ("autograder", "course_utils") for path in sorted((PROJECT / folder).rglob("*.py"))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_arrows_go_down(path):
    """A module imports from its own room and from rooms below it, never from one above."""
    own = room_of(".".join(path.relative_to(PROJECT).with_suffix("").parts))
    above = {name for name in imported(path) if (room := room_of(name)) and ROOMS.index(room) < ROOMS.index(own)}
    assert above == set()


def test_the_map_names_every_room_and_module():
    """docs/architecture.md names each room, each module of a room, and nothing that is not there."""
    rooms = MAP.split("## The rooms")[1].split("\n## ")[0]
    for path in FILES:
        parts = path.relative_to(PROJECT).parts
        if parts[0] == "autograder" and "exercises" not in parts and not path.stem.startswith("__"):
            assert path.stem in re.findall(r"\w+", rooms), path
    for name in re.findall(r"`((?:autograder|authoring|grading|notebooks|engines|sandbox|course_utils)/[\w/.]+)`", MAP):
        root = PROJECT if name.startswith(("autograder", "course_utils")) else PROJECT / "autograder"
        assert "labN" in name or (root / name).exists(), name


def test_tests_mirror_the_rooms():
    """Each module of a room has a test module of its name; a lab's second figures are tested with its first ones."""
    missing = []
    for path in FILES:
        relative = path.relative_to(PROJECT)
        if path.stem.startswith("__") or "exercises" in relative.parts or path.stem in WITHOUT_TESTS:
            continue
        folder = PROJECT / "tests" / relative.parent
        of_the_lab = (
            list(folder.glob(f"test_{path.stem.partition('_')[0]}_*.py")) if relative.parent.name == "figures" else []
        )
        if not (folder / f"test_{path.stem}.py").exists() and not of_the_lab:
            missing.append(relative.as_posix())
    assert missing == []


# Modules without anything to run: one exception, and types.
WITHOUT_TESTS = ("errors", "protocol")


def test_modules_of_a_lab_have_its_slug():
    """Modules of a lab are called by its slug, whatever they hold."""
    slugs = {path.stem for path in (PROJECT / "solutions").glob("lab*.py")}
    for path in FILES:
        if re.match(r"lab\d", path.stem):
            assert any(path.stem == slug or path.stem.startswith(slug.split("_")[0] + "_") for slug in slugs), path
