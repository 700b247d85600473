"""A gradebook in PostgreSQL: the same scores as in a file, and nothing lost or recorded twice, whatever happens.

One of these tests runs with all others; `make test-services` runs them all.
"""

import contextlib
import logging
import os
import random
import re
import signal
import subprocess
import sys
import time

import pytest
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import create_engine

from autograder import database, gradebook_batch
from autograder.classroom import Classroom
from autograder.cli import main
from autograder.gradebook import graded_students, grades_of
from autograder.settings import PROJECT
from tests.autograder import toy
from tests.services.conftest import environment, execute
from tests.services.grade_toy import grading

STUDENTS = [f"student{number:02}" for number in range(12)]
pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own
every = pytest.mark.skipif(os.environ.get("SERVICES") != "all", reason="`make test-services` runs this")


def hand_in(classroom):
    for number, student in enumerate(STUDENTS):
        toy.hand_in(classroom, student, toy.answered(classroom, double=f"return {number} * x", half=f"return {number}"))


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """The grades of the class as a gradebook in a file has them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(database.VARIABLE, "")
        classroom, config = toy.make_classroom(tmp_path_factory.mktemp("sqlite"))
        hand_in(classroom)
        assert grade(classroom) == ["graded"] * len(STUDENTS)
        return grades_of(config, toy.LAB, graded_students(config, toy.LAB))


@pytest.fixture
def room(gradebook, tmp_path):
    """A classroom whose gradebook is in PostgreSQL, with the class's submissions."""
    classroom, config = toy.make_classroom(tmp_path / "room")
    assert CourseDirectory(config=config).db_url == gradebook and not classroom.gradebook.exists()
    hand_in(classroom)
    return classroom


def grade(classroom, regrade=False):
    whole, handed_in = grading(classroom.root, regrade)
    return [outcome.word for outcome in whole.outcomes(handed_in)]


def begin(classroom, *options):
    """Start a grading in a process of its own."""
    command = [sys.executable, "-m", "tests.services.grade_toy", str(classroom.root), *options]
    return subprocess.Popen(command, cwd=PROJECT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, start_new_session=True)  # fmt: skip


def assert_whole(classroom, expected):
    """Every submission stands in the gradebook once, with the scores that a gradebook in a file would have."""
    config = toy.toy_config(classroom)
    assert grades_of(config, toy.LAB, graded_students(config, toy.LAB)) == expected
    exercises = len(toy.EXERCISES)
    with create_engine(CourseDirectory(config=config).db_url).connect() as connection:
        count = {
            table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
            for table in ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")
        }
        connection.engine.dispose()
    class_of = len(STUDENTS)
    assert count == {
        "student": class_of, "submitted_assignment": class_of, "submitted_notebook": class_of,
        "grade": class_of * exercises, "comment": class_of * exercises,
    }  # fmt: skip
    for student in STUDENTS:
        assert (classroom.autograded / student / toy.LAB / f"{toy.LAB}.ipynb").exists()
        assert (classroom.feedback / student / toy.LAB / f"{toy.LAB}.html").exists()


def test_scores_are_those_of_a_gradebook_in_a_file(room, server, expected, caplog):
    """A class gets the same grades in PostgreSQL as in SQLite; and nothing that is written down holds the password."""
    with caplog.at_level(logging.DEBUG):
        assert grade(room) == ["graded"] * len(STUDENTS)
        assert grade(room) == ["unchanged"] * len(STUDENTS)
    assert_whole(room, expected)
    assert server.password not in caplog.text and server.password not in os.environ[database.VARIABLE]
    for path in room.root.rglob("*"):
        assert not path.is_file() or server.password.encode() not in path.read_bytes()


@every
def test_the_commands_take_the_address(server, gradebook, tmp_path, capfd):
    """Build and grade with `--db` use the database, and make no file; a wrong password is told in a line."""
    address = server.url(gradebook.rpartition("/")[2])
    root = str(tmp_path / "room")
    assert main(["build", "--classroom", root, "--labs", f"{root}-labs", "--db", address]) == 0
    assert main(["sample", "--classroom", root, "--db", address]) == 0
    assert main(["grade", "quiz1_foundations", "--classroom", root, "--db", address]) == 0
    assert not Classroom(root).gradebook.exists()
    capfd.readouterr()
    assert main(["grade", "quiz1_foundations", "--regrade", "--classroom", root,
                 "--db", address.replace(server.password, "wrong-word")]) == 2  # fmt: skip
    said = "".join(capfd.readouterr())
    assert "password authentication failed" in said and "wrong-word" not in said and "Traceback" not in said


