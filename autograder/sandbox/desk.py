"""The warm server's desk: who comes, what for, and when there is nothing left to do."""

import contextlib
import os
import select
import socket
from collections.abc import Iterator
from time import monotonic
from typing import Any

from autograder.sandbox import sockets
from autograder.sandbox.sockets import ROLES
from autograder.sandbox.supervisor import ProcessLimits

MOST_WAITING = 64  # submissions of which not all connections have come yet
TICK = 1.0  # seconds between two looks at what ended


class Desk:
    """Receives connections, and decides how long the server stays.

    It stays while whoever started it is there, and then until nothing has happened for as long as the last grader
    asked for; at once if none asked. When it is closed it finishes what runs.

    Args:
        starter: a socket that ends when whoever started the server does.
        door: where connections arrive.
        user: id of the user who may connect.
        modules: what this server imported, for those who ask.
        chores: what is done, step by step, while nobody comes.
    """

    def __init__(
        self,
        starter: socket.socket,
        door: socket.socket,
        user: int,
        modules: list[str],
        chores: Iterator[object],
    ) -> None:
        self.starter: socket.socket | None = starter
        self.door: socket.socket | None = door
        self.user, self.modules, self._chores = user, modules, chores
        self.students: set[int] = set()  # processes that supervise a submission
        self.stays, self._last = 0.0, monotonic()
        self._finishing = False
        self._waiting: dict[str, dict[str, socket.socket]] = {}  # by the token of a submission

    def submissions(self) -> Iterator[tuple[ProcessLimits, dict[str, socket.socket]]]:
        """Yield the limits and connections of each submission, until there is nothing left to do."""
        busy = True
        while not self._is_done():
            sources = [source for source in (self.starter, self.door) if source is not None]
            readable, _, _ = select.select(sources, [], [], 0.0 if busy else TICK)
            busy = busy and (bool(readable) or next(self._chores, None) is not None)
            self._reap()
            if self._finishing:
                self.close()
            if self.starter in readable and self.starter is not None:  # it says nothing, so it hung up
                self.starter.close()
                self.starter, self._last = None, monotonic()
            if self.door in readable and self.door is not None:
                with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                    connection, _ = self.door.accept()
                    if submission := self._serve(connection):
                        yield submission
                        for open_connection in submission[1].values():
                            open_connection.close()

    def _is_done(self) -> bool:
        if self.door is None:
            return not self.students
        if self.starter is not None:
            return False
        if not self.stays:
            return True
        return not self.students and monotonic() - self._last > self.stays

    def _reap(self) -> None:
        for student in list(self.students):
            if os.waitpid(student, os.WNOHANG)[0]:
                self.students.discard(student)
                self._last = monotonic()

    def _serve(self, connection: socket.socket) -> tuple[ProcessLimits, dict[str, socket.socket]] | None:
        """Do what one connection is for; return a submission whose connections are complete."""
        try:
            greeting = sockets.greeted(connection, self.user)
        except (OSError, ValueError):
            connection.close()
            raise
        role = greeting["role"]
        if role not in ROLES:
            with connection:
                if role == "stop":
                    self.close()
                    connection.sendall(b".")
                elif role == "state":
                    sockets.send(connection, self._state())
            return None
        self._last = monotonic()
        group = self._waiting.setdefault(greeting["token"], {})
        group[role] = connection
        if len(group) < len(ROLES):
            while len(self._waiting) > MOST_WAITING:
                self._hang_up(next(iter(self._waiting)))
            return None
        self.stays = float(greeting["stays"])
        return greeting["limits"], self._waiting.pop(greeting["token"])

    def _state(self) -> dict[str, Any]:
        return {
            "modules": self.modules,
            "students": len(self.students),
            "idle": 0.0 if self.students else monotonic() - self._last,
            "stays": self.stays,
        }

    def finish(self) -> None:
        """Receive nobody any more, from the next look on: signal handlers may call this."""
        self._finishing = True

    def close(self) -> None:
        """Receive nobody any more."""
        if self.door is not None:
            self.door.close()
            self.door = None

    def leave(self, kept: dict[str, socket.socket]) -> None:
        """In a fork: let go of everything but the connections of its own submission."""
        self.close()
        if self.starter is not None:
            self.starter.close()
        for token in list(self._waiting):
            self._hang_up(token)
        for connection in kept.values():
            connection.settimeout(None)

    def _hang_up(self, token: str) -> None:
        for connection in self._waiting.pop(token).values():
            connection.close()
