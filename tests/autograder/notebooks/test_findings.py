"""Findings: sentences about a submission, each once, about one exercise or about none."""

from nbformat.v4 import new_notebook

from autograder.notebooks.findings import add_finding, findings


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
