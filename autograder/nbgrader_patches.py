"""What nbgrader does again and again for each submission and need do only once, with the same results.

It compiles each SQL statement anew, checks its own schema at each cell, and waits for the disk some sixty times.
"""

import json
from contextlib import contextmanager
from functools import lru_cache
from types import SimpleNamespace
from unittest.mock import patch

import jsonschema
from jsonschema.exceptions import best_match
from nbgrader import api
from nbgrader.nbgraderformat import common
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool


def once():
    """Let nbgrader keep the gradebook's engine, with the statements that it compiled, and its schema's validator."""
    api.create_engine = _engine
    common.jsonschema = SimpleNamespace(validate=_validate)


@contextmanager
def one_transaction(url):
    """Write what the block writes into a gradebook at its end, all of it; or none of it, after an exception.

    Needs ``once``. Other processes may read meanwhile, and wait when they want to write.

    Args:
        url: the gradebook's address; only SQLite waits for the disk so often, others are left as they are.
    """
    engine = _engine(url, echo=False, future=True)
    if engine.dialect.name != "sqlite":
        yield
        return
    engine.dispose()
    # Within the block every session has the one connection of the pool, and ends no transaction.
    with (
        patch.multiple(engine.dialect, do_commit=_nothing, do_rollback=_nothing),
        patch.object(engine, "dispose", _nothing),
    ):
        raw = engine.raw_connection()
        connection = raw.dbapi_connection
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


def _nothing(*_):
    pass


@lru_cache(maxsize=8)
def _engine(url, **options):
    if url.startswith("sqlite"):
        options |= {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
    return create_engine(url, **options)


def _validate(instance, schema):
    """Do as ``jsonschema.validate``, but check the schema itself once."""
    error = best_match(_validator(json.dumps(schema)).iter_errors(instance))
    if error is not None:
        raise error


@lru_cache(maxsize=8)
def _validator(text):
    schema = json.loads(text)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)
