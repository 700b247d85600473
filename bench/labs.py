"""What a lab asks of a student to read and answer, and what its solved copy and its sliders cost."""

import json
import re
import statistics
from time import perf_counter

import nbformat
from nbclient import NotebookClient

from autograder.authoring.answers import load_answers
from autograder.notebooks.cells import cells_with_tests
from autograder.settings import PROJECT

UNREAD = re.compile(r"<details>.*?</details>|^```.*?^```|\$\$.*?\$\$", re.DOTALL | re.MULTILINE)
IN_THE_KERNEL = """\
import sys
sys.path.append({project!r})
from bench.labs import moves
print(moves({model!r}))
"""


def content(classroom, lab):
    """Return the numbers of "exercises", "points", "right" and "wrong" answers, "words" and code "lines" of a lab."""
    notebook = nbformat.read(classroom.release / lab / f"{lab}.ipynb", as_version=4)
    answers = load_answers(PROJECT / "solutions" / "answers" / f"{lab}.py")
    tests = cells_with_tests(notebook)
    words, lines = reading(notebook)
    return {
        "exercises": len(tests),
        "points": sum(cell.metadata.nbgrader.points for cell in tests.values()),
        "right": sum(answer.right for answer in answers),
        "wrong": sum(not answer.right for answer in answers),
        "words": words,
        "lines": lines,
    }


def reading(notebook):
    """Return how many words and how many lines of code there are to read.

    A word stands between white space and holds a letter, in a text cell; folded hints, blocks of code and formulas on
    lines of their own do not count. A line of code is one of a code cell that is neither blank nor all comment;
    docstrings count.
    """
    text, code = (
        "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == kind) for kind in ("markdown", "code")
    )
    words = [word for word in UNREAD.sub(" ", text).split() if re.search("[A-Za-z]", word)]
    lines = [line for line in map(str.strip, code.splitlines()) if line and line[0] != "#"]
    return len(words), len(lines)


def solved(path, folder):
    """Run a solved lab in a kernel, demonstrations included, and then move the sliders that it shows.

    Returns:
        "seconds" from the start of the kernel to the end of the last cell, "slowest" (seconds of the slowest cell),
        "cell" (its first line), "explorers": for each with sliders, its "name", and "median" and "slowest"
        milliseconds of a move, and "move": the largest of these medians, None without sliders.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=600, skip_cells_with_tag="none", resources={"metadata": {"path": str(folder)}}
    )
    seconds, explorers = [], []
    begin = perf_counter()
    with client.setup_kernel():
        for index, cell in enumerate(notebook.cells):
            start = perf_counter()
            client.execute_cell(cell, index)
            seconds.append(perf_counter() - start)
        total = perf_counter() - begin
        for name, model in _shown(notebook):
            notebook.cells.append(nbformat.v4.new_code_cell(IN_THE_KERNEL.format(project=str(PROJECT), model=model)))
            cell = client.execute_cell(notebook.cells[-1], len(notebook.cells) - 1)
            if times := json.loads(cell.outputs[0].text):
                explorers.append({"name": name, "median": statistics.median(times), "slowest": max(times)})
    slowest = max(range(len(seconds)), key=seconds.__getitem__)
    line = notebook.cells[slowest].source.strip().splitlines()[0]
    return {
        "seconds": total,
        "slowest": seconds[slowest],
        "cell": line,
        "explorers": explorers,
        "move": max((explorer["median"] for explorer in explorers), default=None),
    }


def _shown(notebook):
    """Return the explorers that a notebook that was run shows as widgets: names and models."""
    views = "application/vnd.jupyter.widget-view+json"
    pairs = []
    for cell in notebook.cells:
        outputs = [output for output in cell.get("outputs", ()) if views in output.get("data", {})]
        models = [output.data[views]["model_id"] for output in outputs]
        pairs += zip(re.findall(r"explorers\.(\w+)\(", cell.source), models)
    return pairs


def moves(model, stops=5):
    """Move each slider of a box to a few values, and return the milliseconds from each to its new picture.

    It runs where the box was made; buttons are not pressed.
    """
    from ipywidgets import FloatSlider, Image, IntSlider, SelectionSlider
    from ipywidgets.widgets.widget import _instances

    def within(widget, kinds):
        inside = [part for child in getattr(widget, "children", ()) for part in within(child, kinds)]
        return [widget, *inside] if isinstance(widget, kinds) else inside

    box = _instances[model]
    sliders = within(box, (FloatSlider, IntSlider, SelectionSlider))
    times, pictures = [], set()
    for slider in sliders:
        name, low, step = "index", 0, 1
        if not isinstance(slider, SelectionSlider):
            name, low, step = "value", slider.min, slider.step
        steps = len(slider.options) - 1 if name == "index" else round((slider.max - low) / step)
        start = getattr(slider, name)
        for value in dict.fromkeys(low + step * round(steps * turn / (stops - 1)) for turn in range(stops)):
            if value != getattr(slider, name):
                begin = perf_counter()
                setattr(slider, name, value)
                times.append(1000 * (perf_counter() - begin))
                pictures.update(image.value for image in within(box, Image))
        setattr(slider, name, start)
    assert not sliders or len(pictures) > 1, "no picture changed"
    return times
