"""The formgrader's page of a submission: clean, and made within limits."""

import dataclasses

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder import limited
from autograder.grading.formgrader import plain_page, rich_page, submission_page

SCRIPT = "<script>alert(1)</script>"
VALUES = {
    **{"assignment_id": "toy", "notebook_id": "toy", "submission_id": "1", "index": 0, "total": 1, "base_url": ""},
    **{"student": f"a&b{SCRIPT}", "last_name": "", "first_name": "", "notebook_path": f'x/{SCRIPT}"', "nonce": "N"},
}
PNG = "iVBORw0KGgo="


@pytest.fixture
def path(tmp_path):
    """A graded notebook that says much in few cells."""
    cells = [
        new_markdown_cell(f"# Prose\n{SCRIPT}\n\n$x^2$"),
        new_code_cell(
            f"print(1)  # {SCRIPT}",
            outputs=[
                new_output("stream", text=SCRIPT),
                new_output("display_data", {"text/html": f"<b>bold</b>{SCRIPT}", "text/plain": "bold, as text"}),
                new_output("display_data", {"application/javascript": "alert(1)"}),
                new_output("display_data", {"image/png": PNG, "text/plain": "x"}),
                new_output("error", ename=SCRIPT, evalue=SCRIPT, traceback=[SCRIPT]),
            ],
        ),
    ]
    path = tmp_path / "toy.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return str(path)


@pytest.mark.parametrize("page", [rich_page, plain_page])
def test_the_page_has_no_script_but_its_own(path, page):
    """Every script carries the nonce, and no text of a student is one, in names, cells and outputs."""
    html = page(path, VALUES)
    assert SCRIPT not in html and "alert(1)</script>" not in html.replace("&lt;", "")
    assert html.count("<script") == html.count('<script nonce="N"') > 5
    assert "a&amp;b&lt;script&gt;" in html and PNG in html and "https://" not in html


def test_the_page_is_set_and_coloured(path):
    """Where there is time, formulas are set, code has colours, and outputs show their best form."""
    html = rich_page(path, VALUES)
    assert "<msup>" in html and 'class="nb"' in html and "<b>bold</b>" in html


def test_a_page_that_would_take_too_long_is_plain(path, monkeypatch):
    """Text that takes too much time or memory is shown as it was typed, and Jupyter goes on."""
    calls = []

    def call(function, *arguments, limit):
        calls.append(function)
        if function is rich_page:
            raise limited.OverLimit("it took too long")
        return function(*arguments)

    monkeypatch.setattr(limited, "call", call)
    html = submission_page(path, VALUES)
    assert calls == [rich_page, plain_page]
    assert "<msup>" not in html and "$x^2$" in html and "<b>bold</b>" not in html and "bold, as text" in html


def test_markdown_that_explodes_costs_no_more_than_the_limit(tmp_path, monkeypatch):
    """22 kB that would take minutes and a gigabyte: the page comes all the same, from a child with a limit."""
    path = tmp_path / "toy.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell("<b class=i>" * 1100 + "\n\n<p>" * 1100)]), path)
    monkeypatch.setattr(limited, "RENDERING", dataclasses.replace(limited.RENDERING, processor=1, memory=300))
    html = submission_page(str(path), VALUES)
    assert "&lt;b class=i&gt;" in html or "<b" in html