@every
def test_migrations(room, expected):
    """`nbgrader db upgrade` finds a gradebook that it knows, loses no grade, and prints no password."""
    assert grade(room) == ["graded"] * len(STUDENTS)
    for _ in range(2):
        command = [sys.executable, "-m", "nbgrader", "db", "upgrade"]
        done = subprocess.run(command, cwd=PROJECT, env={**environment(), "CLASSROOM": str(room.root)}, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)  # fmt: skip
        assert done.returncode == 0, done.stdout
        assert os.environ["PGPASSWORD"] not in done.stdout
    assert_whole(room, expected)
    assert grade(room, regrade=True) == ["graded"] * len(STUDENTS)


@every
def test_tables_of_an_older_nbgrader(room, server, gradebook, expected):
    """They are refused with one sentence, and the command in it mends them: no grade is lost."""
    assert grade(room) == ["graded"] * len(STUDENTS)
    execute(
        server.url(gradebook.rpartition("/")[2]),
        "ALTER TABLE student DROP COLUMN lms_user_id",
        "ALTER TABLE assignment DROP COLUMN course_id",
        "DELETE FROM course",
        "UPDATE alembic_version SET version_num = '167914646830'",
    )
    command = [sys.executable, "-m", "autograder", "grade", "--unsafe", "--classroom", str(room.root)]
    done = subprocess.run(command, cwd=PROJECT, env=environment(), text=True, capture_output=True, check=False)
    told = re.search(r"autograder: the gradebook has the tables of .*: psql DATABASE -c \"(.*)\"\n", done.stderr)
    assert done.returncode == 2 and told, done.stderr
    execute(server.url(gradebook.rpartition("/")[2]), *told[1].split("; "))
    assert_whole(room, expected)
    assert grade(room, regrade=True) == ["graded"] * len(STUDENTS)


@every
def test_two_graders_at_once(room, expected):
    """Two people who grade one class at the same time: each row is written once, and each submission has its scores."""
    for options in ([], ["--regrade"]):
        both = [begin(room, *options) for _ in range(2)]
        said = [each.communicate(timeout=300)[0] for each in both]
        assert [each.returncode for each in both] == [0, 0], said
    assert_whole(room, expected)


@every
@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_a_connection_that_is_lost(room, server, expected, how):
    """The server is restarted, or fails, in the middle of a class: grading waits for it, and nothing is lost."""
    grader = begin(room)
    for _ in range(3):
        grader.stdout.readline()
        server.restart(how)
    said = grader.communicate(timeout=300)[0]
    assert grader.returncode == 0, said
    assert_whole(room, expected)


@every
def test_a_grader_that_is_killed(room, expected):
    """SIGKILL at random moments: what was recorded is whole, the next run goes on, and in the end all is there once."""
    moments = random.Random(7)
    for _ in range(6):
        grader = begin(room)
        time.sleep(moments.uniform(3, 6))
        os.killpg(grader.pid, signal.SIGKILL)
        grader.communicate()
    assert set(grade(room)) <= {"graded", "unchanged"}
    assert_whole(room, expected)


@pytest.fixture
def small_disk(server, gradebook):
    """The folder of a file system of 16 MB, in which the gradebook lies."""
    folder, name = server.folder / "small", gradebook.rpartition("/")[2]
    folder.mkdir(exist_ok=True)
    if os.getuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder], check=False,
                                          capture_output=True).returncode:  # fmt: skip
        pytest.skip("only root can make a small file system")
    try:
        os.chown(folder, server.data.stat().st_uid, server.data.stat().st_gid)
        execute(
            server.url(), f"CREATE TABLESPACE small LOCATION '{folder}'", f"ALTER DATABASE {name} SET TABLESPACE small"
        )
        yield folder
        end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # our own sessions
        execute(server.url(), end, f"ALTER DATABASE {name} SET TABLESPACE pg_default", "DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)  # the server keeps a file open for a while


@every
def test_a_disk_that_is_full(small_disk, room, expected, monkeypatch):
    """Without room on the disk nothing is recorded in part: submissions stay open, and the next run grades them."""
    monkeypatch.setattr(gradebook_batch, "PAUSES", (0.1,))
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(4096)):
            pass
    words = grade(room)
    assert "failed" in words
    filler.unlink()
    assert set(grade(room)) <= {"graded", "unchanged"}
    assert_whole(room, expected)
