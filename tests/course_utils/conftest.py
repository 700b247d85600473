"""Fixtures for whatever a notebook would display."""

import IPython.display
import pytest

from course_utils.figures import plots, widgets


@pytest.fixture
def shown(monkeypatch):
    """What has been displayed so far."""
    found = []
    monkeypatch.setattr(IPython.display, "display", found.append)
    return found


@pytest.fixture
def live(monkeypatch, shown):
    """A notebook that can show widgets; returns what has been displayed."""
    monkeypatch.setattr(widgets, "widgets_can_run", lambda: True)
    return shown


@pytest.fixture
def words(monkeypatch):
    """The words of the last picture that was drawn, a list that each new picture replaces."""
    found, png = [], plots.png

    def remembering(figure):
        found[:] = [text.get_text() for text in figure.texts if text.get_text()]
        return png(figure)

    monkeypatch.setattr(plots, "png", remembering)
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
