"""Fixtures for whatever a notebook would display."""

import asyncio
from types import SimpleNamespace

import IPython.display
import pytest

from course_utils.figures import frames, panel, pictures, plots, widgets
from tests.course_utils.figures.contrast import hard_to_read


@pytest.fixture(autouse=True)
def no_running_loop():
    """Hide the loop of a browser, which runs in this thread to the end once a test has started one."""
    loop = asyncio.events._get_running_loop()
    asyncio.events._set_running_loop(None)
    yield
    asyncio.events._set_running_loop(loop)


@pytest.fixture(autouse=True)
def readable(monkeypatch):
    """Whatever any test draws can be read, on a bright page and on a dark one."""
    png = frames.png

    def looking(figure, *arguments, **keywords):
        picture = png(figure, *arguments, **keywords)
        assert hard_to_read(figure) == []
        return picture

    monkeypatch.setattr(frames, "png", looking)


@pytest.fixture
def shown(monkeypatch):
    """What has been displayed so far; what is updated is replaced."""
    found = []

    def display(thing, **keywords):
        found.append(thing)
        place = len(found) - 1
        return SimpleNamespace(update=lambda newer: found.__setitem__(place, newer))

    monkeypatch.setattr(IPython.display, "display", display)
    return found


@pytest.fixture
def live(monkeypatch, shown):
    """A notebook that can show widgets; returns the boxes, and the pictures without sliders, that have been shown."""
    found, show, display = [], panel.Panel.show, IPython.display.display

    def remembering(self):
        found.append(self.box)
        show(self)

    def remembering_pictures(thing, **keywords):
        if isinstance(thing, pictures.Picture) and not thing.live:
            found.append(thing)
        return display(thing, **keywords)

    monkeypatch.setattr(widgets, "widgets_can_run", lambda: True)
    monkeypatch.setattr(frames, "SHARP", 1)  # a quarter of the pixels, and of the time
    monkeypatch.setattr(panel.Panel, "show", remembering)
    monkeypatch.setattr(IPython.display, "display", remembering_pictures)
    return found


@pytest.fixture
def words(monkeypatch):
    """The words of the last picture that was drawn, a list that each new picture replaces."""
    found, png = [], frames.png

    def remembering(figure):
        found[:] = [text.get_text() for text in figure.texts if text.get_text()]
        return png(figure)

    monkeypatch.setattr(frames, "png", remembering)
    return found


@pytest.fixture
def ax():
    """Axes on a figure of the usual size, in the course's style, from -1 to 1."""
    with plots.style():
        figure = plots.blank()
        figure.set_layout_engine("constrained")
        axes = figure.add_subplot()
        plots.frame(axes, [(-1, -1), (1, 1)], margin=0)
        yield axes
