"""The host's end of a student process: it sends requests, keeps outputs, and trusts no byte that comes back."""

import contextlib
import os
import select
import socket
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import Any

import numpy as np

from autograder.errors import GraderFailure
from autograder.limits import GRACE, WAITING
from autograder.sandbox.cgroups import Group
from autograder.sandbox.outputs import Outputs
from autograder.sandbox.replies import checked_reply
from autograder.sandbox.supervisor import ENDED, ProcessLimits
from autograder.sandbox.texts import storable
from autograder.sandbox.wire import Channel, Closed, Malformed, Message, TooSlow
from autograder.sandbox.written import Written
from course_utils.protocol import Reply

PROCESSORS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


class Ended(BaseException):
    """The student's process is gone; the text says why.

    No ``Exception``: ``run_test`` would take that for a failure of the check itself.
    """


class _Clock:
    """How much of its time a request has used: processor time of all processes of the submission.

    The first moments count as they pass, so that most requests need no measurement.

    Args:
        measure: returns the processor time that the submission has used so far, or None where nobody knows it.
        seconds: the time that the request has.
        known: processor time that the submission had certainly used before.
    """

    def __init__(self, measure: Callable[[], float | None], seconds: float, known: float) -> None:
        self.measure, self.seconds, self.known = measure, seconds, known
        self.started = monotonic()
        self.next_look = self.started + min(seconds / 2, 1.0)
        self.before: float | None = None  # processor time at the first measurement
        self.computed = 0.0

    @property
    def passed(self) -> float:
        """Seconds since the request was sent."""
        return monotonic() - self.started

    def look(self) -> None:
        """Measure, and set the time of the next measurement so that nothing runs much longer than its time."""
        seconds = self.measure()
        if seconds is None:
            self.computed = self.passed
        elif self.before is None:
            self.computed = min(self.passed, seconds - self.known)
            self.before = seconds - self.computed
        else:
            self.computed = seconds - self.before
        left = (self.seconds - self.computed) / PROCESSORS
        self.next_look = min(monotonic() + max(left, 0.05), self.started + max(WAITING * self.seconds, 0.01))

    @property
    def over(self) -> bool:
        """Whether the time is used up, by computing or by waiting."""
        return self.computed >= self.seconds or self.passed >= WAITING * self.seconds

    @property
    def charged(self) -> float:
        """Seconds that count: of computing, or the part of waiting that is not forgiven."""
        if self.before is None:
            return self.passed
        self.look()
        return max(self.computed, self.passed / WAITING)


