"""A PostgreSQL server for these tests, that of `make services` or one that ends with them, and databases on it."""

import os
import secrets

import pytest

from autograder import database
from tests.services.postgresql import Unavailable, serving


@pytest.fixture(scope="session")
def server():
    """A server; where there can be none, the tests are skipped."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'deep-learning-labs[postgres]'")
    try:
        context = serving()
        running = context.__enter__()
    except Unavailable as problem:
        pytest.skip(str(problem))
    yield running
    context.__exit__(None, None, None)


@pytest.fixture
def gradebook(server, monkeypatch):
    """The address of an empty database, without the password, and the environment that goes with it."""
    name = f"test_{secrets.token_hex(6)}"
    execute(server.url(), f"CREATE DATABASE {name}")
    monkeypatch.setenv("PGPASSWORD", "")
    monkeypatch.setenv(database.VARIABLE, "")
    yield database.address(server.url(name))
    execute(server.url(), f"DROP DATABASE {name} WITH (FORCE)")


def execute(url, *statements):
    """Run statements, each for itself, as the server's owner.

    Args:
        url: a database with the password.
    """
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def environment():
    """Return what another process needs to find the gradebook."""
    return {name: value for name, value in os.environ.items() if value or name != database.VARIABLE}
