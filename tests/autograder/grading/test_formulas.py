"""Formulas on a page: MathML and nothing else, or readable TeX."""

import re

import nbformat
import pytest

from autograder.grading.formulas import LONGEST, OPEN, markdown_to_html, to_mathml
from autograder.grading.rendering import clean, prose
from autograder.settings import PROJECT


def test_tex_becomes_mathml():
    """A formula is MathML, on a line of its own where the author asked for that."""
    assert to_mathml("w_1").startswith('<math display="inline">')
    assert "<msub><mi>w</mi><mn>1</mn></msub>" in to_mathml("w_1")
    assert to_mathml("w_1", display=True).startswith('<math display="block">')


@pytest.mark.parametrize("lab", sorted((PROJECT / "labs").glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_formula_of_a_lab_is_converted(lab):
    """No formula of a lab is left as TeX, and no dollar sign is left around one."""
    for cell in nbformat.read(lab, as_version=4).cells:
        if cell.cell_type == "markdown":
            html = prose(cell.source)
            assert "<code>\\" not in html and not re.search(r"\$[^$]+\$", html), html


@pytest.mark.parametrize(
    "tex",
    [r"\frac{", "x^", r"\unknowncommand{x}", r"\text{<script>alert(1)</script>}", r"\text{</mtext><img src=x>}",
     "x" * (LONGEST + 1), "{" * 1500 + "x" + "}" * 1500],
    ids=["half", "no exponent", "unknown", "script", "break out", "long", "deep"],
)  # fmt: skip
def test_what_cannot_be_converted_stays_readable(tex):
    """TeX that is wrong, unknown, hostile, long or deep is shown as code, escaped."""
    html = to_mathml(tex)
    assert html.startswith("<code>") and html.count("<") == 2


def test_mathml_carries_no_link_and_no_style():
    """Attributes that a browser would act on are dropped."""
    assert "javascript" not in to_mathml(r"\href{javascript:alert(1)}{x}")
    assert "style=" not in to_mathml(r"\style{position:fixed}{x}")


def test_markdown_around_formulas_stays_clean():
    """Formulas come back where they stood; the rest is cleaned, and nobody can place one into an attribute."""
    html = prose("**a** $x < 1$ <script>alert(1)</script>\n\n$$y$$\n\n![$z$](data:image/png;base64,AA) `$q$` 5$")
    assert "<strong>a</strong> <math" in html and "&lt;" in html and "<script" not in html
    assert html.count("<math") == 2 and "alt=" not in html and "<code>$q$</code>" in html and "5$" in html
    assert markdown_to_html(f"{OPEN}0\ue001 $x$", clean).startswith("<p>0 <math")
