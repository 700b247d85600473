"""The report in a real browser: hostile names and code, a phone, a dark screen, paper."""

import re
from urllib.parse import unquote

import pytest

from autograder.classroom import Classroom
from autograder.files import write_atomically
from autograder.grading import report_page
from autograder.grading.lab_results import LabResults, Result, Row
from autograder.grading.look_alikes import Pair
from autograder.grading.report_people import People

EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script><a href=javascript:alert(3)>'
NAMES = [EVIL, "' onmouseover=alert(4) x='", "\u202eevil\u2066", "W" * 120, "#?%41 & ü"]
LAB = "lab1_perceptron"


def row(number, student):
    """Return the row of one student, all of whose texts are attacks or very long."""
    wrong = Result(number % 4, 4.0, "failed", f"The neuron: {EVIL} {'x' * 300}", EVIL * (number % 2) or None, [EVIL])
    return Row(
        student,
        number % 4,
        6.0,
        {"neuron": wrong, "dense_torch": wrong},
        [EVIL],
        engine=EVIL,
        name=EVIL,
        section=student,
    )


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The report of a class of hostile students, with look-alikes; returns its address."""
    classroom = Classroom(tmp_path_factory.mktemp("report"))
    classroom.reports.mkdir()
    students = [*NAMES, *(f"student {number}" for number in range(30))]
    for student in NAMES:
        if "/" not in student:
            page = classroom.feedback / student / LAB / f"{LAB}.html"
            page.parent.mkdir(parents=True)
            page.write_text("the page")
    people, labs = People(classroom, classroom.reports), []
    for name in (LAB, "lab2_activations"):
        labs.append(LabResults(name, EVIL, {"neuron": 4.0, "dense_torch": 2.0}))
        for number, student in enumerate(students):
            labs[-1].add(row(number, student))
            people.add(name, labs[-1].rows[-1])
    side = [(1, EVIL), None, (2, "y" * 160)]
    page = report_page.page(labs, people, "both", [Pair(LAB, (NAMES[0], NAMES[1]), 0.9, (side, side))])
    write_atomically(classroom.reports / "index.html", page)
    return (classroom.reports / "index.html").as_uri()


@pytest.fixture
def wrong(page, report):
    """What goes wrong in the page, once it is open: scripts that run or had to be stopped, and requests."""
    found = []
    page.on("dialog", lambda dialog: (found.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda said: found.append(said.text))
    page.on("request", lambda request: found.append(request.url) if request.url != report else None)
    page.goto(report)
    yield found
    assert found == []


def open_all(page):
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1440, "dark")])
def test_nothing_is_wider_than_the_screen_and_nothing_runs(page, wrong, width, scheme, pale, screenshot):
    """With all unfolded: no word sticks out or is pale, no script runs, nothing is asked for."""
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    open_all(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert pale(page) == []
    assert page.locator("main img, main script, main a[href^=javascript]").count() == 0
    assert page.locator("mark").first.inner_text() == EVIL
    screenshot(page, f"report-{width}-{scheme}")


def test_names_lead_to_pages(chromium, page, wrong):
    """Each link to a page opens it, whatever the student is called."""
    addresses = set(page.locator("a[href^='../']").evaluate_all("links => links.map(link => link.href)"))
    assert {unquote(address).split("/")[-3] for address in addresses} == {name for name in NAMES if "/" not in name}
    other = chromium.new_page()
    for address in addresses:
        other.goto(address)
        assert other.inner_text("body") == "the page"
    other.close()


def test_a_link_to_an_exercise_unfolds_it(page, wrong):
    """What to teach again leads to the exercise, inside its lab that is folded."""
    link = page.locator(".lessons a").first
    exercise = page.locator(f"[id='{link.get_attribute('href')[1:]}']")
    assert not exercise.is_visible()
    link.click()
    exercise.wait_for(state="visible")


def test_on_paper_labs_are_unfolded_and_lists_of_students_are_not(page, wrong):
    """A class of 35 with two exercises in two labs needs a few pages, with the exercises on them."""
    page.emulate_media(media="print")
    assert page.locator(f"[id='{LAB}-neuron']").is_visible()
    assert not page.get_by_text("Students, exercise by exercise").first.is_visible()
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True))) <= 8
