"""A gradebook on a database server: its address, checked, for our driver, and with no password in it."""

import os
from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import CourseError

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

VARIABLE = "GRADEBOOK"  # environment variable with the address; child processes and nbgrader's own commands read it

COURSE = "assignment.course_id"
# What nbgrader's last two steps come to, for tables that hold rows.
ADD_COURSE = (
    "ALTER TABLE student ADD COLUMN IF NOT EXISTS lms_user_id varchar(128); "
    "INSERT INTO course VALUES ('default_course') ON CONFLICT DO NOTHING; "
    "ALTER TABLE assignment ADD COLUMN course_id varchar(128) NOT NULL DEFAULT 'default_course' REFERENCES course; "
    "UPDATE alembic_version SET version_num = 'e43177bfe90b'"
)


def address(text: str) -> str:
    """Return an address as SQLAlchemy takes it; its password goes where PostgreSQL's library looks for one.

    So no setting, log, traceback or page can show the password. A copy of the address replaces that in the environment.

    Raises:
        CourseError: it is no address, or not of a database that can hold a gradebook.
    """
    from sqlalchemy.engine import URL, make_url  # takes a tenth of a second, which most commands need not wait

    try:
        url = make_url(text)
        backend = url.get_backend_name()
    except Exception:  # its text holds the address, and so the password
        raise CourseError("the gradebook's address is not of the form postgresql://USER@HOST/DATABASE.") from None
    if backend == "postgresql":
        if find_spec("psycopg") is None:
            raise CourseError("PostgreSQL needs its driver. Run: pip install 'deep-learning-labs[postgres]'")
        password = url.password or url.query.get("password")
        if isinstance(password, str):
            os.environ["PGPASSWORD"] = password
        query = {name: value for name, value in url.query.items() if name != "password"}
        url = URL.create("postgresql+psycopg", url.username, None, url.host, url.port, url.database, query)
    elif backend == "sqlite":
        require_folder(url)
    else:
        raise CourseError(f"a gradebook lies in a file or in PostgreSQL, not in {backend}.")
    os.environ[VARIABLE] = made = url.render_as_string(hide_password=False)
    return made


def older(url: str, missing: Collection[str]) -> str:
    """Return what there is to say about tables that an older nbgrader made, with the command that mends them.

    Args:
        url: its address. missing: columns that its tables lack, such as "student.lms_user_id".
    """
    command = "CLASSROOM=DIR nbgrader db upgrade"
    if url.startswith("postgresql") and COURSE in missing:  # there nbgrader's own step fails where any lab is entered
        command = f'psql DATABASE -c "{ADD_COURSE}"'
    lacks = ", ".join(sorted(missing))
    return f"the gradebook has the tables of an older nbgrader, without {lacks}. Make a copy of it, then run: {command}"


def problem(error: Exception) -> str | None:
    """Return what is wrong with the gradebook's database where an error is of it, else None."""
    if not type(error).__module__.startswith("sqlalchemy."):
        return None
    words = " ".join(str(getattr(error, "orig", None) or error).split())
    return f"the gradebook cannot be read or written: {words[:300]}"


def require_folder(url: "URL") -> None:
    """Refuse a file in a folder that is missing: SQLite says no more of it than that it cannot open the file.

    Raises:
        CourseError: it names the folder.
    """
    folder = Path(url.database or "").absolute().parent
    if not folder.is_dir():
        raise CourseError(f"the gradebook {url.database} cannot be there: there is no folder {folder}. Make it first.")
