"""The labs as a student meets them: in a real JupyterLab, in a real browser.

`make test` meets two of them solved and one unfinished; `make test-labs` meets all.
"""

import re

import pytest

from course_utils.verdict import MIME_TYPE
from tests.browser.jupyterlab import close_notebook, fingerprint, open_notebook, outputs, run_all
from tests.sources import NUMBERED, sample

EXPLORERS = {
    "lab1_perceptron": ("neuron", "perceptron_training", "xor_perceptron", "xor_network"),
    "lab2_activations": ("linear_stack", "activation", "gradient_bars", "dying_relus"),
    "lab3_gradient_descent": ("descent_path", "batch_sizes", "ball"),
    "lab4_overfitting_dropout": ("diagnose", "dropout", "overfitting", "early_stopping", "l2", "augment"),
    "lab5a_tunes": ("bigram_table", "temperature", "exploding", "next_character", "hidden_units"),
    "lab5b_networks": ("character_costs",),
}

OPEN_WITHOUT_KERNEL = """path => window.jupyterapp.commands.execute(
    'docmanager:open', {path, kernelPreference: {shouldStart: false, autoStartDefault: false}}).then(() => null)"""

MENUS = 110  # pixels of JupyterLab's own above and below a notebook

# A cell that scrolls into view is painted two frames later.
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100))))"


def test_every_lab_is_met():
    """No lab is left out of this module."""
    assert tuple(EXPLORERS) == NUMBERED


def verdicts(notebook):
    """Return the verdicts that the checks of a notebook show."""
    return [output["data"][MIME_TYPE] for output in outputs(notebook, "execute_result") if MIME_TYPE in output["data"]]


def complaints(notebook):
    """Return whatever a student would take for a mistake of the course: errors, and text on stderr."""
    errors = [f"{output['ename']}: {output['evalue']}" for output in outputs(notebook, "error")]
    return errors + [output["text"] for output in outputs(notebook, "stream") if output["name"] == "stderr"]


def cell_of(page, explorer):
    """Return the cell that calls this explorer."""
    return page.locator(".jp-CodeCell").filter(has=page.locator(".cm-content", has_text=f"explorers.{explorer}("))


def figure_of(page, explorer):
    """Return the live figure below the cell that calls this explorer."""
    cell = cell_of(page, explorer)
    figure = cell.locator(".jp-OutputArea-output").filter(has=page.locator("img.widget-image")).first
    figure.locator("img.widget-image").wait_for()
    figure.scroll_into_view_if_needed()
    page.evaluate(PAINTED)
    return figure


# The words that a screen reader is told are those of the saved picture, which comes when nothing moves.
TOLD = """figure => {
    const saved = figure.closest('.jp-OutputArea').querySelector('[class$=-still] img');
    return saved && saved.alt === figure.querySelector('img').alt;
}"""


def size_of(image):
    """Return width and height of a picture; where it stands may change, since the page scrolls to the slider."""
    box = image.bounding_box()
    return box["width"], box["height"]


@pytest.fixture
def solved(page, lab_server, lab):
    """The solved lab, run to its end in the browser; returns the notebook as JSON."""
    open_notebook(page, lab_server, f"solved/{lab}/{lab}.ipynb")
    yield run_all(page)
    close_notebook(page)


@pytest.fixture
def unfinished(page, lab_server, lab):
    """The released lab, run to its end in the browser as it is; returns the notebook as JSON."""
    open_notebook(page, lab_server, f"release/{lab}/{lab}.ipynb")
    yield run_all(page)
    close_notebook(page)


