"""Every private way of a library that grading depends on, in one place: what is replaced, and what is overridden.

nbgrader does again and again for each submission what need be done only once, with the same results: it compiles each
SQL statement anew, checks its own schema at each cell, and waits for the disk some sixty times. And it takes names of
students for patterns, and hides the error that stopped it.

``tests/autograder/test_nbgrader_patches.py`` names what breaks when a library changes one of these ways, and those of
nbclient and IPython that ``engines.kernel`` and ``sandbox.shell`` override.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import jsonschema
from jsonschema.exceptions import best_match
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbgrader import api
from nbgrader.apps import api as apps_api
from nbgrader.apps import autogradeapp, generatefeedbackapp
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.nbgraderformat import common
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool


def install() -> None:
    """Let nbgrader keep the gradebook's engine, with the statements that it compiled, and its schema's validator."""
    api.create_engine = _engine
    common.jsonschema = SimpleNamespace(validate=_validate)


def use(autograde: type[Autograde], feedback: type[GenerateFeedback]) -> None:
    """Let nbgrader's commands and the formgrader's buttons grade and write feedback with other converters."""
    autogradeapp.Autograde = apps_api.Autograde = autograde
    generatefeedbackapp.GenerateFeedback = apps_api.GenerateFeedback = feedback


@contextmanager
def one_transaction(url: str) -> Iterator[None]:
    """Write what the block writes into a gradebook at its end, all of it; or none of it, after an exception.

    Needs ``install``. Other processes may read meanwhile, and wait when they want to write.

    Args:
        url: the gradebook's address; only SQLite waits for the disk so often, others are left as they are.
    """
    engine = _engine(url, echo=False, future=True)
    if engine.dialect.name != "sqlite":
        yield
        return
    engine.dispose()
    with _without_transactions(engine):
        raw = engine.raw_connection()
        connection: Any = raw.dbapi_connection
        try:
            yield
        except BaseException:
            connection.rollback()
            raise
        else:
            connection.commit()
        finally:
            raw.close()
    engine.dispose()


@contextmanager
def _without_transactions(engine: Any) -> Iterator[None]:
    """Let every session have the one connection of the engine's pool, and end no transaction."""
    engine.dialect.do_commit = engine.dialect.do_rollback = engine.dispose = _do_nothing
    try:
        yield
    finally:
        del engine.dialect.do_commit, engine.dialect.do_rollback, engine.dispose


def _do_nothing(*_: Any) -> None:
    pass


@lru_cache(maxsize=8)
def _engine(url: str, **options: Any) -> Engine:
    if url.startswith("sqlite"):
        options |= {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
    return create_engine(url, **options)


def _validate(instance: Any, schema: dict[str, Any]) -> None:
    """Do as ``jsonschema.validate``, but check the schema itself once."""
    error = best_match(_validator(json.dumps(schema)).iter_errors(instance))
    if error is not None:
        raise error


@lru_cache(maxsize=8)
def _validator(text: str) -> Any:
    schema = json.loads(text)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


class _OneNotebook:
    """Makes a converter of nbgrader take exactly its student's one notebook: names are no patterns here."""

    coursedir: Any

    def init_notebooks(self) -> None:
        folder = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)  # type: ignore[attr-defined]
        self.assignments = {folder: [os.path.join(folder, f"{self.coursedir.assignment_id}.ipynb")]}


class _RaisesItsError:
    """Makes a converter of nbgrader raise the error that stopped it, which nbgrader only writes into its log."""

    error: Exception | None = None

    def convert_single_notebook(self, notebook_filename: str) -> None:
        try:
            super().convert_single_notebook(notebook_filename)  # type: ignore[misc]
        except Exception as error:
            self.error = error
            raise

    def start(self) -> None:
        try:
            super().start()  # type: ignore[misc]
        except Exception:
            if self.error is not None:
                raise self.error from None
            raise


class LabRelease(_RaisesItsError, GenerateAssignment):
    """nbgrader's release of one lab."""


class SubmissionAutograde(_RaisesItsError, _OneNotebook, Autograde):
    """nbgrader's autograding of one submission."""


class SubmissionFeedback(_OneNotebook, GenerateFeedback):
    """nbgrader's feedback on one submission."""


class PageExporter(HTMLExporter):
    """Converts without the last step of ``HTMLExporter``, which parses the page for what our template has already."""

    def from_notebook_node(self, nb: Any, resources: Any = None, **keywords: Any) -> tuple[str, Any]:
        return TemplateExporter.from_notebook_node(self, nb, resources, **keywords)
