"""nbgrader's exchange: hostile folders in it cost nobody else anything, and each page goes to whoever handed in."""

import os
import shutil
from types import SimpleNamespace

import pytest
from nbgrader import api
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeFactory
from nbgrader.utils import notebook_hash

from autograder.classroom import Classroom
from autograder.grading import exchange
from autograder.grading.exchange import Collect, ReleaseFeedback
from tests.autograder import toy

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own
TIME = "2026-11-26 10:58:23.948203 UTC"


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """A classroom and an exchange in which a lab was released."""
    monkeypatch.setattr(api, "get_alembic_version", lambda: "")  # it starts a program for each new gradebook
    classroom, inbound = Classroom(tmp_path / "room"), tmp_path / "exchange" / "course" / "inbound"
    classroom.root.mkdir()
    inbound.mkdir(parents=True)
    config = toy.load_config(classroom)
    config.Exchange.root, config.CourseDirectory.course_id = str(tmp_path / "exchange"), "course"
    config.CourseDirectory.db_url = "sqlite://"  # in memory
    config.ExchangeCollect.check_owner = False
    return SimpleNamespace(classroom=classroom, inbound=inbound, config=config, pages=inbound.parent / "feedback")


def hand_in(hub, name, text="{}", secret="s3cret", lab=toy.LAB):
    """Put a folder into the exchange as `nbgrader submit` does; returns it."""
    folder = hub.inbound / name
    folder.mkdir()
    for file, content in {f"{lab}.ipynb": text, "timestamp.txt": TIME, "submission_secret.txt": secret}.items():
        (folder / file).write_text(content)
    return folder


def do(hub, step, **settings):
    """Do as a command of nbgrader on the exchange."""
    course = CourseDirectory(config=hub.config, assignment_id=toy.LAB)
    running = step(coursedir=course, config=hub.config, **settings)
    running.start()


def collected(hub):
    return {path.parent.parent.name: path.read_text() for path in hub.classroom.submitted.glob("*/*/*.ipynb")}


def test_the_settings_give_nbgrader_these_steps(hub):
    """Whoever reads nbgrader_config.py collects and gives back with ours: nbgrader's commands, and the formgrader."""
    factory = ExchangeFactory(config=hub.config)
    assert (factory.collect, factory.release_feedback) == (Collect, ReleaseFeedback)


@pytest.mark.parametrize(
    "name", [f"eve+{toy.LAB}+no time+x", f"..+{toy.LAB}+{TIME}+x", f"e+{toy.LAB}+x+{TIME}+x", f"<b>+{toy.LAB}+{TIME}+x"]
)
def test_a_strange_name_in_the_exchange_stops_nobody_elses_collecting(hub, name):
    """nbgrader stops at such a folder, or writes outside `submitted`; here it is left out."""
    hand_in(hub, name)
    hand_in(hub, f"ada+{toy.LAB}+{TIME}+x", "hers")
    do(hub, Collect)
    assert collected(hub) == {"ada": "hers"}


def test_a_file_in_place_of_a_hand_in_is_left_out(hub):
    """A file, or a link to a folder, where a hand-in should be."""
    (hub.inbound / f"eve+{toy.LAB}+{TIME}+x").write_text("")
    (hub.inbound / f"zoe+{toy.LAB}+{TIME}+x").symlink_to(hub.classroom.root)
    hand_in(hub, f"ada+{toy.LAB}+{TIME}+x", "hers")
    do(hub, Collect)
    assert collected(hub) == {"ada": "hers"}


def test_links_bring_no_file_of_the_instructors(hub):
    """nbgrader copies what a link leads to, such as the classroom's secret, which handed-in code could print."""
    (hub.classroom.root / "secret").write_text(toy.SECRET)
    folder = hand_in(hub, f"eve+{toy.LAB}+{TIME}+x", "notebook")
    (folder / "notes.txt").symlink_to(hub.classroom.root / "secret")
    (folder / "room").symlink_to(hub.classroom.root)
    (folder / "data").mkdir()
    (folder / "data" / "points.csv").write_text("1, 2")
    do(hub, Collect)
    found = {str(path.relative_to(hub.classroom.submitted)) for path in hub.classroom.submitted.rglob("*.*")}
    assert found == {f"eve/{toy.LAB}/{name}" for name in
                     (f"{toy.LAB}.ipynb", "data/points.csv", "submission_secret.txt", "timestamp.txt")}  # fmt: skip


def test_with_accounts_nobody_hands_in_for_somebody_else(hub, monkeypatch):
    """nbgrader warns and takes it; where the hub has accounts, a folder of another one is left out, however new."""
    hub.config.ExchangeCollect.check_owner = True
    hand_in(hub, f"ada+{toy.LAB}+{TIME}+x", "hers")
    forged = hand_in(hub, f"ada+{toy.LAB}+{TIME.replace('2026', '2027')}+x", "eve's")
    monkeypatch.setattr(exchange, "_owner", lambda path: "eve" if str(path) == str(forged) else "ada")
    do(hub, Collect)
    assert collected(hub) == {"ada": "hers"}


def test_a_newer_hand_in_takes_the_place_of_an_older_one_whatever_time_that_file_told(hub):
    """`timestamp.txt` is the time in the folder's name: one that a student wrote would stop the next collecting."""
    folder = hand_in(hub, f"ada+{toy.LAB}+{TIME}+x", "first")
    (folder / "timestamp.txt").write_text("no time")
    do(hub, Collect)
    assert (hub.classroom.submitted / "ada" / toy.LAB / "timestamp.txt").read_text().strip() == TIME
    hand_in(hub, f"ada+{toy.LAB}+{TIME.replace('10:', '11:')}+x", "second")
    do(hub, Collect, update=True)
    assert collected(hub) == {"ada": "second"}


def page(hub, student, secret):
    """Write a page of feedback and what was graded, as `autograder grade` leaves them."""
    folder = hub.classroom.feedback / student / toy.LAB
    folder.mkdir(parents=True)
    (folder / f"{toy.LAB}.html").write_text(f"of {student}")
    graded = hub.classroom.autograded / student / toy.LAB
    graded.mkdir(parents=True)
    if secret is not None:
        (graded / "submission_secret.txt").write_text(secret)
    return graded


def test_each_page_goes_to_whoever_handed_in_what_was_graded(hub):
    """A page's name in the exchange follows from what only its student knows; others, and links, get none."""
    page(hub, "ada", "hers")
    page(hub, "ben", "his")
    page(hub, "carl", None)
    (page(hub, "eve", None) / "submission_secret.txt").symlink_to(
        hub.classroom.autograded / "ada" / toy.LAB / "submission_secret.txt"
    )
    do(hub, ReleaseFeedback)
    names = {student: notebook_hash(secret=secret, notebook_id=toy.LAB) for student, secret in
             {"ada": "hers", "ben": "his"}.items()}  # fmt: skip
    assert {path.name: path.read_text() for path in hub.pages.iterdir()} == {
        f"{name}.html": f"of {student}" for student, name in names.items()
    }
    assert os.stat(hub.pages).st_mode & 0o777 == 0o711  # nobody lists it


def test_one_students_page_alone(hub):
    """The formgrader gives back a single page too."""
    page(hub, "ada", "hers")
    page(hub, "ben", "his")
    hub.config.CourseDirectory.student_id = "ben"
    do(hub, ReleaseFeedback)
    assert [path.read_text() for path in hub.pages.iterdir()] == ["of ben"]
    shutil.rmtree(hub.pages)