@pytest.mark.slow
@pytest.mark.parametrize("lab", sample(EXPLORERS, "lab4_overfitting_dropout", "lab5a_tunes"))
def test_a_solved_lab_runs_and_its_sliders_move_the_pictures(page, lab_server, lab, solved, screenshot):
    """Run All of the solved lab passes each check, keys move sliders and choices, and what is saved is a picture."""
    assert complaints(solved) == []
    found = verdicts(solved)
    assert found and all(verdict["status"] in ("passed", "answered") for verdict in found), found
    for explorer in EXPLORERS[lab]:
        figure = figure_of(page, explorer)
        image, handle = figure.locator("img.widget-image"), figure.locator(".noUi-handle").first
        before, size = fingerprint(image), size_of(image)
        handle.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("([image, source]) => image.src !== source", arg=[image.element_handle(), before.source])
        after = fingerprint(image)
        assert after.digest != before.digest
        assert size_of(image) == size
        for choice in figure.locator(".widget-toggle-buttons").all():
            assert choice.get_attribute("aria-label") and choice.get_by_role("button", pressed=True).count() == 1
            other = choice.get_by_role("button", pressed=False).first.element_handle()
            other.focus()
            page.keyboard.press("Space")
            page.wait_for_function("button => button.getAttribute('aria-pressed') === 'true'", arg=other)
        page.wait_for_function(TOLD, arg=figure.element_handle())  # at rest
        assert handle.get_attribute("aria-label") and image.get_attribute("alt")
        screenshot(page, f"solved-{explorer}")
    small_windows_show_figure_and_controls_at_once(page, lab)
    answer_by_keyboard(page, screenshot, lab)
    told = {explorer: figure_of(page, explorer).locator("img").get_attribute("alt") for explorer in EXPLORERS[lab]}
    close_notebook(page)
    open_notebook(page, lab_server, f"solved/{lab}/{lab}.ipynb")
    for explorer in EXPLORERS[lab]:
        cell = cell_of(page, explorer)
        picture = cell.locator("img.course-picture")
        picture.wait_for()
        assert picture.get_attribute("alt") == told[explorer], "the saved picture is that of the last move"
        picture.scroll_into_view_if_needed()
        error = cell.get_by_text("Error displaying widget")
        error.wait_for(state="attached")  # JupyterLab looks for the sliders first, for two seconds
        assert not error.is_visible() and picture.is_visible()
        screenshot(page, f"reopened-{explorer}")
    reopen_without_kernel(page, f"solved/{lab}/{lab}.ipynb")
    for explorer in EXPLORERS[lab][:1]:
        cell = cell_of(page, explorer)
        cell.scroll_into_view_if_needed()
        loading = cell.get_by_text("Loading widget")
        loading.wait_for(state="attached")
        assert not loading.is_visible() and cell.locator("img.course-picture").is_visible()
    saved = page.locator(".course-question").first
    saved.scroll_into_view_if_needed()
    assert all(reason(saved, letter).is_visible() for letter in "AB")


def small_windows_show_figure_and_controls_at_once(page, lab):
    """At 1024 pixels, beside the list of files, a figure keeps most of its size, and its controls are not far."""
    size = page.viewport_size
    page.set_viewport_size({"width": 1024, "height": 768})
    for explorer in EXPLORERS[lab]:
        figure = figure_of(page, explorer)
        room = figure.bounding_box()
        assert size_of(figure.locator("img.widget-image"))[0] > 0.9 * min(room["width"], 898)
        assert room["height"] < 768 - MENUS
    page.set_viewport_size(size)


def reopen_without_kernel(page, path):
    """Close the notebook that is open, and open one without a kernel, as for a look at it."""
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.close()")
    page.locator(".jp-NotebookPanel").wait_for(state="detached")
    page.evaluate(OPEN_WITHOUT_KERNEL, path)
    page.locator(".jp-MarkdownOutput").first.wait_for()


def reason(question, letter):
    """The words that say whether an answer is right, above its reason."""
    return question.locator("b", has_text=re.compile(rf"{letter} is (not )?right"))


def answer_by_keyboard(page, screenshot, lab):
    """Answer the first question of the quiz twice, with keys alone."""
    cell = page.locator(".jp-CodeCell").filter(has=page.locator(".course-question")).first
    cell.scroll_into_view_if_needed()
    cell.get_by_role("button", name="Answer A").focus()
    page.keyboard.press("Enter")
    reason(cell, "A").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    reason(cell, "B").wait_for()
    assert page.evaluate("document.activeElement.innerText") == "Answer B"
    screenshot(cell, f"quiz-{lab}")


@pytest.mark.slow
@pytest.mark.parametrize("lab", sample(EXPLORERS, "lab1_perceptron"))
def test_an_unfinished_lab_runs_to_its_end_and_asks_to_be_finished(page, lab, unfinished, screenshot):
    """Run All of the released lab shows no error; each check says 'not finished', and each figure what to finish."""
    assert complaints(unfinished) == []
    found = verdicts(unfinished)
    assert found and all("not finished" in verdict["message"] for verdict in found), found
    for explorer in EXPLORERS[lab]:
        figure_of(page, explorer)
        screenshot(page, f"unfinished-{explorer}")
