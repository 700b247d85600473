"""The table of probes: made from the docstrings, complete, and as it stands in docs/."""

import inspect

from autograder.authoring.probe_table import PAGE, probe_page
from course_utils.probes import PROBES


def test_the_page_is_what_the_docstrings_say():
    """docs/probes.md holds the table of today's probes; `make docs` writes it."""
    assert PAGE.read_text(encoding="utf-8") == probe_page(), "run make docs"


def test_every_probe_and_argument_is_named():
    """Each probe has one row, with its sentence and all that it is asked with."""
    rows = [line.split(" | ") for line in probe_page().splitlines() if line.startswith("| `")]
    assert [name for name, _, _ in rows] == [f"| `{name}`" for name in PROBES]
    for (_, sentence, asked), probe in zip(rows, PROBES.values()):
        assert sentence.endswith(".") and "\n" not in sentence
        for argument in list(inspect.signature(probe).parameters)[1:]:
            assert f"`{argument}`" in asked, (probe.__name__, argument)
