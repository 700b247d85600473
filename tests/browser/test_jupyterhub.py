"""A class on a real JupyterHub: a lab goes out by the exchange, comes back, and its feedback finds its student."""

import os
import re
import shutil

import pytest

from autograder.classroom import Classroom
from autograder.cli import main
from autograder.gradebook import standings_of
from autograder.settings import load_config
from tests.browser import hub
from tests.browser.jupyterlab import close_notebook

pytestmark = pytest.mark.skipif(not os.environ.get("HUB"), reason="takes minutes; `make test-hub` runs it")
LAB, COURSE = "lab1_perceptron", "deep_learning"
NEURON = "return 0.5 * (1 + np.tanh(0.5 * (x @ w + b)))"
HAS = "name => window.jupyterapp?.commands.hasCommand(name)"
OPEN = """async path => {
    await window.jupyterapp.commands.execute('docmanager:open', {path, factory: 'Notebook'});
    const panel = window.jupyterapp.shell.currentWidget;
    await panel.context.ready;
    await panel.sessionContext.ready;
}"""
# Type a solution into the cell that defines a function, run all down to its check, save; gives what that showed.
ANSWER = """async ([name, solution]) => {
    const app = window.jupyterapp, panel = app.shell.currentWidget, cells = panel.content.model.cells;
    const sources = Array.from({length: cells.length}, (_, index) => cells.get(index).sharedModel.source);
    const stub = cells.get(sources.findIndex(source => source.startsWith(`def ${name}(`))).sharedModel;
    stub.setSource(stub.source.replace('...  # YOUR CODE HERE', solution));
    panel.content.activeCellIndex = sources.findIndex(source => source.includes(`check("${name}")`));
    await app.commands.execute('notebook:run-all-above');
    await app.commands.execute('notebook:run-cell');
    await panel.context.save();
    const outputs = panel.content.activeCell.model.sharedModel.toJSON().outputs;
    return outputs.map(output => JSON.stringify(output.data)).join();
}"""


@pytest.fixture
def room(built, tmp_path):
    """A classroom of its own to which nobody handed in."""
    return Classroom(shutil.copytree(built.root, tmp_path / "classroom"))


@pytest.fixture
def address(room, tmp_path, monkeypatch):
    """A hub for one instructor and two students, and its exchange in the environment of this process."""
    (tmp_path / "exchange").mkdir()
    environment = {"EXCHANGE": str(tmp_path / "exchange"), "COURSE": COURSE, "ACCOUNTS": "0"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    try:
        with hub.hub(
            tmp_path / "hub", ["instructor", "ada", "ben"], CLASSROOM=str(room.root), **environment
        ) as address:
            yield address
    except hub.Unavailable as problem:
        pytest.skip(str(problem))


@pytest.fixture
def log_in(chromium, address):
    """Log a person in, in a browser of their own, and wait for their JupyterLab; returns the page."""
    contexts = []

    def page_of(name):
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(f"{address}/hub/login")
        page.fill("#username_input", name)
        page.fill("#password_input", hub.PASSWORD)
        page.click("#login_submit")
        page.wait_for_url(re.compile(f"/user/{name}/lab"))
        page.wait_for_function(HAS, arg="nbgrader:open-assignment-list")
        return page

    yield page_of
    for context in contexts:
        context.close()


class Student:
    """A student's browser, with nbgrader's list of assignments."""

    def __init__(self, page):
        self.page = page

    def list(self):
        self.page.evaluate("window.jupyterapp.commands.execute('nbgrader:open-assignment-list')")

    def press(self, button):
        self.page.get_by_role("button", name=button, exact=True).click()

    def hand_in(self, solution=None):
        """Fetch the lab, answer an exercise where a solution is given, submit; returns what its check showed."""
        self.list()
        self.press("Fetch")
        self.page.get_by_role("button", name="Submit", exact=True).wait_for()
        shown = ""
        if solution:
            self.page.evaluate(OPEN, f"{LAB}/{LAB}.ipynb")
            shown = self.page.evaluate(ANSWER, ["neuron", solution])
            close_notebook(self.page)
            self.list()
        self.press("Submit")
        self.page.get_by_role("button", name="Fetch Feedback").wait_for()
        return shown

    def feedback(self):
        """Fetch the feedback and open it; returns the paths of all files that came, and the page's text."""
        self.list()
        self.press("Fetch Feedback")
        self.page.get_by_text("(view feedback)").wait_for()
        paths = self.page.evaluate(
            """async lab => {
                const contents = window.jupyterapp.serviceManager.contents, found = [];
                const visit = async path => {
                    for (const item of (await contents.get(path)).content)
                        await (item.type === 'directory' ? visit(item.path) : found.push(item.path));
                };
                await visit(`${lab}/feedback`);
                return found;
            }""",
            LAB,
        )
        self.page.evaluate("path => { window.jupyterapp.commands.execute('docmanager:open', {path}); }", paths[0])
        frame = self.page.frame_locator(".jp-HTMLViewer iframe")
        frame.locator("h1").first.wait_for()
        return paths, frame.locator("body").inner_text()


def press(formgrader, column, done):
    """Press the instructor's button for the lab in a column of the formgrader, and read that it is done."""
    formgrader.locator("tr", has_text=LAB).locator(f"td.{column} a").first.click()
    box = formgrader.locator(".modal-dialog").filter(has_text=done)
    box.get_by_role("button", name="OK").click()
    formgrader.locator(".modal-backdrop").wait_for(state="hidden")


@pytest.mark.slow
def test_a_lab_goes_out_and_comes_back_and_each_student_reads_their_own_feedback(room, address, log_in, screenshot):
    """Release, fetch, submit, collect, grade and feedback, by the buttons that people press; nobody sees another's."""
    formgrader = log_in("instructor")
    formgrader.goto(f"{address}/user/instructor/formgrader")
    press(formgrader, "release", "Successfully released")
    ada, ben = Student(log_in("ada")), Student(log_in("ben"))
    assert "passed" in ada.hand_in(NEURON)
    ben.hand_in()

    press(formgrader, "collect", "Successfully collected")
    assert sorted(path.name for path in room.submitted.iterdir()) == ["ada", "ben"]
    assert main(["grade", "--classroom", str(room.root)]) == 0
    found = standings_of(load_config(room), LAB, ["ada", "ben"])
    assert {name: sum(standing.scores.values()) for name, standing in found.items()} == {"ada": 3, "ben": 0}
    formgrader.reload()
    screenshot(formgrader, "hub_formgrader")
    press(formgrader, "release-feedback", "Successfully released feedback")

    for student, score in ((ada, "3"), (ben, "0")):
        paths, text = student.feedback()
        assert len(paths) == 1
        assert f"{score} / " in text or f"{score} of " in text
        screenshot(student.page, f"hub_feedback_{score}")

    for whose, url, status in (
        (ada, "ada/api/contents", 200),
        (ada, "ben/api/contents", 403),
        (ada, "instructor/api/contents", 403),
        (ben, f"ada/files/{LAB}/{LAB}.ipynb", 403),
        (ben, "instructor/formgrader", 403),
        (ben, "ben/formgrader", 404),
    ):
        assert whose.page.request.get(f"{address}/user/{url}").status == status, url
