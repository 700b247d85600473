"""The formgrader in a real browser, on a submission that tries to run script wherever an instructor may look."""

import re
import urllib.parse

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.grading.run import Grading
from autograder.grading.submissions import Submission
from autograder.settings import PROJECT
from tests.autograder import toy
from tests.browser.jupyterlab import TOKEN, serve

FORGED = ["<script>alert(1)", '"</script><script>alert(1)//', '";alert(1)//']
NAMES = ["<img src=x onerror=alert(1)>", '" onfocus=alert(1) autofocus x="', "';alert(1);'", "O'Brien & Søn"]
MARKDOWN = """
<script>alert('markdown')</script> <img src=x onerror="alert('markdown')">
<svg onload=alert(1)></svg>
[script](javascript:alert(1)) [plots](http:evil.html) [file](evil.html)
[data](data:text/html,<b>)
<a href="http:evil.html">more plots</a>
<a href="&#106;avascript:alert(1)">entity</a>
<a href="//evil.example/x">rest</a>
$\\href{javascript:alert(1)}{formula}$ ![beacon](https://evil.example/beacon.png)
<iframe srcdoc="<script>alert(1)</script>"></iframe>
<div style="background:url(https://evil.example/style)">style</div> <base href="https://evil.example/"> <form action=/x>
<meta http-equiv="refresh" content="0;url=https://evil.example/"> <link rel=stylesheet href=https://evil.example/css>
<details open ontoggle=alert(1)><summary>x</summary></details> </div></div></body><script>alert('out')</script>
"""
SCRIPT = "<script>alert('output')</script><img src=x onerror=alert('output')>"
OUTPUTS = f"""
from IPython.display import HTML, SVG, Javascript, Latex, Markdown, display
script = {SCRIPT!r}
display(HTML(script), Javascript("alert('output')"), Latex(script + r"$\\href{{javascript:alert(1)}}{{x}}$"))
display(Markdown(script + "[plots](http:evil.html)"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"))
display({{"text/html": script, "text/plain": "x"}}, raw=True, metadata={{"text/html": {{"isolated": True}}}})
display({{"image/png": '"><script>alert(1)</script>', "text/plain": "x"}}, raw=True)
print(script, "\\x1b]8;;javascript:alert(1)\\x07link\\x1b]8;;\\x07")
raise type(script, (Exception,), {{}})(script)
"""
STARTER = "from pathlib import Path\nPath(__file__).with_name('ran').touch()\nc = get_config()\n"


pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own


@pytest.fixture(scope="module")
def classroom(tmp_path_factory):
    """A graded class in which every name, and every place of every notebook, is an attack; returns the classroom."""
    classroom, config = toy.make_classroom(tmp_path_factory.mktemp("attacked"))
    for number, student in enumerate(NAMES):
        notebook = toy.answered(classroom)
        if number == 0:
            notebook.cells[2:2] = [new_markdown_cell(MARKDOWN, id="m"), new_code_cell(OUTPUTS, id="o")]
        folder = toy.hand_in(classroom, student, notebook)
        (folder / "evil.html").write_text("<script>alert('file')</script>")
        (folder / "nbgrader_config.py").write_text(STARTER)
    class_of = [Submission(student, toy.LAB, classroom.submitted / student / toy.LAB) for student in NAMES]
    assert {each.word for each in Grading(classroom, config).outcomes(class_of)} == {"graded"}
    for student in NAMES:  # as earlier versions left it
        (classroom.autograded / student / toy.LAB / "evil.html").write_text("<script>alert('file')</script>")
    return classroom


@pytest.fixture(scope="module")
def address(chromium, classroom, tmp_path_factory):
    """The address of a JupyterLab on the classroom."""
    with serve(classroom.root, tmp_path_factory.mktemp("jupyter"), CLASSROOM=str(classroom.root)) as address:
        yield address


class Watch:
    """What goes wrong in a page: scripts that run, or that the browser had to stop, and requests to elsewhere."""

    def __init__(self, page, address):
        self.page, self.address, self.wrong, self.clicking = page, address, [], False
        page.on("dialog", self._dialog)
        page.on("console", self._console)
        page.context.route("**/*", self._request)

    def _dialog(self, dialog):
        self.wrong.append(f"{self.page.url} ran {dialog.message}")
        dialog.dismiss()

    def _console(self, said):
        of_jquery = "Framing ''" in said.text  # an empty frame, with which it looks how elements are displayed
        if "Content Security Policy" in said.text and not of_jquery:
            self.wrong.append(f"{self.page.url}: {said.text}")

    def _request(self, route):
        if route.request.url.startswith(f"{self.address}/"):
            route.continue_()
            return
        if not (self.clicking and route.request.is_navigation_request()):  # where a link leads, a click may go
            self.wrong.append(f"{self.page.url} asked for {route.request.url}")
        route.abort()

    def click(self, link):
        """Follow a link as a person would, wherever it leads."""
        self.clicking = True
        link.evaluate("link => link.click()")
        self.page.wait_for_timeout(100)
        self.clicking = False


