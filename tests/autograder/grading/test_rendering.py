"""What was written becomes HTML that cannot act, in bounded time: else it is shown as it was typed."""

import random
import re

import nbformat
import pytest
from markupsafe import escape
from nbconvert.filters import Highlight2HTML
from nbformat.v4 import new_output
from pygments.lexers import PythonLexer

from autograder.grading import rendering
from autograder.grading.rendering import as_typed, clean, highlighted, inline, plain, prose, safe, too_much
from autograder.settings import PROJECT


@pytest.mark.parametrize(
    "html, kept",
    [
        ("<b style='color: red; position: fixed'>x</b>", '<b style="color: red;">x</b>'),
        ("<style>p {color: red}</style><p>x</p>", "<p>x</p>"),
        ("<a href='https://example.org'>x</a>", '<a href="https://example.org">x</a>'),
        ("<a href=' javascript:alert(1)'>x</a>", "<a>x</a>"),
        ("<img src='data:image/png;base64,AA' onload='alert(1)'>", '<img src="data:image/png;base64,AA">'),
        ("<form action='/x'><input></form>", ""),
        ("<scr<script></script>ipt>alert(1)</script>", "alert(1)"),
        ("<style>a</script>b</style>c<script>d<script>e</SCRIPT >f", "cf"),
        ("<script>a", "a"),
        ("<a href='http:evil.html'>x</a>", "<a>x</a>"),
        ("<a href='https:/evil.html'>x</a>", "<a>x</a>"),
        ("<a href='https:///evil.html'>x</a>", "<a>x</a>"),
        ("<a href='http:\\\\evil.html'>x</a>", "<a>x</a>"),
        ("<a href='http://\\evil.html'>x</a>", "<a>x</a>"),
        ("<a href='evil.html'>x</a>", "<a>x</a>"),
        ("<a href='//evil.example'>x</a>", "<a>x</a>"),
        ("<a href='mailto:a@example.org'>x</a>", '<a href="mailto:a@example.org">x</a>'),
        (f"<p style='{'color:red;' * 1000}'>x</p>", "<p>x</p>"),
        ("<a href='#top'>x</a>", '<a href="#top">x</a>'),
        ("<a class='full-credit' href='#top'>x</a>", '<a href="#top">x</a>'),
        ("<div class='dataframe modal'>x</div>", "<div>x</div>"),
        ("<table class='dataframe'></table>", '<table class="dataframe"></table>'),
        ("<div style='margin: 0 -3em; color: red'>x</div>", "<div>x</div>"),
        ("<p style='margin: 0 2em; border-left: 1px'>x</p>", '<p style="margin: 0 2em; border-left: 1px;">x</p>'),
    ],
)
def test_clean_keeps_only_what_a_page_may_show(html, kept):
    """HTML from a student's outputs is reduced to tags, attributes and styles that cannot act."""
    assert clean(html) == kept


def test_code_in_prose_keeps_its_colours():
    """The classes of Python's words stand in what Markdown makes of a block of code."""
    assert '<span class="n">x</span>' in prose("```python\nx = 1\n```")


def test_widgets_fall_back_to_their_text():
    """An output that needs scripts is shown in its best plain form."""
    output = new_output(
        "display_data", {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "IntSlider(value=1)"}
    )
    assert safe(output).data == {"text/plain": "IntSlider(value=1)"}


def test_backticks_become_code_and_the_rest_is_escaped():
    """A message shows what stands in backticks as code, and never as HTML."""
    assert inline("`<b>` & x") == "<code>&lt;b&gt;</code> &amp; x"


@pytest.mark.parametrize("link", ["http:evil.html", "https:/evil.html", "evil.html", "javascript:alert(1)", "file:x"])
def test_no_link_of_markdown_leads_to_what_was_handed_in(link):
    """An address without a host is relative to the page, in whose origin a handed-in file would run."""
    assert "href" not in prose(f"[open]({link}) <{link}> <a href={link}>x</a>")
    assert 'href="https://example.org/x"' in prose("[open](https://example.org/x)")


# Texts that took minutes, most of them and their siblings with a page's worth of characters.
SLOW = {
    "formatting that never ends": "<b class=i>" * 1100 + "<p>" * 1100,
    "formatting of many names": "<b><i><u><code>" * 300 + "<p>" * 300,
    "ends that come first": "</b>" * 5000 + "<b x=1>" * 1100 + "<p>" * 1100,
    "nested boxes": "<div>" * 20_000,
    "environments": "\\begin{a}" * 50_000,
    "scripts": "<script" * 60_000,
    "emphasis": "***a" * 20_000,
    "brackets of formulas": "\\\\(" * 60_000,
    "attributes": "<a " + "b=c " * 60_000,
    "names of attributes": "<a " + "b " * 60_000,
    "tags that never end": "<a b=c " * 30_000,
    "backticks": "".join("`" * n + "x" for n in range(400)),
    "links": "[a](" * 20_000,
    "pictures": "![" * 20_000,
    "references": "[a]: b\n" * 20_000,
    "quotes": ">" * 20_000,
    "lists": "".join(" " * n + "- a\n" for n in range(500)),
    "tables": "|a" * 10_000 + "\n" + "|-" * 10_000,
    "dollars": "$a " * 20_000,
    "comments": "<!--" * 20_000,
    "entities": "&a" * 100_000,
    "spaces": "a" + " " * 100_000 + "b\n",
    "lines": "a\n" * 50_000,
}


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW.keys())
def test_texts_that_take_minutes_are_shown_as_they_were_typed(monkeypatch, text):
    """No parser of Markdown sees them; of HTML, which a page may hold more of, none that could take long."""
    monkeypatch.setattr(rendering, "markdown_to_html", lambda *arguments: pytest.fail("it was parsed"))
    assert prose(text) == as_typed(text)


