"""The labs as a student meets them: in a real JupyterLab, in a real browser."""

import pytest

from course_utils.verdict import MIME_TYPE
from tests.browser.jupyterlab import close_notebook, fingerprint, open_notebook, outputs, run_all

EXPLORERS = {
    "lab1_perceptron": ("neuron", "perceptron_training", "xor_perceptron", "xor_network"),
    "lab2_activations": ("linear_stack", "activation", "gradient_bars", "dying_relus"),
    "lab3_gradient_descent": ("descent_path", "batch_sizes", "ball"),
    "lab4_overfitting_dropout": ("parting", "dropout", "overfitting", "early_stopping", "l2"),
}

# A cell that scrolls into view is painted two frames later.
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100))))"


@pytest.fixture(params=EXPLORERS)
def lab(request):
    """The name of a lab."""
    return request.param


def verdicts(notebook):
    """Return the verdicts that the checks of a notebook show."""
    return [output["data"][MIME_TYPE] for output in outputs(notebook, "execute_result") if MIME_TYPE in output["data"]]


def complaints(notebook):
    """Return whatever a student would take for a mistake of the course: errors, and text on stderr."""
    errors = [f"{output['ename']}: {output['evalue']}" for output in outputs(notebook, "error")]
    return errors + [output["text"] for output in outputs(notebook, "stream") if output["name"] == "stderr"]


def figure_of(page, explorer):
    """Return the figure below the cell that calls this explorer."""
    cell = page.locator(".jp-CodeCell").filter(has=page.locator(".cm-content", has_text=f"explorers.{explorer}("))
    figure = cell.locator(".jp-OutputArea-output").first
    figure.locator("img.widget-image").wait_for()
    figure.scroll_into_view_if_needed()
    page.evaluate(PAINTED)
    return figure


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


def test_a_solved_lab_runs_and_its_sliders_move_the_pictures(page, lab, solved, screenshot):
    """Run All of the solved lab passes each check without an error, and an arrow key on a slider redraws."""
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
        screenshot(page, f"solved-{explorer}")


def test_an_unfinished_lab_runs_to_its_end_and_asks_to_be_finished(page, lab, unfinished, screenshot):
    """Run All of the released lab shows no error; each check says 'not finished', and each figure what to finish."""
    assert complaints(unfinished) == []
    found = verdicts(unfinished)
    assert found and all("not finished" in verdict["message"] for verdict in found), found
    for explorer in EXPLORERS[lab]:
        figure_of(page, explorer)
        screenshot(page, f"unfinished-{explorer}")
