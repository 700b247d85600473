"""Many submissions recorded at once: row for row and byte for byte what nbgrader's own steps write for each of them.

The reference is nbgrader's ``Autograde`` with the course's settings, on notebooks that were mended and run; where there
is nothing to grade, nbgrader's ``Gradebook``.
"""

import copy
import re
import shutil
import sqlite3
import threading
from datetime import datetime, timedelta

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook, new_uuid
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import LateSubmissionPlugin
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from autograder import gradebook, gradebook_batch, nbgrader_patches
from autograder.authoring.build import generate_assignment
from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.gradebook_batch import AutoGrades, NotRecorded
from autograder.grading.graded import DONE, LayOut
from autograder.grading.record import record
from autograder.grading.submissions import Submission
from autograder.nbgrader_patches import SubmissionAutograde
from tests.autograder import toy

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own
DUE = datetime(2026, 11, 1, 12)
LABS = (toy.LAB, "essay")
RIGHT = {name: points for name, (points, _) in toy.EXERCISES.items()}


class TenPercent(LateSubmissionPlugin):
    """Takes a tenth of the points of an hour's delay, a point for a day's, and more than there is for a week's."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        if total_seconds_late > 6 * 86400:
            return 1000.0
        return 1.0 if total_seconds_late > 86400 else score / 10


def essay():
    """Return a lab that holds every kind of cell that nbgrader knows: tests, answers graded by hand, a task."""
    notebook = toy.source_notebook()
    notebook.cells += [
        new_markdown_cell("Why?", id="why", metadata=toy._data("why", grade=True, solution=True, points=4)),
        new_code_cell("plot()", id="plot", metadata=toy._data("plot", grade=True, solution=True, points=2)),
        new_markdown_cell(
            "Write a report.\n### BEGIN MARK SCHEME\n3 points\n### END MARK SCHEME",
            id="report",
            metadata=toy._data("report", task=True, locked=True, points=3),
        ),
    ]
    return notebook


def room(root):
    """Build both labs, with a due date; return the classroom and its configuration."""
    classroom, config = toy.make_classroom(root)
    path = classroom.source / "essay" / "essay.ipynb"
    path.parent.mkdir()
    nbformat.write(essay(), path)
    (path.parent / "data.csv").write_text("the lab's")
    generate_assignment("essay", classroom, config)
    with Gradebook(f"sqlite:///{classroom.gradebook}") as book:
        for lab in LABS:
            book.update_or_create_assignment(lab, duedate=DUE)
    return classroom, settings(classroom)


def settings(classroom):
    config = toy.toy_config(classroom)
    config.AssignLatePenalties.plugin_class = TenPercent
    config.Lateness.trust_timestamps = True
    return config


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    """Two copies of one classroom: ours, and the one that nbgrader records; each with its configuration."""
    nbgrader_patches.install()
    root = tmp_path_factory.mktemp("rooms")
    room(root / "fresh")
    copies = [shutil.copytree(root / "fresh", root / name) for name in ("ours", "theirs")]
    return [(Classroom(path), settings(Classroom(path))) for path in copies]


def submission(classroom, student, lab):
    return Submission(student, lab, classroom.submitted / student / lab)


def hand_in(classroom, student, lab, change=None, timestamp=None):
    """Hand in the released notebook with right answers, changed by a function, beside a file and perhaps a time."""
    notebook = nbformat.read(classroom.release / lab / f"{lab}.ipynb", as_version=4)
    for name, right in toy.SOLUTIONS.items():
        toy.find(notebook, f"{name}_solution").source = f"def {name}(x):\n    return {right}"
    if change:
        change(notebook)
    folder = submission(classroom, student, lab).folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{lab}.ipynb")
    (folder / "notes.txt").write_text(f"{student}'s")
    (folder / "data.csv").write_text("a student's")
    if timestamp:
        (folder / "timestamp.txt").write_text(f"{timestamp:%Y-%m-%d %H:%M:%S} UTC")


def unanswered(notebook):
    for name in toy.SOLUTIONS:
        toy.find(notebook, f"{name}_solution").source = f"def {name}(x):\n    ...  # YOUR CODE HERE"


def answered_by_hand(notebook):
    notebook.cells[:] = [cell for cell in notebook.cells if cell.get("id") != "report"]
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in ("why", "plot"):
            cell.source = "Because $x$ is öäü.\n\nx = 1"


def with_own_cells(notebook):
    notebook.cells.insert(1, new_code_cell("print(1)", id="mine"))
    notebook.cells.append(new_markdown_cell("my notes", id="notes", metadata={"tags": ["x"], "mine": 1}))
    del notebook.cells[3]


# What is handed in for a lab, round by round: student -> (change of the notebook, points, time); None: unreadable.
ROUNDS = [
    {
        "ada": (None, {}, None),
        "bob": (unanswered, {"square": 1.5, "double": 0.0}, None),
        "cy": (answered_by_hand, {"half": 0.5}, DUE - timedelta(hours=1)),
        "dan": (with_own_cells, {}, DUE + timedelta(minutes=30)),
        "eve": (None, {"negate": 0.0}, DUE + timedelta(days=2)),
        "fay": (None, {}, DUE + timedelta(days=9)),
        "gus": None,
        "hal": (answered_by_hand, {}, DUE + timedelta(hours=1)),
        "Ida [x] *": (None, dict.fromkeys(RIGHT, 0.0), DUE + timedelta(hours=1)),
    },
    {
        "ada": (unanswered, {"double": 1.0}, DUE + timedelta(days=3)),
        "bob": (None, {}, None),
        "cy": None,
        "dan": (None, {"square": 0.0}, DUE - timedelta(days=1)),
        "eve": (answered_by_hand, {}, DUE + timedelta(days=2)),
        "gus": (None, {"half": 0.0}, None),
        "hal": (unanswered, {"square": 2.0}, None),
        "jim": (None, {}, None),
    },
]


def stage(config, each, root, points):
    mended = toy.stage(config, each, root, **points)
    for cell in mended.notebook.cells:  # as if it had printed; nbgrader cuts it
        if cell.cell_type == "code" and not cell.outputs:
            cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text="line\n" * 1500)]
            break
    return mended


def ours(classroom, config, lab, handed_in, root):
    """Record a round in one batch, as workers and parent do."""
    layout = LayOut(config, lab, gradebook.lab_cells(config, lab), root)
    batch = []
    for student, what in handed_in.items():
        each = submission(classroom, student, lab)
        batch.append(layout.graded(stage(config, each, root, what[1])) if what else layout.nothing(each, "Nothing."))
    standings = record(config, batch, root)
    for grades, recorded in zip(batch, standings):
        assert recorded.standing == gradebook.standing(config, lab, grades.student)


def theirs(classroom, config, lab, handed_in, root):
    """Record a round by nbgrader's own steps, one submission after the other."""
    changed = copy.deepcopy(config)
    changed.CourseDirectory.submitted_directory = str(root)
    for steps in ("sanitize_preprocessors", "autograde_preprocessors"):
        changed.Autograde[steps] = [step for step in config.Autograde[steps] if step not in DONE]
    for student, what in handed_in.items():
        each = submission(classroom, student, lab)
        with Gradebook(f"sqlite:///{classroom.gradebook}") as book:
            entry = book.update_or_create_student(student)
            if entry.last_name is None and entry.first_name is None:
                entry.last_name, entry.first_name = student, ""
            book.db.commit()
            if what is None:
                book.update_or_create_submission(lab, student)
                for notebook in book.find_submission(lab, student).notebooks:
                    for grade in notebook.grades:
                        grade.auto_score, grade.needs_manual_grade = 0, grade.manual_score is not None
                book.db.commit()
        if what:
            mended = stage(config, each, root, what[1])
            mended.write_notebook(root / student / lab)
            course = CourseDirectory(config=changed, assignment_id=lab, student_id=student)
            SubmissionAutograde(coursedir=course, config=changed, force=True).start()


