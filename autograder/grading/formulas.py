"""Formulas without scripts: TeX becomes MathML when a page is written, and a browser shows that without help."""

import re
from collections.abc import Callable
from xml.etree import ElementTree

from latex2mathml.converter import convert
from markupsafe import escape
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

LONGEST = 4000  # characters of one formula that are converted
NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
ELEMENTS = {
    *("math", "menclose", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mprescripts"),
    *("mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr"),
    *("munder", "munderover", "none"),
}
ATTRIBUTES = {
    *("accent", "accentunder", "columnalign", "columnlines", "columnspacing", "depth", "display", "displaystyle"),
    *("fence", "form", "height", "largeop", "linethickness", "lspace", "mathcolor", "mathvariant", "maxsize"),
    *("minsize", "movablelimits", "notation", "rowlines", "rowspacing", "rspace", "scriptlevel", "separator"),
    *("stretchy", "symmetric", "voffset", "width"),
}
OPEN, CLOSE = "\ue000", "\ue001"  # private characters, around the number of a formula that is put in later


def to_mathml(tex: str, display: bool = False) -> str:
    """Return TeX as MathML that holds no other element; what cannot be converted stays readable TeX, as code.

    Args:
        display: whether the formula stands on a line of its own.
    """
    try:
        if len(tex) > LONGEST:
            raise ValueError("too long")
        math = ElementTree.fromstring(convert(tex, display="block" if display else "inline"))
        for element in math.iter():
            element.tag = element.tag.removeprefix(NAMESPACE)
            if element.tag not in ELEMENTS or "\\" in (element.text or ""):
                raise ValueError("not understood")
            element.attrib = {name: value for name, value in element.attrib.items() if name in ATTRIBUTES}
        return ElementTree.tostring(math, encoding="unicode", short_empty_elements=False)
    except Exception:  # whatever a student may write between two dollar signs
        return f"<code>{escape(tex.strip())}</code>"


def markdown_to_html(source: str, clean: Callable[[str], str]) -> str:
    """Return Markdown as HTML with its formulas as MathML.

    Args:
        clean: function that is applied to the HTML before the formulas, which it would take for foreign, are put in. It
            must drop attributes that hold ``OPEN``.
    """
    renderer = _Renderer()
    html = clean(MarkdownWithMath(renderer=renderer).render(re.sub(f"[{OPEN}{CLOSE}]", "", source)))
    return re.sub(f"{OPEN}([0-9]+){CLOSE}", lambda match: renderer.formulas[int(match[1])], html)


class _Renderer(IPythonRenderer):
    """Renders Markdown and keeps the formulas aside."""

    def __init__(self) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self.formulas: list[str] = []

    def block_math(self, body: str) -> str:
        return self._aside(body, True)

    def inline_math(self, body: str) -> str:
        return self._aside(body, False)

    def latex_environment(self, name: str, body: str) -> str:
        return self._aside(f"\\begin{{{name}}}{body}\\end{{{name}}}", True)

    def _aside(self, tex: str, display: bool) -> str:
        self.formulas.append(to_mathml(tex, display))
        return f"{OPEN}{len(self.formulas) - 1}{CLOSE}"
