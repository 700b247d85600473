"""What a submission writes past Python: its standard output is a pipe, whose content the supervisor sends to the host.

Each frame is a length and so many bytes; one without bytes says that all that was written has been sent.
"""

import array
import contextlib
import fcntl
import os
import select
import socket
import struct
import termios
from time import monotonic

from autograder.sandbox.sockets import read_exactly

LARGEST = 1 << 16  # bytes of one frame
_LENGTH = struct.Struct("!I")
_NOTHING = _LENGTH.pack(0)


class Forwarder:
    """The supervisor's end: it never waits for the host, so that a slow one stops no supervision.

    Args:
        pipe: descriptor of the end that is read.
        host: a connection; it is told at once that the process is there.
    """

    def __init__(self, pipe: int, host: socket.socket) -> None:
        self.pipe, self.host = pipe, host
        self._unsent = bytearray(_NOTHING)
        self._pipe_open = self._host_there = True
        host.setblocking(False)

    def wait(self, others: list[socket.socket], seconds: float) -> list[socket.socket]:
        """Wait until one of the others can be read, forwarding meanwhile; return those that can, after a while none."""
        sources: list[socket.socket | int] = [*others]
        if self._host_there:
            sources.append(self.host)
            if self._pipe_open and not self._unsent:
                sources.append(self.pipe)
        readable, writable, _ = select.select(sources, [self.host] if self._unsent else [], [], seconds)
        if self.host in readable:
            self._answer()
        elif self.pipe in readable:
            self._read(LARGEST)
        if writable or self._unsent:
            self._send()
        return [source for source in others if source in readable]

    def finish(self, seconds: float) -> None:
        """Send what is left once the process has ended."""
        end = monotonic() + seconds
        while self._host_there and (self._pipe_open or self._unsent) and monotonic() < end:
            self.wait([], 0.1)
        self.host.close()

    def _answer(self) -> None:
        try:
            asked = self.host.recv(1)
        except OSError:
            asked = b""
        if not asked:
            self._host_there, self._unsent = False, bytearray()
            return
        left = _size(self.pipe) if self._pipe_open else 0
        while left > 0 and self._pipe_open:
            left -= self._read(min(left, LARGEST))
        self._unsent += _NOTHING

    def _read(self, size: int) -> int:
        text = os.read(self.pipe, size)
        if text:
            self._unsent += _LENGTH.pack(len(text)) + text
        else:
            self._pipe_open = False
        return len(text)

    def _send(self) -> None:
        try:
            del self._unsent[: self.host.send(self._unsent)]
        except BlockingIOError:
            pass
        except OSError:
            self._host_there, self._unsent = False, bytearray()


def _size(pipe: int) -> int:
    size = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, size)
    return size[0]


class Written:
    """The host's end.

    Args:
        connection: to the supervisor of a student process.
    """

    def __init__(self, connection: socket.socket) -> None:
        self.connection, self.ended = connection, False

    def fileno(self) -> int:
        return self.connection.fileno()

    def await_start(self, seconds: float) -> None:
        """Wait until the process is there.

        Raises:
            OSError: it does not come in time.
        """
        self.connection.settimeout(seconds)
        read_exactly(self.connection, _LENGTH.size)

    def read(self, seconds: float) -> bytes:
        """Return the next frame; no bytes: all was sent, or no more will come."""
        try:
            self.connection.settimeout(seconds)
            (length,) = _LENGTH.unpack(read_exactly(self.connection, _LENGTH.size))
            return read_exactly(self.connection, min(length, LARGEST))
        except OSError:
            self.ended = True
            return b""

    def rest(self, seconds: float) -> bytes:
        """Return all that has been written until now and was not read yet."""
        parts = []
        if not self.ended:
            with contextlib.suppress(OSError):  # what was sent before can still be read
                self.connection.send(b"?")
            while text := self.read(seconds):
                parts.append(text)
        return b"".join(parts)

    def close(self) -> None:
        """Hang up."""
        self.connection.close()