@pytest.fixture
def watch(page, address):
    """A page of somebody who is logged in, and what goes wrong in it."""
    page.set_default_timeout(30_000)
    watch = Watch(page, address)
    page.goto(f"{address}/api?token={TOKEN}")
    yield watch
    page.context.unroute_all()


def quoted(*parts):
    """Return parts of an address as one part of an address."""
    return "/".join(urllib.parse.quote(part, safe="") for part in parts)


def test_nothing_that_a_student_wrote_runs_on_a_list(watch):
    """Whatever a list shows, and whatever name its address has: no script runs, and none has to be stopped."""
    pages = ["manage_assignments", f"manage_submissions/{toy.LAB}", "gradebook", f"gradebook/{toy.LAB}"]
    pages += ["manage_students", *(f"manage_students/{quoted(name)}" for name in NAMES)]
    pages += [f"manage_students/{quoted(name, toy.LAB)}" for name in NAMES]
    pages += [f"{path}/{quoted(name)}" for path in ("manage_students", "gradebook") for name in FORGED]
    for path in pages:
        watch.page.goto(f"{watch.address}/formgrader/{path}")
        watch.page.wait_for_load_state("networkidle")
    assert watch.wrong == []


def test_nothing_that_a_student_wrote_runs_on_a_page(watch, screenshot):
    """A submission's page runs no script, has none that must be stopped, and no link to what a student handed in."""
    page = watch.page
    page.goto(f"{watch.address}/formgrader/gradebook/{toy.LAB}/{toy.LAB}")
    page.locator("a.name-hidden").nth(len(NAMES) - 1).wait_for()
    page.get_by_role("button", name="Show All Names").click()
    for name in NAMES:
        page.locator("a.name-shown", has_text=name).wait_for()
    addresses = page.locator("a.name-shown").evaluate_all("links => links.map(link => link.href + '/')")
    assert len(addresses) == len(NAMES)
    for address in addresses:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        screenshot(page, "formgrader-attacked")
        links = page.locator("#notebook-container a")
        for number in range(links.count()):
            assert re.match(r"https?://[^/]|mailto:|#", links.nth(number).get_attribute("href") or "#")
            watch.click(links.nth(number))
            page.goto(address)
        for name in ("evil.html", f"{toy.LAB}.ipynb", "nbgrader_config.py"):
            assert page.goto(f"{address}{name}").status == 404
    assert watch.wrong == []


def test_what_were_written_into_a_page_all_the_same_would_not_run(watch):
    """The policy of each page stops script that no template brought, and what the formgrader answers is no page."""
    page = watch.page
    for path in ("manage_students", f"gradebook/{toy.LAB}/{toy.LAB}"):
        page.goto(f"{watch.address}/formgrader/{path}")
        page.evaluate("script => document.body.insertAdjacentHTML('beforeend', script)", NAMES[0])
        page.wait_for_timeout(200)
    for path in (f"submissions/{toy.LAB}", "students", f"submitted_notebooks/{toy.LAB}/{toy.LAB}"):
        answer = page.goto(f"{watch.address}/formgrader/api/{path}")
        assert NAMES[0] in answer.text() and answer.headers["content-type"].startswith("text/plain")
    assert not [each for each in watch.wrong if "ran" in each]
    assert len([each for each in watch.wrong if "inline event handler" in each]) == 2


def test_a_link_cannot_run_the_settings_that_a_student_handed_in(watch, classroom):
    """``/formgrader?path=…`` names a folder whose nbgrader_config.py would be run: none but Jupyter's own is."""
    folder = classroom.submitted / NAMES[0] / toy.LAB
    assert watch.page.goto(f"{watch.address}/formgrader?path={quoted(str(folder))}").status == 403
    assert not (folder / "ran").exists()
    assert watch.page.goto(f"{watch.address}/formgrader?path={quoted(str(PROJECT))}").ok


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_feedback_can_be_read_on_a_phone(chromium, classroom, scheme, pale, screenshot):
    """No text is pale or wider than the screen, and nothing that was handed in runs."""
    said = []
    page = chromium.new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto((classroom.feedback / NAMES[0] / toy.LAB / f"{toy.LAB}.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert pale(page) == [] and said == []
    screenshot(page, f"feedback-390-{scheme}")
    page.close()
