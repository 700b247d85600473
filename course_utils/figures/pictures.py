"""A figure as an output of its own: a picture with its words, which stays when the notebook is saved and closed.

Every page that shows a notebook shows it: JupyterLab, an export, a repository. Notebooks prefer the HTML, since only
there a picture has a text for readers who cannot see it.
"""

import base64
import re
from html import escape
from typing import Any

from . import frames
from .plots import SCREEN_PER_INCH, Figure

AGAIN = "To move the sliders, run this cell."
BEGAN = "Here the sliders began. To move them, run this cell."

# On a dark page the picture is turned into its negative, with its hues kept.
DARK = "[data-jp-theme-light='false'] {0},html[theme=dark] {0}{{filter:invert(.93) hue-rotate(180deg)}}"
# Where the sliders live, the saved picture is hidden; where they do not, what JupyterLab says instead of them is.
MOVING = (
    ":root:has(.{live}) .{still}{{display:none}}"
    ".jp-OutputArea-child:has(.{still})+.jp-OutputArea-child>.jp-OutputArea-output:not(:has(*)){{display:none}}"
    ".{live}>*{{min-width:0}}.{live} .noUi-handle,.{live} .noUi-connect{{background:#0072B2;border-color:#0072B2}}"
)
# ipywidgets gives its sliders no names, and says by colour alone which button is pressed. It has no place for
# attributes either, so they are set in the page.
NAMES = """<script>(function name(tries){const box=document.querySelector(".%s");
if(!box||!box.querySelector("[role=slider]")){if(tries)setTimeout(name,200,tries-1);return}
for(const row of box.querySelectorAll(".widget-inline-hbox,.widget-toggle-buttons")){
const caption=row.querySelector(".widget-label").textContent.trim()||"choice";
const buttons=[...row.querySelectorAll("button")];
for(const part of row.querySelectorAll("[role=slider],.widget-readout")){part.setAttribute("aria-label",caption);
if(part.isContentEditable)part.setAttribute("role","textbox")}
if(buttons.length){row.setAttribute("role","group");row.setAttribute("aria-label",caption);
const press=()=>{for(const each of buttons)each.setAttribute("aria-pressed",each.classList.contains("mod-active"))};
new MutationObserver(press).observe(row,{attributes:true,attributeFilter:["class"],subtree:true});press()}}
const words=box.querySelector(".course-words"),image=box.querySelector("img");words.setAttribute("role","status");
const tell=()=>image.setAttribute("alt",words.textContent);new MutationObserver(tell).observe(words,{childList:true,
subtree:true});tell()})(50)</script>"""


class Picture:
    """A picture to display.

    Args:
        png: the bytes of a PNG file.
        words: what it shows, for readers who cannot see it.
        width: in pixels of the page.
        live: the class of the box of sliders that belongs to it, if any.
        caption: what stands below it where those sliders are gone.
    """

    def __init__(self, png: bytes, words: str, width: int, live: str = "", caption: str = "") -> None:
        self.png, self.words, self.width, self.live, self.caption = png, words, width, live, caption

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        data = base64.b64encode(self.png).decode()
        bundle = {"text/plain": self.words, "text/html": self._html(data), "image/png": data}
        return bundle, {"image/png": {"width": self.width}}

    def _html(self, data: str) -> str:
        height = round(self.width * int.from_bytes(self.png[20:24]) / (int.from_bytes(self.png[16:20]) or 1))
        image = (
            f'<img class="course-picture" src="data:image/png;base64,{data}" alt="{escape(self.words)}" '
            f'width="{self.width}" height="{height}" style="max-width:100%;height:auto">'
        )
        style = DARK.format(".course-picture")
        if not self.live:
            return f"{image}<style>{style}</style>"
        still = f"{self.live}-still"
        style += MOVING.format(live=self.live, still=still)
        return (
            f'<div class="{still}">{image}<p style="margin:.3em 0;opacity:.75">{self.caption}</p></div>'
            f"<style>{style}</style>{NAMES % self.live}"
        )


def display(picture: Any, **keywords: Any) -> Any:
    """Display something below the cell, and return the handle by which it can be replaced, if there is one."""
    import IPython.display

    return IPython.display.display(picture, **keywords)


def show(figure: Figure, words: str = "") -> None:
    """Show the figure as a picture below the cell.

    Args:
        words: what it shows, if not what stands in it.
    """
    display(Picture(frames.png(figure), words or describe(figure), screen_width(figure)))


def screen_width(figure: Figure) -> int:
    """The width in CSS pixels at which the figure's text has the size of the notebook's own."""
    return round(figure.get_figwidth() * SCREEN_PER_INCH)


def describe(figure: Figure) -> str:
    """Say in words what stands in a figure: its headlines, or the words in their `gid`, and what its axes show."""
    parts = [(text.get_gid() or text.get_text()).strip() for text in figure.texts]
    for ax in figure.axes:
        if ax.get_visible():
            title = " ".join(filter(None, (ax.get_title(side) for side in ("left", "center", "right"))))
            labels = " against ".join(filter(None, (ax.get_ylabel(), ax.get_xlabel())))
            parts.append(": ".join(filter(None, (title, labels))))
    return plain(". ".join(dict.fromkeys(part.rstrip(".") for part in parts if part))) + "."


def plain(text: str) -> str:
    """Return a text without the signs of its mathematics: ``$-\\,2.0$ $x_1$`` becomes ``-2.0 x1``."""
    text = re.sub(r"(?<!\\)\$([^$]*)\$", lambda formula: re.sub(r"\\[,; ]|\\vdots|[{}_^]", "", formula[1]), text)
    return re.sub(r"\s+", " ", text).strip()
