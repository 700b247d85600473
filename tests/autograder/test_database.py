"""The address of a gradebook on a server: checked, for our driver, and without the password."""

import os

import pytest
from sqlalchemy.exc import OperationalError

from autograder import database
from autograder.classroom import Classroom
from autograder.engines.base import kernel_environment
from autograder.errors import CourseError
from autograder.settings import load_config


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    """No address and no password before a test, and none after it; the driver counts as installed."""
    for name in ("PGPASSWORD", database.VARIABLE):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(database, "find_spec", lambda name: True)


@pytest.mark.parametrize(
    "given, made",
    [
        ("postgresql://ann:s3cret@db:5433/course", "postgresql+psycopg://ann@db:5433/course"),
        ("postgresql+psycopg://ann:s3cret@db/course", "postgresql+psycopg://ann@db/course"),
        ("postgresql://ann@db/x?password=s3cret&sslmode=require", "postgresql+psycopg://ann@db/x?sslmode=require"),
        ("postgresql+psycopg2://ann:s3cret@db/course", "postgresql+psycopg://ann@db/course"),
    ],
)  # fmt: skip
def test_the_password_leaves_the_address(given, made):
    """Whatever prints the address later, settings and environment included, has no password to print."""
    assert database.address(given) == made == os.environ[database.VARIABLE]
    assert os.environ["PGPASSWORD"] == "s3cret"


def test_a_password_with_signs_stays_itself():
    """Percent signs of an address are decoded, since the library gets the password by itself."""
    database.address("postgresql://ann:a%40b%2Fc%25@db/course")
    assert os.environ["PGPASSWORD"] == "a@b/c%"


@pytest.mark.parametrize("given", ["s3cret", "postgresql://ann:s3cret@db:port/course", "mysql://ann:s3cret@db/course"])
def test_what_is_no_address_is_refused_without_being_quoted(given):
    """A mistake in the address is told in one line that does not repeat it."""
    with pytest.raises(CourseError) as refused:
        database.address(given)
    assert "s3cret" not in str(refused.value) and refused.value.__cause__ is None


def test_a_missing_driver_is_told_with_its_mend(monkeypatch):
    """Without psycopg the command that installs it is named."""
    monkeypatch.setattr(database, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match="pip install"):
        database.address("postgresql://ann@db/course")


def test_the_settings_read_the_variable(tmp_path, monkeypatch):
    """nbgrader's own commands find the gradebook as ours do; without the variable it is a file in the classroom."""
    assert "db_url" not in load_config(Classroom(tmp_path)).CourseDirectory
    monkeypatch.setenv(database.VARIABLE, "postgresql://ann:s3cret@db/course")
    assert load_config(Classroom(tmp_path)).CourseDirectory.db_url == "postgresql+psycopg://ann@db/course"


def test_a_kernel_is_not_told_the_password(tmp_path, monkeypatch):
    """The environment of a student's process has neither address nor password."""
    monkeypatch.setenv("PGPASSWORD", "s3cret")
    monkeypatch.setenv(database.VARIABLE, "postgresql://ann@db/course")
    assert not {"PGPASSWORD", database.VARIABLE} & set(kernel_environment(tmp_path, tmp_path))


def test_what_a_database_says_is_one_line():
    """An error of the database is told in a line; other errors are not the database's."""
    error = OperationalError("SELECT 1", {"password": "s3cret"}, Exception("connection\n  refused"))
    assert database.problem(error) == "the gradebook cannot be read or written: connection refused"
    assert database.problem(ValueError("x")) is None


def test_a_file_in_a_folder_that_is_missing_names_the_folder(tmp_path):
    """SQLite would only say that it cannot open the file."""
    with pytest.raises(CourseError, match=f"there is no folder {tmp_path / 'lost'}. Make it first."):
        database.address(f"sqlite:///{tmp_path / 'lost' / 'gradebook.db'}")
    assert database.address(f"sqlite:///{tmp_path / 'gradebook.db'}").endswith("/gradebook.db")
