"""The host's side: it drives a student's process, keeps its outputs, asks probes, and trusts no byte of it."""

import atexit
import contextlib
import json
import math
import os
import re
import select
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import nbformat
import numpy as np

import course_utils
from autograder.errors import CourseError
from autograder.sandbox.wire import Channel, Closed, Malformed, TooSlow
from autograder.settings import PROJECT

GRACE = 2.0  # seconds between an interrupt and the kill of a process that ignores it
LONGEST_TEXT = 300  # characters of a sentence that a probe may bring back
DECIMAL = re.compile(r"\d*\.\d+")  # a hidden input, perhaps: no probe's sentence holds such a number
MIME = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,80}")
MODULES = {"torch": ("torch", "torch._dynamo"), "tensorflow": ("tensorflow", "keras")}
# The environment of a warm server, and so of its submissions: nothing of the instructor's.
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",
    "USER": "student",
    "LANG": "C.UTF-8",
    "MPLCONFIGDIR": "/tmp/.matplotlib",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "KERAS_BACKEND": "tensorflow",
    "CUDA_VISIBLE_DEVICES": "",
    "OMP_NUM_THREADS": "1",
    "COURSE_STATIC": "1",
    "NBGRADER_EXECUTION": "autograde",  # nbgrader's own sign for tests that only grading runs
    "PIP_NO_INDEX": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
}
START = 180.0  # seconds in which the frameworks must be imported


class Ended(BaseException):
    """The student's process is gone; the text says why. No ``Exception``, which a check takes for its own failure."""


@dataclass(frozen=True)
class Need:
    """What the warm server must offer; submissions with the same needs share one server.

    Args:
        frameworks: sorted names out of "torch" and "tensorflow".
        memory, scratch: MB. processes: how many. cpu: seconds.
        isolate: whether there are sandboxes at all.
        plain: the classroom whose tests run in the student's process, oracles and secret in reach; "" where none do.
    """

    frameworks: tuple[str, ...]
    memory: int
    isolate: bool = True
    plain: str = ""
    scratch: int = 256
    processes: int = 64
    cpu: float = 1200