class StudentProcess:
    """The host's end of one student process.

    Times are processor times of the submission's processes, all together. Where it waits, for itself or because the
    machine is busy, a request lasts up to ``WAITING`` times as long.

    Attributes:
        waited: whether it was last interrupted for waiting, and not for computing.
        gave_up: whether the last question was ended by an interrupt that nobody sent.
        spared: seconds that passed in its requests and do not count as its time.

    Args:
        data: socket of requests and answers. control: socket to the process's supervisor, for interrupts.
        written: what is written to standard output and error past Python's ``sys.stdout``.
        group: its cgroup, where it has one.
    """

    def __init__(
        self,
        data: socket.socket,
        control: socket.socket,
        written: Written,
        limits: ProcessLimits,
        group: Group | None = None,
    ) -> None:
        self.data, self.control, self.written, self.limits, self.group = data, control, written, limits, group
        self.channel = Channel(data)
        self.waited = self.gave_up = False
        self.spared = self._computed = 0.0
        self._closed = False
        self._end_reason = ""
        self._last_word = b""  # of the supervisor, which it says instead of an answer when the process has ended

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
            As many replies; None if they took too long, or were interrupted.

        Raises:
            Ended: the process is gone.
        """
        answer, interrupted = self._request({"op": "ask", "object": name, "probe": probe, "cases": cases}, seconds)
        self.gave_up = answer.get("interrupted") is True and not interrupted
        if interrupted or self.gave_up:
            return None
        replies = answer.get("replies")
        if not isinstance(replies, list) or len(replies) != len(cases):
            replies = [None] * len(cases)
        return [checked_reply(reply) for reply in replies]

    def _request(self, request: Message, seconds: float, outputs: Outputs | None = None) -> tuple[Message, bool]:
        """Return the answer to a request, and whether the student's process was interrupted on the way to it."""
        if self._end_reason:
            raise Ended(self._end_reason)
        clock = _Clock(self.processor_time, seconds, self._computed)
        try:
            self.channel.send(request)
            return self._await_answer(clock, outputs)
        except TooSlow:
            self._end_reason = "it ran longer than its time and could not be interrupted"
        except Malformed:
            self._end_reason = "it sent what no notebook sends"
        except (Closed, OSError):
            self._end_reason = self._why_ended()
            _keep(self.written.rest(GRACE), outputs)
        finally:
            self.spared += clock.passed - clock.charged
        self.close()
        raise Ended(self._end_reason)

    def _await_answer(self, clock: _Clock, outputs: Outputs | None) -> tuple[Message, bool]:
        killed_at: float | None = None  # once it is interrupted
        sources: list[socket.socket | Written] = [self.data, self.written]
        while True:
            left = (killed_at or clock.next_look) - monotonic()
            if left <= 0:
                if killed_at:
                    raise TooSlow
                clock.look()
                if clock.over:
                    killed_at = monotonic() + GRACE
                    self.waited = clock.computed < clock.seconds
                    self.control.send(b"i")
                continue
            readable, _, _ = select.select(sources, [], [], min(left, 1.0))
            if self.written in readable:
                _keep(self.written.read(GRACE), outputs)
                if self.written.ended:
                    sources = [self.data]
            if self.data in readable:
                message = self._receive((killed_at or monotonic() + clock.seconds) + GRACE)
                kind = storable(message.get("op"))
                if kind == "done":
                    if outputs is not None:
                        _keep(self.written.rest(GRACE), outputs)
                    return message, killed_at is not None
                if kind == "output" and outputs is not None and isinstance(message.get("output"), dict):
                    outputs.add(message["output"])

    def _receive(self, deadline: float) -> Message:
        message = self.channel.receive(max(deadline - monotonic(), 0.0))
        if not isinstance(message, dict):
            raise Malformed("the answer is no message")
        return message

    def measure(self) -> tuple[float, int] | None:
        """Ask the supervisor: seconds of processor time, and bytes of memory; None where it does not answer."""
        try:
            self.control.settimeout(GRACE)
            self.control.send(b"t")
            answer, _, self._last_word = self.control.recv(64).rpartition(b"\n")
            seconds, memory = answer.split()[-2:]
            return float(seconds), int(memory)
        except (OSError, ValueError):
            return None

    def processor_time(self) -> float | None:
        """Return the seconds of processor time that all processes of the submission have used, if that is known."""
        measured = self.measure()
        if measured is None:
            return None
        self._computed = measured[0]
        return self._computed

    def _why_ended(self) -> str:
        """Ask the supervisor why the process is gone.

        Raises:
            GraderFailure: the supervisor, which no submission can reach, is gone without a word.
        """
        self.control.settimeout(GRACE)
        reason = self._last_word
        try:
            word = self.control.recv(64)
            if not word and not reason:
                raise ConnectionError
            reason = word.rpartition(b"\n")[2] or reason
        except TimeoutError:  # it lives, and so does the process, which has only hung up
            pass
        except OSError as error:
            if not reason:
                raise GraderFailure("the sandbox of the submission was ended from outside") from error
        if self.group and reason == ENDED.encode():
            reason = self.group.end.encode() or reason
        return {
            b"memory": f"it needed more than {self.limits['memory']} MB of memory and was stopped",
            b"machine": "the machine was short of memory, and it was stopped",
            b"processes": f"it started more than {self.limits['processes']} processes and was stopped",
            b"descriptors": "it opened too many files and sockets and was stopped",
        }.get(reason, "it ended the Python process")

    def close(self) -> None:
        """End the process and everything that it started."""
        if self._closed:
            return
        self._closed = True
        for connection in (self.control, self.data, self.written):
            with contextlib.suppress(OSError):
                connection.close()
        if self.group:
            self.group.remove()


def _keep(text: bytes, outputs: Outputs | None) -> None:
    if text and outputs is not None:
        outputs.add({"output_type": "stream", "name": "stdout", "text": text.decode(errors="replace")})