def by_hand(classroom, lab):
    """Give points, comments, extra credit and an extension, as an instructor does in the formgrader."""
    with Gradebook(f"sqlite:///{classroom.gradebook}") as book:
        for student, name, points in (("bob", "square", 2.5), ("cy", "double", 0.5), ("hal", "half", 0.0)):
            grade = book.find_grade(name, lab, lab, student)
            grade.manual_score, grade.needs_manual_grade = points, False
        book.find_grade("double", lab, lab, "ada").extra_credit = 0.5
        if lab == "essay":
            for student, name, points in (("cy", "why", 3.0), ("cy", "report", 2.0), ("hal", "plot", 1.0)):
                grade = book.find_grade(name, lab, lab, student)
                grade.manual_score, grade.needs_manual_grade = points, False
            book.find_comment("report", lab, lab, "hal").manual_comment = "Where is it?"
        book.find_comment("square_solution", lab, lab, "bob").manual_comment = "Good."
        book.find_submission_notebook(lab, lab, "eve").flagged = True
        book.update_or_create_student("ada", first_name="Ada", last_name="Lovelace")
        book.grant_extension(lab, "eve", days=1)
        book.db.commit()


KEYS = {
    "student": "select * from student",
    "submitted_assignment": "select a.name, s.student_id, s.timestamp, s.extension from submitted_assignment s "
    "join assignment a on a.id = s.assignment_id",
    "submitted_notebook": "select a.name, n.name, s.student_id, m.flagged, m.late_submission_penalty "
    "from submitted_notebook m join submitted_assignment s on s.id = m.assignment_id "
    "join assignment a on a.id = s.assignment_id join notebook n on n.id = m.notebook_id",
    "grade": "select n.name, s.student_id, c.name, c.type, g.auto_score, g.manual_score, g.extra_credit, "
    "g.needs_manual_grade from grade g join base_cell c on c.id = g.cell_id "
    "join submitted_notebook m on m.id = g.notebook_id join notebook n on n.id = m.notebook_id "
    "join submitted_assignment s on s.id = m.assignment_id",
    "comment": "select n.name, s.student_id, c.name, c.type, g.auto_comment, g.manual_comment from comment g "
    "join base_cell c on c.id = g.cell_id join submitted_notebook m on m.id = g.notebook_id "
    "join notebook n on n.id = m.notebook_id join submitted_assignment s on s.id = m.assignment_id",
}


