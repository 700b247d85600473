"""Findings: sentences about a submission, each once, about one exercise or about none."""

import nbformat
from nbformat.v4 import new_notebook

from autograder.notebooks.findings import add_case, add_finding, case, failed_checks, findings, note_failed_checks


def test_a_finding_is_kept_once_and_found_by_exercise():
    """The same sentence about the same exercise is kept once; about another exercise it is another finding."""
    nb = new_notebook()
    for exercise in ("neuron", "neuron", "dense", ""):
        add_finding(nb, "The cell had been deleted.", exercise)
    assert len(findings(nb)) == 3
    assert findings(nb, "dense") == findings(nb, "") == ["The cell had been deleted."]
    assert findings(nb, "xor") == []


def test_a_notebook_without_findings_has_none():
    """A notebook as students open it has no findings, and asking leaves it as it is."""
    nb = new_notebook()
    assert findings(nb) == [] and nb.metadata == {}


def test_cases_and_failed_checks_stand_beside_findings():
    """They are kept in the notebook, and a notebook without them has none."""
    nb = new_notebook()
    assert (case(nb, "neuron"), failed_checks(nb)) == (None, [])
    note_failed_checks(nb, {"neuron", "dense"})
    add_case(nb, "neuron", {"message": "", "rows": [["x", "1"]]})
    add_finding(nb, "The cell had been deleted.")
    nb = nbformat.reads(nbformat.writes(nb), 4)
    assert case(nb, "neuron")["rows"] == [["x", "1"]] and failed_checks(nb) == ["dense", "neuron"]
    assert findings(nb) == ["The cell had been deleted."]
