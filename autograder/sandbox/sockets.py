"""Connections between grader and warm server: through a socket in a private folder, between processes of one user.

No descriptor is ever sent: descriptors on their way count against a user, so one submission could stop all others.
"""

import contextlib
import json
import os
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

PATIENCE = 2.0  # seconds that a server, or a grader that greets it, may take to answer
LARGEST_GREETING = 10_000  # bytes
ROLES = ("data", "control", "written")  # the three connections of one submission
ALONE = "alone"  # name of the socket of a server that ends with its grader, in a folder of its own
_LENGTH = struct.Struct("!I")
_CREDENTIALS = struct.Struct("3i")  # process, user, group


def listen(path: str | Path) -> socket.socket:
    """Return a socket that listens at a path, where nothing may be yet.

    Raises:
        OSError: the path is taken, too long, or in no folder.
    """
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        door.bind(str(path))
    finally:
        os.umask(before)
    door.listen(256)
    return door


class Nameplate:
    """The name under which a server listens, also for a process whose own root has become another.

    Args:
        place: where the server listens.
    """

    def __init__(self, place: Path) -> None:
        self.name, self.folder_name = place.name, place.parent.name
        self._folder = os.open(place.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        self._above = os.open(place.parent.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        self._number = self._current_number()

    def _current_number(self) -> int | None:
        try:
            return os.stat(self.name, dir_fd=self._folder, follow_symlinks=False).st_ino
        except OSError:
            return None

    @property
    def hangs(self) -> bool:
        """Whether the name still is this server's."""
        return self._current_number() == self._number

    def take_down(self) -> None:
        """Remove the name if it still is this server's, and a folder that was made for it alone."""
        with contextlib.suppress(OSError):
            if self.hangs:
                os.unlink(self.name, dir_fd=self._folder)
            if self.name == ALONE:
                os.rmdir(self.folder_name, dir_fd=self._above)
        self.close()

    def close(self) -> None:
        """Let go of it."""
        os.close(self._folder)
        os.close(self._above)


def connect(path: str | Path, greeting: dict[str, Any], seconds: float = PATIENCE) -> socket.socket:
    """Return a connection to a server of this user, greeted.

    Args:
        seconds: how long the connection waits for the other side, here and later.

    Raises:
        OSError: nobody listens, or another user does.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(seconds)
        connection.connect(str(path))
        if peer(connection)[1] != os.geteuid():
            raise PermissionError(f"{path}: another user listens there")
        send(connection, greeting)
    except BaseException:
        connection.close()
        raise
    return connection


def greeted(connection: socket.socket, user: int) -> dict[str, Any]:
    """Return with what a new connection of this user greets.

    Args:
        user: id of the user who may connect, as this process sees it.

    Raises:
        OSError, ValueError: another user connects, or nothing sound comes in time.
    """
    connection.settimeout(PATIENCE)
    if peer(connection)[1] != user:
        raise PermissionError("another user connects")
    greeting = receive(connection)
    if not isinstance(greeting, dict):
        raise ValueError("no greeting")
    return greeting


def peer(connection: socket.socket) -> tuple[int, int]:
    """Return the ids of the process and of the user at the other end of a connection, as this process sees them."""
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    process, user, _ = _CREDENTIALS.unpack(raw)
    return process, user


def await_leave(descriptor: int) -> None:
    """Make this process known at the other end of a connection, and wait until that side lets it go on.

    Raises:
        OSError: it hung up.
    """
    os.write(descriptor, b"?")
    if os.read(descriptor, 1) != b".":
        raise ConnectionResetError("the other side is gone")


def give_leave(connection: socket.socket, seconds: float, prepare: Callable[[int], None]) -> None:
    """Wait for a process that awaits leave, and let it go on once something is done with it.

    Args:
        connection: one that was made to tell who sends.
        prepare: is called with the process's id, for which the kernel vouches.

    Raises:
        OSError: it does not come in time, or ``prepare`` failed.
    """
    connection.settimeout(seconds)
    asked, about, _, _ = connection.recvmsg(1, socket.CMSG_SPACE(_CREDENTIALS.size))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
    process = _CREDENTIALS.unpack(about[0][2])[0] if asked and about else 0
    if process <= 0:
        raise ConnectionResetError("the other side is gone")
    prepare(process)
    connection.sendall(b".")


def send(connection: socket.socket, value: Any) -> None:
    """Send one JSON value."""
    text = json.dumps(value).encode()
    connection.sendall(_LENGTH.pack(len(text)) + text)


def receive(connection: socket.socket) -> Any:
    """Return the JSON value that comes.

    Raises:
        OSError, ValueError: nothing sound comes in time.
    """
    (length,) = _LENGTH.unpack(read_exactly(connection, _LENGTH.size))
    if length > LARGEST_GREETING:
        raise ValueError("a greeting that is too long")
    return json.loads(read_exactly(connection, length))


def read_exactly(connection: socket.socket, size: int) -> bytes:
    """Return so many bytes.

    Raises:
        OSError: the other side is gone, or too slow.
    """
    parts = b""
    while len(parts) < size:
        part = connection.recv(size - len(parts))
        if not part:
            raise ConnectionResetError("the other side is gone")
        parts += part
    return parts
