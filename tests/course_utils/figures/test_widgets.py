"""Where widgets run, and the picture where they cannot."""

import sys
import time
from types import SimpleNamespace

import IPython
import IPython.display
import pytest

from course_utils import datasets, figures
from course_utils.figures import plots, widgets
from tests.course_utils.figures.drawing import every_explorer, train_perceptron


@pytest.fixture
def kernel(monkeypatch):
    """As if this process were the kernel of a notebook."""
    monkeypatch.delenv("COURSE_STATIC", raising=False)
    monkeypatch.setattr(IPython, "get_ipython", lambda: SimpleNamespace(kernel=object()))


def test_widgets_run_in_a_kernel(kernel):
    """In a notebook's kernel with ipywidgets, an explorer has sliders."""
    assert widgets.widgets_can_run()


def test_widgets_do_not_run_in_a_script_or_a_terminal(kernel, monkeypatch):
    """Without IPython, and in IPython without a kernel, there are no sliders."""
    monkeypatch.setattr(IPython, "get_ipython", SimpleNamespace)
    assert not widgets.widgets_can_run()
    monkeypatch.setattr(IPython, "get_ipython", lambda: None)
    assert not widgets.widgets_can_run()
    monkeypatch.delitem(sys.modules, "IPython")
    assert not widgets.widgets_can_run()


def test_course_static_asks_for_pictures(kernel, monkeypatch):
    """COURSE_STATIC=1 replaces sliders by pictures; 0 does not."""
    monkeypatch.setenv("COURSE_STATIC", "1")
    assert not widgets.widgets_can_run()
    monkeypatch.setenv("COURSE_STATIC", "0")
    assert widgets.widgets_can_run()


def test_without_ipywidgets_there_are_pictures(kernel, monkeypatch):
    """Where ipywidgets is not installed, there are no sliders."""
    monkeypatch.setattr(widgets, "find_spec", lambda name: None)
    assert not widgets.widgets_can_run()


@every_explorer
def test_where_widgets_cannot_run_the_same_figure_is_a_picture(shown, monkeypatch, explorer, function):
    """Without widgets an explorer displays one PNG, at the size that the live figure has."""
    monkeypatch.setenv("COURSE_STATIC", "1")
    assert explorer(function) is None
    (image,) = shown
    assert image.png.startswith(b"\x89PNG") and image.width > 500 and not image.live


def test_the_picture_of_training_is_the_last_epoch(shown, words, monkeypatch):
    """A picture that cannot be moved shows where training ends."""
    monkeypatch.setenv("COURSE_STATIC", "1")
    figures.perceptron_training(train_perceptron, *datasets.iris_pair())
    assert "After epoch 10: 0 of 100 on the wrong side" in words


def test_what_a_slider_calls_is_stopped_where_it_does_not_end(shown, words, monkeypatch):
    """The figure says so, and its functions are not called again, since no button would end them."""
    monkeypatch.setenv("COURSE_STATIC", "1")
    monkeypatch.setattr(widgets, "LIMIT", 0.1)
    begun = []

    def draw(step):
        begun.append(step)
        end = time.process_time() + 20  # so that this test ends where nothing stops it
        while time.process_time() < end:
            pass

    with plots.style():
        figure = plots.blank(plots.WIDTH, 2.0)
    widgets.explore(figure, draw, [{"step": widgets.Slider("step", 0, 3, 1, 0)}], sound=draw)
    assert begun == [0] and "A function of yours does not end" in words
