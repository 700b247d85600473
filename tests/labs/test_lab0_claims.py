"""What the text of Lab 0 promises."""

import re

import numpy as np
import pytest

from autograder.authoring.source import Lab
from autograder.settings import PROJECT
from course_utils.figures import lab0_welcome as welcome
from course_utils.frameworks import Missing, installed
from tests.sources import SOURCES

SOURCE = PROJECT / "solutions" / "lab0_welcome.py"
TEXT = re.sub(r"\n# ?", " ", SOURCE.read_text(encoding="utf-8"))


def printed(capsys, library, name):
    """Run the cell of the lab that prints with a library, and return what it prints."""
    (cell,) = [each for each in Lab(SOURCE).cells if each.kind == "code" and f"print({name}." in each.text]
    line = next(line for line in cell.text.splitlines() if line.startswith("print("))
    exec(line, {name: library})
    return capsys.readouterr().out.strip()


def test_minutes_of_all_labs():
    """Each lab's time in the README is the one that the lab promises."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    promised = dict(re.findall(r"\(labs/(\w+)\.ipynb\) \|.*\| ([\d +]+) minutes \|", readme))
    assert set(promised) == {path.stem for path in SOURCES}
    for lab, minutes in promised.items():
        text = (PROJECT / "solutions" / f"{lab}.py").read_text(encoding="utf-8")
        *sittings, last = minutes.split(" + ")
        told = f"{', '.join(sittings)} and {last}" if sittings else last
        assert re.search(rf"\*\*Time:\*\* [a-z ]*about {told} minutes", text)


def test_the_little_arithmetic_gives_eleven(capsys):
    """1 x 3 + 2 x 4 is 11 in each library, printed as the text says."""
    assert printed(capsys, np, "np") == "11.0"
    if installed("torch"):
        import torch

        assert "`tensor(11.)`" in TEXT and printed(capsys, torch, "torch") == "tensor(11.)"
    if installed("tensorflow"):
        import tensorflow

        assert "`tf.Tensor(11.0, ...)`" in TEXT
        assert printed(capsys, tensorflow, "tf").startswith("tf.Tensor(11.0, ")


@pytest.mark.parametrize("name", ["torch", "tf"])
def test_a_missing_framework_prints_what_the_text_says(capsys, name):
    """Where one is missing, its cell prints '(not installed)'."""
    assert "`(not installed)`" in TEXT
    assert printed(capsys, Missing, name) == "(not installed)"


def test_degrees():
    """Both scales show -40 at once, which lies outside the figure; the hints' 0 and 100 degrees are 32 and 212."""
    namespace = {}
    for cell in Lab(SOURCE).cells:
        if cell.kind == "code" and "solution" in cell.roles:
            exec(cell.text, {"np": np}, namespace)
    assert namespace["fahrenheit"](np.array([-40.0, 0.0, 100.0])) == pytest.approx([-40, 32, 212])
    assert welcome.COLDEST > -40