@pytest.mark.parametrize("name", [name for name, text in SLOW.items() if "<" in text or "&" in text])
def test_html_that_takes_minutes_is_shown_as_it_was_typed(monkeypatch, name):
    """An output of so many, or so deeply nested, tags is no table that a person would look at."""
    monkeypatch.setattr(rendering, "Cleaner", lambda *arguments, **more: pytest.fail("it was parsed"))
    assert clean(SLOW[name]) == as_typed(SLOW[name])
    assert str(escape(SLOW[name][:2])) in safe(new_output("display_data", {"text/html": SLOW[name]})).data["text/html"]


def test_what_is_honest_is_far_from_the_bounds():
    """The text of our labs, and tables that pandas prints, are rendered."""
    for path in sorted((PROJECT / "labs").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                assert len(cell.source) < rendering.LONGEST_MARKDOWN / 5
                assert len(re.findall(r"[*_`\[\]<\\$~|>^]", cell.source)) < rendering.MOST_DELIMITERS / 5
                assert prose(cell.source) != as_typed(cell.source)
    row = "<tr style='text-align: right;'>" + "<td>1.5</td>" * 20 + "</tr>"
    table = f"<div><table border='1' class='dataframe'><tbody>{row * 60}</tbody></table></div>"
    assert not too_much(table) and clean(table).count("<td>") == 1200


def test_code_is_coloured_as_nbconvert_does_it():
    """The lexer and the formatter that are kept give what new ones give; endless code is not coloured."""
    for source in (
        "",
        "x = 1  # <b>\n",
        "def f(x):\n    return f'{x!r}'",
        '%matplotlib inline\n!ls\n"""open',
        "é\t\r\n",
    ):
        assert highlighted(source) == Highlight2HTML(pygments_lexer="python3")(source)
    longest = "x = 1\n" * 20_000
    assert highlighted(longest) == as_typed(longest)
    assert highlighted("y = 1\n" * 5_000).startswith('<div class=" highlight')


ODD = [
    *(
        "  ",
        "\n",
        "\t",
        "\\\n",
        "\f",
        '"',
        "'",
        '"' * 3,
        "'" * 3,
        'r"',
        'f"{x!r:>{w}}"',
        'rb"',
        "{",
        "}",
        "(",
        ")",
        "[",
    ),
    *("]", ",", ";", ":", ":=", "::", ".", "..", ".5", "1.e5", "1_0j", "@", "@x", "!=", "!", "->", "**=", "<<", "~"),
    *("x", "y", "_", "é", "xé", "match", "case", "lazy", "type", "def f", "class C", "from", "import", "as", "lambda"),
    *(
        "int",
        "self",
        "None",
        "is",
        "in",
        "not",
        "print",
        "__init__",
        "ValueError",
        "# é 'x",
        "%s",
        "\x00",
        "\u2028",
        "$",
    ),
]


@pytest.mark.parametrize("part", ["solutions", "mixed"])
def test_the_quick_lexer_finds_what_the_library_s_finds(part):
    """Every token of it: of what a lab asks for, and of pieces of Python in whatever order."""
    draw = random.Random(7)
    if part == "solutions":
        texts = [(PROJECT / "solutions" / "lab1_perceptron.py").read_text(encoding="utf-8")]
    else:
        texts = ["".join(draw.choices(ODD, k=12)) for _ in range(2000)]
    library = PythonLexer()
    for text in texts:
        expected = list(library.get_tokens_unprocessed(text))
        assert list(rendering.PYTHON.get_tokens_unprocessed(text)) == expected, text


def test_plain_outputs_are_pictures_and_text():
    """HTML and Markdown are shown as they were typed where there is no plain text; pictures stay."""
    html = "<b>x</b>"
    assert plain(new_output("display_data", {"text/html": html})).data == {"text/plain": html}
    assert plain(new_output("display_data", {"text/html": html, "text/plain": "x"})).data == {"text/plain": "x"}
    assert plain(new_output("display_data", {"image/png": "AA", "text/plain": "x"})).data == {"image/png": "AA"}

    assert plain(new_output("display_data", {"application/javascript": "x"})).data == {}
    assert plain(new_output("stream", text=html)).text == html


def test_a_picture_keeps_the_words_that_say_what_it_shows():
    """The text beside a picture goes with it for readers who cannot see it, unless it is the name of an object."""
    picture = {"image/png": "AA", "text/html": "<img alt='Epoch 3'>", "text/plain": "Epoch 3. " * 1000}
    output = safe(new_output("display_data", picture, metadata={"image/png": {"width": 9}, "words": ["x"]}))
    assert set(output.data) == {"image/png"} and output.metadata["image/png"] == {"width": 9}
    assert output.metadata["words"].startswith("Epoch 3. ") and len(output.metadata["words"]) == 1000
    assert safe(new_output("display_data", {**picture, "text/plain": "<Figure size 640x480>"})).metadata["words"] == ""
