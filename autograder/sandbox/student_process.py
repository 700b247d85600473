"""The host's end of a student process: it sends requests, keeps outputs, and trusts no byte that comes back."""

import contextlib
import os
import select
import socket
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any

import numpy as np

from autograder.limits import GRACE
from autograder.sandbox.outputs import Outputs
from autograder.sandbox.replies import checked_reply
from autograder.sandbox.supervisor import ProcessLimits
from autograder.sandbox.texts import storable
from autograder.sandbox.wire import Channel, Closed, Malformed, Message, TooSlow
from course_utils.protocol import Reply


class Ended(BaseException):
    """The student's process is gone; the text says why.

    No ``Exception``: ``run_test`` would take that for a failure of the check itself.
    """


class StudentProcess:
    """The host's end of one student process.

    Args:
        data: socket of requests and answers. control: socket to the process's supervisor, for interrupts.
        raw: descriptor of a pipe with what is written to standard output and error past Python's ``sys.stdout``.
    """

    def __init__(self, data: socket.socket, control: socket.socket, raw: int, limits: ProcessLimits) -> None:
        self.data, self.control, self.raw, self.limits = data, control, raw, limits
        self.channel = Channel(data)
        self._closed = False
        self._end_reason = ""

    def run(self, source: str, seconds: float, outputs: Outputs | None, history: bool = True) -> bool:
        """Run the source of one cell and keep what it shows.

        Args:
            outputs: where to keep it; None: nowhere.
            history: whether the cell counts in IPython's history.

        Returns:
            Whether the cell was interrupted because its time was over.

        Raises:
            Ended: the process did not survive the cell.
        """
        return self._request({"op": "run", "source": source, "history": history}, seconds, outputs)[1]

    def send_files(self, files: Mapping[str, bytes], folder: str, seconds: float) -> None:
        """Give the student's process the files that were handed in beside the notebook: contents by relative name.

        Raises:
            Ended: the process is gone.
        """
        contents = {name: np.frombuffer(content, dtype=np.uint8) for name, content in files.items()}
        self._request({"op": "files", "folder": folder, "files": contents}, seconds)

    def ask(
        self, name: str | list[str], probe: str, cases: Sequence[dict[str, Any]], seconds: float
    ) -> list[Reply] | None:
        """Ask a probe about an object, or several, for each of a list of arguments.

        The replies are checked: what is unsound becomes a reply that earns nothing.

        Returns:
            As many replies; None if they took too long.

        Raises:
            Ended: the process is gone.
        """
        answer, interrupted = self._request({"op": "ask", "object": name, "probe": probe, "cases": cases}, seconds)
        if interrupted or answer.get("interrupted") is True:
            return None
        replies = answer.get("replies")
        if not isinstance(replies, list) or len(replies) != len(cases):
            replies = [None] * len(cases)
        return [checked_reply(reply) for reply in replies]

    def _request(self, request: Message, seconds: float, outputs: Outputs | None = None) -> tuple[Message, bool]:
        """Return the answer to a request, and whether the student's process was interrupted on the way to it."""
        if self._end_reason:
            raise Ended(self._end_reason)
        deadline = monotonic() + seconds
        try:
            self.channel.send(request)
            return self._await_answer(deadline, outputs)
        except TooSlow:
            self._end_reason = "it ran longer than its time and could not be interrupted"
        except Malformed:
            self._end_reason = "it sent what no notebook sends"
        except (Closed, OSError):
            self._end_reason = self._why_ended()
        self.close()
        raise Ended(self._end_reason)

    def _await_answer(self, deadline: float, outputs: Outputs | None) -> tuple[Message, bool]:
        interrupted = False
        sources: list[socket.socket | int] = [self.data, self.raw]
        while True:
            left = deadline - monotonic()
            if left <= 0:
                if interrupted:
                    raise TooSlow
                interrupted, deadline = True, monotonic() + GRACE
                self.control.send(b"i")
                continue
            readable, _, _ = select.select(sources, [], [], min(left, 1.0))
            if self.raw in readable:
                self._read_raw(outputs)
            if self.data in readable:
                message = self._receive(deadline)
                kind = storable(message.get("op"))
                if kind == "done":
                    return message, interrupted
                if kind == "output" and outputs is not None and isinstance(message.get("output"), dict):
                    outputs.add(message["output"])

    def _receive(self, deadline: float) -> Message:
        message = self.channel.receive(max(deadline - monotonic(), 0.0) + GRACE)
        if not isinstance(message, dict):
            raise Malformed("the answer is no message")
        return message

    def _read_raw(self, outputs: Outputs | None) -> None:
        text = os.read(self.raw, 1 << 16)
        if text and outputs is not None:
            outputs.add({"output_type": "stream", "name": "stdout", "text": text.decode(errors="replace")})

    def _why_ended(self) -> str:
        """Ask the supervisor why the process is gone."""
        self.control.settimeout(2.0)
        try:
            reason = self.control.recv(64)
        except OSError:
            reason = b""
        return {
            b"memory": f"it needed more than {self.limits['memory']} MB of memory and was stopped",
            b"processes": f"it started more than {self.limits['processes']} processes and was stopped",
            b"descriptors": "it opened too many files and sockets and was stopped",
        }.get(reason, "it ended the Python process")

    def close(self) -> None:
        """End the process and everything that it started."""
        if self._closed:
            return
        self._closed = True
        for connection in (self.control, self.data):
            with contextlib.suppress(OSError):
                connection.close()
        os.close(self.raw)
