"""What was written as Markdown, HTML or Python becomes HTML that no browser runs, and that is made in bounded time.

Parsers take minutes for some texts that fit on a page. What holds more of their delimiters than any honest text is
shown as it was typed.
"""

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Any, ClassVar

from bleach import ALLOWED_TAGS
from bleach.css_sanitizer import ALLOWED_CSS_PROPERTIES, CSSSanitizer
from bleach.sanitizer import Cleaner
from markupsafe import Markup, escape
from nbformat import NotebookNode, from_dict
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import inherit, words
from pygments.lexers import PythonLexer
from pygments.regexopt import regex_opt
from pygments.token import STANDARD_TYPES, Name, Operator, Punctuation, Text

from autograder.grading.formulas import OPEN, markdown_to_html

PICTURES = ("image/png", "image/jpeg")
SHOWN = (*PICTURES, "text/html", "text/markdown", "text/latex", "text/plain")
PLAINLY_SHOWN = (*PICTURES, "text/plain", "text/markdown", "text/latex", "text/html")
TAGS = {
    *ALLOWED_TAGS,
    *("br", "caption", "center", "col", "colgroup", "dd", "del", "details", "div", "dl", "dt", "figcaption", "figure"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "ins", "kbd", "mark", "p", "pre", "s", "small", "span", "sub"),
    *("summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "var"),
}
CSS = ALLOWED_CSS_PROPERTIES | {"max-width", "margin", "padding", "border-left", "opacity", "text-align"}
# Of others the formgrader's styles lay some over the page, and its script gives full credit where one is clicked.
CLASSES = {*STANDARD_TYPES.values(), "highlight", "dataframe"}
NEGATIVE = re.compile(r"-\s*\.?\d")  # a length with which something moves over what the page itself says
LINK = re.compile(r"https?://[^/\\]|mailto:|#")

# A cell of our labs has at most 1,700 characters and 92 delimiters; a table that pandas prints has 3,000 tags.
LONGEST_MARKDOWN, MOST_DELIMITERS = 20_000, 1_000
LONGEST_HTML, MOST_TAGS, MOST_MARKS = 2_000_000, 10_000, 20_000  # "=" of attributes or "&" of entities
MOST_WORDS, LONGEST_STYLE = 200, 1_000  # of one tag
MOST_NESTED = 40_000  # tags times the depth to which they are nested, as formatting is begun anew in each of them
LONGEST_CODE = 100_000  # characters of Python that are coloured
LONGEST_WORDS = 1_000  # characters that say what a picture shows
LONGEST_KEPT = 20_000  # characters of a text whose HTML is kept, as most cells are the same in every notebook
COLOURS = HtmlFormatter(cssclass=" highlight hl-python3")
UNCLOSED = {  # elements that need no end
    *("area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option", "p"),
    *("param", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr"),
}


# Words that are more than a name, as the library lists them or treats them.
WORDS = {
    *("and", "case", "class", "cls", "def", "Ellipsis", "from", "import", "in", "is", "lazy", "match", "not"),
    *("NotImplemented", "or", "self"),
    *(
        word.split()[0]
        for kind in ("keywords", "expr-keywords", "builtins")
        for pattern, _ in PythonLexer.tokens[kind]
        if isinstance(pattern, words)
        for word in pattern.words
    ),
}


class QuickPythonLexer(PythonLexer):
    """Finds the same tokens as ``PythonLexer`` in a third of the time: what is frequent and plain is tried first."""

    tokens: ClassVar = {
        "root": [
            (r"(?<=\S)[^\S\n]+", Text),
            (r"[][{}(),;]|:(?!=)", Punctuation),
            (rf"(?!{regex_opt(WORDS)}\b)[A-Za-z][A-Za-z0-9_]*(?![^\x00-\x7f]|[\w\"'])", Name),
            (r"!=|==|<<|>>|:=|[-~+/*%=<>&^|]|\.(?=[^\W\d])", Operator),
            inherit,
        ]
    }


PYTHON = QuickPythonLexer()


def as_typed(text: str) -> Markup:
    """Return text as HTML that shows it as it was typed."""
    return Markup(f"<pre>{escape(text)}</pre>")


def inline(text: str) -> Markup:
    """Return plain text as HTML in which what stands in backticks is set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def highlighted(source: str) -> str:
    """Return Python as HTML, its words in colours; the lexer for IPython takes minutes for some texts."""
    if len(source) > LONGEST_CODE:
        return as_typed(source)
    return _kept_code(source) if len(source) <= LONGEST_KEPT else _coloured(source)


def _coloured(source: str) -> str:
    return highlight(source or " ", PYTHON, COLOURS)


_kept_code = lru_cache(maxsize=1024)(_coloured)


def prose(source: str) -> str:
    """Return Markdown as clean HTML, with its formulas as MathML."""
    if len(source) > LONGEST_MARKDOWN or len(re.findall(r"[*_`\[\]<\\$~|>^]", source)) > MOST_DELIMITERS:
        return as_typed(source)
    return _kept_prose(source)


@lru_cache(maxsize=1024)
def _kept_prose(source: str) -> str:
    return markdown_to_html(source, clean)


def clean(html: str) -> str:
    """Return HTML without anything that a browser would run or fetch."""
    if too_much(html):
        return as_typed(html)
    return _kept_html(html) if len(html) <= LONGEST_KEPT else _cleaned(html)


def _cleaned(html: str) -> str:
    return Cleaner(
        TAGS,
        _attribute,
        protocols={"http", "https", "mailto", "data"},
        strip=True,
        css_sanitizer=CSSSanitizer(allowed_css_properties=CSS),
    ).clean(_without_scripts(html))


_kept_html = lru_cache(maxsize=1024)(_cleaned)


def too_much(html: str) -> bool:
    """Return whether HTML has more, larger, or more deeply nested tags than are parsed."""
    tags = html.split("<")[1:]
    if len(html) > LONGEST_HTML or len(tags) > MOST_TAGS or max(html.count("="), html.count("&")) > MOST_MARKS:
        return True
    if any(len(tag.partition(">")[0].split(None, MOST_WORDS)) > MOST_WORDS for tag in tags):
        return True
    nested: Counter[str] = Counter()
    deepest = 0
    for end, name in re.findall(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)", html):
        name = name.lower()
        if name in UNCLOSED:
            continue
        nested[name] = max(0, nested[name] - 1) if end else nested[name] + 1
        deepest = max(deepest, nested.total())
        if deepest * len(tags) > MOST_NESTED:
            return True
    return False


def _without_scripts(html: str) -> str:
    """Return HTML without the elements whose content is no text, each looked for once."""
    kept, begin, missing = [], 0, set()
    for opening in re.finditer(r"(?i)<(script|style)\b", html):
        name = opening[1].lower()
        if opening.start() < begin or name in missing:
            continue
        ending = re.compile(rf"(?i)</{name}\s*>").search(html, opening.end())
        if ending is None:
            missing.add(name)
            continue
        kept.append(html[begin : opening.start()])
        begin = ending.end()
    return "".join([*kept, html[begin:]])


def _attribute(tag: str, name: str, value: str) -> bool:
    if OPEN in value:
        return False
    if name == "src":
        return tag == "img" and value.startswith("data:image/")
    if name == "href":
        return tag == "a" and LINK.match(value) is not None
    if name == "style":
        return len(value) <= LONGEST_STYLE and NEGATIVE.search(value) is None
    if name == "class":
        return CLASSES.issuperset(value.split())
    return name in {"alt", "colspan", "height", "open", "rowspan", "title", "width"}


def safe(output: NotebookNode) -> NotebookNode:
    """Return an output in its best form that no browser runs."""
    return _shown(output, SHOWN, clean)


def plain(output: NotebookNode) -> NotebookNode:
    """Return an output as a picture or as text, in no time that depends on what it says."""
    return _shown(output, PLAINLY_SHOWN, None)


def _shown(output: NotebookNode, kinds: tuple[str, ...], clean_html: Callable[[str], str] | None) -> NotebookNode:
    if "data" not in output:
        return output
    kind = next((kind for kind in kinds if kind in output.data), None)
    shown: dict[str, Any] = {}
    words = output.data.get("text/plain")
    # What else stands for a picture is Python's name for an object.
    said = kind in PICTURES and isinstance(words, str) and not words.startswith("<")
    output.metadata = from_dict({**(output.get("metadata") or {}), "words": words[:LONGEST_WORDS] if said else ""})
    if kind is not None:
        text = output.data[kind]
        if kind == "text/html" and clean_html:
            text = clean_html(text)
        shown["text/plain" if clean_html is None and kind not in PICTURES else kind] = text
    output.data = from_dict(shown)
    return output