def tables(classroom):
    """Return all rows of a gradebook that grading writes, by table, with names in place of ids, and numbers of rows."""
    with sqlite3.connect(classroom.gradebook) as connection:
        names = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        counts = {name: connection.execute(f"select count(*) from {name}").fetchone()[0] for name in names}
        rows = {name: sorted(map(repr, connection.execute(query))) for name, query in KEYS.items()}
    for name, found in rows.items():
        assert len(found) == counts[name], f"rows of {name} that belong to nothing"
    return {**rows, "counts": counts}


def autograded(classroom, lab, students):
    """Return content and rights of every file of some students' autograded submissions for a lab."""
    return {
        path.relative_to(classroom.autograded).as_posix(): (path.stat().st_mode, path.read_bytes())
        for student in students
        for path in sorted((classroom.autograded / student / lab).rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("lab", LABS)
def test_gradebook_and_notebooks_are_those_that_nbgrader_writes(rooms, tmp_path, lab):
    """All tables and all files agree, round by round, with points given by hand in between and late submissions."""
    for number, handed_in in enumerate(ROUNDS):
        for (classroom, config), way in zip(rooms, (ours, theirs)):
            for student, what in handed_in.items():
                if what:
                    hand_in(classroom, student, lab, what[0], what[2])
            root = classroom.root / f".staged-{lab}-{number}"
            root.mkdir()
            way(classroom, config, lab, handed_in, root)
        for name, rows in tables(rooms[1][0]).items():
            assert tables(rooms[0][0])[name] == rows, name
        readable = [student for student, what in handed_in.items() if what]
        files, expected = (autograded(classroom, lab, readable) for classroom, _ in rooms)
        assert len(files) > 2 * len(readable) and files.keys() == expected.keys()
        for name, file in expected.items():
            assert files[name] == file, name
        for classroom, _ in rooms:
            by_hand(classroom, lab)


@pytest.fixture
def course(rooms, tmp_path):
    """A fresh classroom in which nobody was graded; returns it and its configuration."""
    classroom = Classroom(shutil.copytree(rooms[0][0].root.parent / "fresh", tmp_path / "room"))
    return classroom, settings(classroom)


def graded(student, **scores):
    return AutoGrades(student, toy.LAB, {**RIGHT, **scores})


def test_a_locked_gradebook_is_waited_for(course, monkeypatch):
    """While another process writes, a batch waits and is then recorded, once."""
    classroom, config = course
    other = sqlite3.connect(classroom.gradebook, isolation_level=None, check_same_thread=False)
    other.execute("begin immediate")
    monkeypatch.setattr(gradebook_batch.time, "sleep", lambda pause: other.execute("rollback"))
    monkeypatch.setattr(gradebook_batch, "engine", impatient(classroom))
    gradebook_batch.record(config, [graded("ada")], None)
    assert tables(classroom)["counts"]["submitted_assignment"] == 1


def impatient(classroom):
    """Return a function that returns an engine that does not wait for a lock itself."""
    made = gradebook.create_engine(
        f"sqlite:///{classroom.gradebook}", poolclass=gradebook.NullPool, connect_args={"timeout": 0}
    )
    return lambda config: made


def test_what_was_refused_is_tried_again_as_a_whole_and_stands_there_once(course, monkeypatch):
    """An error at any statement, or of the commit itself after it was done, leaves no half and no second row."""
    classroom, config = course
    batch = [graded("ada"), graded("bob", square=1.0)]
    gradebook_batch.record(config, batch, None)
    expected = tables(classroom)
    monkeypatch.setattr(gradebook_batch, "PAUSES", (0.0,))
    real = gradebook_batch.Connection.execute
    for failing in range(1, 13):
        calls = []

        def execute(self, *arguments, failing=failing, calls=calls, **keywords):
            calls.append(1)
            if len(calls) == failing:
                raise OperationalError("", {}, Exception("connection lost"))
            return real(self, *arguments, **keywords)

        for table in ("comment", "grade", "submitted_notebook", "submitted_assignment", "student"):
            with sqlite3.connect(classroom.gradebook) as connection:
                connection.execute(f"delete from {table}")
        with monkeypatch.context() as patch:
            patch.setattr(gradebook_batch.Connection, "execute", execute)
            gradebook_batch.record(config, batch, None)
        assert tables(classroom) == expected, failing
    commit = gradebook_batch.Connection.commit

    done = []

    def lost(self):
        commit(self)
        if not done:
            done.append(1)
            raise OperationalError("", {}, Exception("connection lost"))

    monkeypatch.setattr(gradebook_batch.Connection, "commit", lost)
    gradebook_batch.record(config, batch, None)
    assert tables(classroom) == expected


def test_what_cannot_be_written_leaves_the_gradebook_as_it_was(course, monkeypatch):
    """After the last try the error is told in words, and none of the batch is there."""
    classroom, config = course
    expected = tables(classroom)
    monkeypatch.setattr(gradebook_batch, "PAUSES", ())

    def full(connection, table, rows):
        raise OperationalError("", {}, Exception("database or disk is full"))

    with monkeypatch.context() as patch:
        patch.setattr(gradebook_batch, "_update", full)
        with pytest.raises(NotRecorded, match="disk is full"):
            gradebook_batch.record(config, [graded("ada")], None)
    assert tables(classroom) == expected


def test_two_processes_that_record_at_once_write_each_row_once(course):
    """Whoever comes second finds the rows of the first."""
    classroom, config = course
    batch = [graded(f"student_{number}") for number in range(20)]
    threads = [threading.Thread(target=gradebook_batch.record, args=(config, batch, None)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tables(classroom)["counts"] == {
        **tables(classroom)["counts"],
        **{"student": 20, "submitted_assignment": 20, "submitted_notebook": 20, "grade": 80, "comment": 80},
    }


def test_a_batch_of_several_labs_is_recorded_in_the_order_it_was_given(rooms):
    """Each submission gets its own standing back."""
    config = rooms[0][1]
    batch = [AutoGrades("zoe", lab, {"double": score}) for lab, score in zip(LABS, (1.0, 2.0))]
    assert [each.standing.scores["double"] for each in gradebook_batch.record(config, batch, None)] == [1.0, 2.0]
    with pytest.raises(CourseError, match="lab9 is not in the gradebook"):
        gradebook_batch.record(config, [AutoGrades("zoe", "lab9")], None)


def test_what_stood_before_comes_back(course):
    """A regrade tells the points that were there, those given by hand included; the first grading has none."""
    classroom, config = course
    [first] = gradebook_batch.record(config, [graded("ada", square=1.0)], None)
    with Gradebook(f"sqlite:///{classroom.gradebook}") as book:
        book.find_grade("half", toy.LAB, toy.LAB, "ada").manual_score = 0.5
        book.db.commit()
    [second] = gradebook_batch.record(config, [graded("ada")], None)
    assert first.before == {} and second.before == {**RIGHT, "square": 1.0, "half": 0.5}
    assert second.standing.scores == {**RIGHT, "half": 0.5}


def test_what_would_stand_is_told_before_it_counts(course):
    """Whoever is told so can refuse; then the gradebook holds what it held, new students left out."""
    _, config = course
    gradebook_batch.record(config, [graded("kim")], None)
    told = []

    def refuse(recorded):
        told.extend(recorded)
        raise KeyError

    with pytest.raises(KeyError):
        gradebook_batch.record(config, [graded("kim", square=0.0), graded("lou")], None, last=refuse)
    assert [each.standing.scores["square"] for each in told] == [0.0, RIGHT["square"]]
    assert [each.before for each in told] == [RIGHT, {}]
    assert list(gradebook.standings_of(config, toy.LAB, ["kim", "lou"])) == ["kim"]
    assert gradebook.standing(config, toy.LAB, "kim").scores == RIGHT


def test_no_statement_reads_a_table_that_grows_with_the_class(rooms):
    """Recording and reading find rows by an index, so that a submission costs the same in a class of 500,000."""
    _, config = rooms[0]
    grown = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")
    plans = []

    def look(connection, cursor, statement, parameters, context, many):
        if statement.startswith(("SELECT", "UPDATE")):
            asked = cursor.connection.cursor()
            asked.execute(f"EXPLAIN QUERY PLAN {statement}", parameters[0] if many else parameters)
            plans.extend(row[3] for row in asked.fetchall())

    event.listen(gradebook.engine(config), "before_cursor_execute", look)
    try:
        batch = [AutoGrades(f"planned{number}", toy.LAB, dict(RIGHT), {}, "2026-11-02T12:00") for number in range(3)]
        for _ in range(2):
            gradebook_batch.record(config, batch, lambda *_: 0.0)
        gradebook.grades_of(config, toy.LAB, [grades.student for grades in batch])
        gradebook.standing(config, toy.LAB, "planned0")
    finally:
        event.remove(gradebook.engine(config), "before_cursor_execute", look)
    assert {name for name in grown if any(plan.startswith(f"SEARCH {name} USING INDEX") for plan in plans)} == {*grown}
    bad = [plan for plan in plans for name in grown if re.search(rf"SCAN {name}\b|{name} USING AUTOMATIC", plan)]
    assert bad == []


def test_ids_of_new_rows_come_in_order():
    """A row that is written later stands later, so that a large table grows at its end; each id is like nbgrader's."""
    ids = [gradebook_batch._new_id() for _ in range(100)]
    assert sorted(name[:16] for name in ids) == [name[:16] for name in ids] and len({*ids}) == 100
    assert all(len(name) == len(new_uuid()) and int(name, 16) for name in ids)