class Server:
    """A warm server process."""

    def __init__(self, need):
        self.need = need
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        settings = {
            "modules": [name for each in need.frameworks for name in MODULES[each]],
            "isolate": need.isolate,
            "readable": readable_paths(need),
            "hidden": hidden_paths(need),
            "classroom": need.plain,
            "limits": {"memory": need.memory, "scratch": need.scratch, "processes": need.processes, "cpu": need.cpu},
        }
        with tempfile.TemporaryFile() as said:  # a pipe that nobody reads would fill
            self.process = subprocess.Popen(
                [sys.executable, "-m", "autograder.sandbox.server", str(theirs.fileno()), json.dumps(settings)],
                pass_fds=[theirs.fileno()],
                env={**ENVIRONMENT, **({"CLASSROOM": need.plain} if need.plain else {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                cwd=Path(__file__).resolve().parents[2],
            )
            theirs.close()
            self.socket, self.owner = ours, os.getpid()
            ours.settimeout(START)
            try:
                answer = json.loads(ours.recv(65536) or b"{}")
            except (TimeoutError, ValueError, OSError):
                answer = {}
            if "ready" not in answer:
                self.process.kill()
                self.process.wait()
                said.seek(0)
                text = answer.get("error") or said.read().decode(errors="replace").strip()[-400:]
                raise CourseError(f"the sandbox could not be started: {text}")
        self.seccomp = answer["seccomp"]

    def student(self):
        """Fork a process for one submission.

        Raises:
            OSError: the server is gone.
        """
        data, their_data = socket.socketpair()
        control, their_control = socket.socketpair()
        raw, their_raw = os.pipe()
        try:
            socket.send_fds(self.socket, [b"new"], [their_data.fileno(), their_control.fileno(), their_raw])
        finally:
            their_data.close()
            their_control.close()
            os.close(their_raw)
        return StudentProcess(data, control, raw, self.need)

    def close(self):
        """End the server and all of its students."""
        self.socket.close()
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()


_servers = {}


def server(need):
    """Return the warm server for a need, started on first use; forks of this process share it."""
    if need not in _servers:
        _servers[need] = Server(need)
    return _servers[need]


def new_student(need):
    """Fork a process for one submission; a server that died is started again."""
    try:
        return server(need).student()
    except OSError:
        _servers.pop(need).close()
        return server(need).student()


@atexit.register
def close_servers():
    """End all warm servers."""
    while _servers:
        _servers.popitem()[1].close()


def readable_paths(need):
    """Return the files and folders, besides Python and its packages, that submissions may read."""
    paths = [Path(course_utils.__file__).resolve().parent]
    if need.plain:
        paths.append(PROJECT / "autograder")
    return [str(path) for path in paths]


def hidden_paths(need):
    """Return folders that submissions must not see: the grader may be installed among the packages."""
    private = [PROJECT / name for name in ("autograder", "solutions", "tests", "classroom")]
    return [str(path) for path in ([] if need.plain else private)] + ["/usr/local/share/nbgrader"]


@dataclass
class Outputs:
    """The outputs of one cell, kept within a limit as they come.

    Args:
        room: characters that may still be kept.
    """

    room: int
    kept: list = field(default_factory=list)
    truncated: bool = False
    _clear: bool = False

    def add(self, output):
        """Keep one output as it came over the wire, as far as it is sound and fits."""
        kind = _string(output.get("output_type"))
        if kind == "clear_output":
            self._clear = True
            if output.get("wait") is not True:
                self.kept.clear()
            return
        made = _sound_output(output)
        if made is None:
            return
        if self._clear:
            self.kept.clear()
            self._clear = False
        size = len(json.dumps(made))
        if size > self.room:
            if not self.truncated and made.output_type == "stream":
                made["text"] = made.text[: max(self.room, 0)] + "\n... the rest of this output was cut ...\n"
                self._append(made)
            self.truncated, self.room = True, 0
            return
        self.room -= size
        shown = output.get("display_id")
        if output.get("update") is True and isinstance(shown, str):
            for position, (_, name) in enumerate(self.kept):
                if name == shown:
                    self.kept[position] = (made, name)
                    return
        self._append(made, shown if isinstance(shown, str) else None)

    def _append(self, made, shown=None):
        last = self.kept[-1][0] if self.kept else None
        if last is not None and made.output_type == "stream" == last.output_type and made.name == last.name:
            last["text"] += made.text
        else:
            self.kept.append((made, shown))


def _sound_output(output):
    """Return a valid notebook output made from one that came over the wire, or None."""
    kind = _string(output.get("output_type"))
    if kind == "stream":
        name = "stderr" if _string(output.get("name")) == "stderr" else "stdout"
        return nbformat.v4.new_output("stream", name=name, text=_string(output.get("text")))
    if kind == "error":
        traceback = output.get("traceback")
        lines = [_string(line) for line in traceback[-60:]] if isinstance(traceback, list) else []
        return nbformat.v4.new_output(
            "error",
            ename=_printable(_string(output.get("ename")))[:100],
            evalue=_printable(_string(output.get("evalue")))[:2000],
            traceback=lines,
        )
    if kind in ("display_data", "execute_result"):
        data = output.get("data")
        if not isinstance(data, dict):
            return None
        data = {
            name: _json(value) if name.endswith("json") else value if isinstance(value, str) else str(value)
            for name, value in _json(data).items()
            if MIME.fullmatch(name)
        }
        return nbformat.v4.new_output(kind, data=data)
    return None


def _string(value):
    """Return text that can be written to a file; anything else becomes an empty one."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def _printable(text):
    """Return text without characters that a terminal obeys or that hide or turn other text."""
    return "".join(each if each.isprintable() or each in "\n\t" else " " for each in text)


def _json(value):
    """Return a value as JSON that can be written to a file: the wire also brings arrays."""
    if isinstance(value, dict):
        return {_string(name): _json(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_json(each) for each in value]
    if isinstance(value, str):
        return _string(value)
    return value if value is None or isinstance(value, (bool, int)) or _finite(value) else ""


def _finite(value):
    return isinstance(value, float) and math.isfinite(value)


class StudentProcess:
    """The host's end of one student process."""

    def __init__(self, data, control, raw, need):
        self.channel, self.control, self.raw = Channel(data), control, raw
        self.data, self.need = data, need
        self.over = ""

    def run(self, source, seconds, outputs, history=True):
        """Run the source of one cell and keep what it shows.

        Returns:
            Whether the cell was interrupted because its time was over.

        Raises:
            Ended: the process did not survive the cell.
        """
        return self._request({"op": "run", "source": source, "history": history}, seconds, outputs)[1]

    def send_files(self, files, folder, seconds):
        """Give the student's process the files that were handed in beside the notebook: names and bytes."""
        self._request(
            {
                "op": "files",
                "folder": folder,
                "files": {name: np.frombuffer(content, dtype=np.uint8) for name, content in files.items()},
            },
            seconds,
            None,
        )

    def ask(self, name, probe, cases, seconds):
        """Ask one probe for each of a list of arguments and return as many replies; None if they took too long.

        The replies are checked: what is unsound becomes a reply that earns nothing.
        """
        message, interrupted = self._request(
            {"op": "ask", "object": name, "probe": probe, "cases": cases}, seconds, None
        )
        if interrupted or message.get("interrupted") is True:
            return None
        replies = message.get("replies")
        if not isinstance(replies, list) or len(replies) != len(cases):
            replies = [None] * len(cases)
        return [_checked(reply) for reply in replies]

    def _request(self, request, seconds, outputs):
        if self.over:
            raise Ended(self.over)
        deadline, interrupted = monotonic() + seconds, False
        try:
            self.channel.send(request)
            while True:
                left = deadline - monotonic()
                if left <= 0:
                    if interrupted:
                        raise TooSlow
                    interrupted, deadline = True, monotonic() + GRACE
                    self.control.send(b"i")
                    continue
                readable, _, _ = select.select([self.data, self.raw], [], [], min(left, 1.0))
                if self.raw in readable:
                    text = os.read(self.raw, 1 << 16)
                    if text and outputs is not None:
                        outputs.add({"output_type": "stream", "name": "stdout", "text": text.decode(errors="replace")})
                if self.data not in readable:
                    continue
                message = self.channel.receive(max(deadline - monotonic(), 0.0) + GRACE)
                if not isinstance(message, dict):
                    raise Malformed("the answer is no message")
                kind = _string(message.get("op"))
                if kind == "output" and isinstance(message.get("output"), dict):
                    if outputs is not None:
                        outputs.add(message["output"])
                elif kind == "done":
                    return message, interrupted
        except TooSlow:
            self._end("it ran longer than its time and could not be interrupted")
        except Malformed as error:
            self._end(f"it sent what no notebook sends ({error})")
        except (Closed, OSError):
            self._end(self._why())
        raise Ended(self.over)

    def _why(self):
        """Ask the watcher why the process is gone."""
        self.control.settimeout(2.0)
        try:
            reason = self.control.recv(64)
        except OSError:
            reason = b""
        return {
            b"memory": f"it needed more than {self.need.memory} MB of memory and was stopped",
            b"processes": f"it started more than {self.need.processes} processes and was stopped",
            b"descriptors": "it opened too many files and sockets and was stopped",
        }.get(reason, "it ended the Python process")

    def _end(self, reason):
        self.over = reason
        self.close()

    def close(self):
        """End the process and everything that it started."""
        if self.raw is None:
            return
        for each in (self.control, self.data):
            with contextlib.suppress(OSError):
                each.close()
        os.close(self.raw)
        self.raw = None


def _checked(reply):
    try:
        return sound_reply(reply)
    except Malformed as error:
        return {"unusable": str(error), "code": "malformed"}


def sound_reply(reply):
    """Return a probe's reply that has the right form.

    Raises:
        Malformed: it has not.
    """
    if not isinstance(reply, dict):
        raise Malformed("the answer is no reply of a probe")
    if reply.get("missing") is True:
        return {"missing": True}
    if "unusable" in reply:
        return {"unusable": _sentence(reply["unusable"]), "code": _code(reply.get("code"))}
    if "error" in reply:
        error = reply["error"] if isinstance(reply["error"], dict) else {}
        return {"error": {name: _text(error.get(name, "")) for name in ("type", "message", "line")}}
    values, notes = reply.get("values"), reply.get("notes")
    if not isinstance(values, dict) or not isinstance(notes, list):
        raise Malformed("the answer is no reply of a probe")
    for name, value in values.items():
        if len(name) > 60 or not (value is None or isinstance(value, (str, np.ndarray))):
            raise Malformed("the answer holds something other than arrays of numbers")
    return {
        "values": {name: value[:LONGEST_TEXT] if isinstance(value, str) else value for name, value in values.items()},
        "notes": [
            [_code(note[0]) or "note", _sentence(note[1])]
            for note in notes[:8]
            if isinstance(note, list) and len(note) == 2
        ],
    }


def _text(value):
    return " ".join(_printable(_string(value)).split())[:LONGEST_TEXT]


def _sentence(value):
    return DECIMAL.sub("...", _text(value))


def _code(value):
    return value if isinstance(value, str) and re.fullmatch(r"[A-Za-z_]\w{0,59}", value) else None
