"""The student's process: an IPython shell that runs cells and probes on request, and streams what they show.

Nothing in here is trusted by the host: it is written for honest notebooks, and a dishonest one may change it all.
"""

import builtins
import os
import signal
import subprocess
import sys
import time

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from matplotlib_inline.backend_inline import configure_inline_support
from traitlets import Any
from traitlets.config import Config

from course_utils.probes import ask_each

LARGEST_OUTPUT = 2_000_000  # characters of one output message
FLUSH = 0.05  # seconds after which a written line is sent


class Stream:
    """Stands in for ``sys.stdout`` or ``sys.stderr`` and sends what is written, line by line."""

    encoding, errors, newlines, closed, line_buffering = "utf-8", "replace", None, False, True

    def __init__(self, name, send, descriptor):
        self.name, self._send, self._descriptor = f"<{name}>", send, descriptor
        self._kind, self._parts, self._size, self._sent_at = name, [], 0, 0.0

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._parts.append(text)
        self._size += len(text)
        if self._size > 4096 or (text.endswith("\n") and time.monotonic() - self._sent_at > FLUSH):
            self.flush()
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        if not self._parts:
            return
        text, self._parts, self._size = "".join(self._parts), [], 0
        self._sent_at = time.monotonic()
        for start in range(0, len(text), LARGEST_OUTPUT):
            self._send({"output_type": "stream", "name": self._kind, "text": text[start : start + LARGEST_OUTPUT]})

    def fileno(self):
        return self._descriptor

    def isatty(self):
        return False

    def readable(self):
        return False

    writable = seekable = lambda self: True


def _bounded(data):
    """Return a MIME bundle as JSON values of bounded size; bytes become base64 text."""
    import base64

    kept = {}
    for kind, value in data.items():
        if isinstance(value, bytes):
            value = base64.b64encode(value).decode()
        size = len(value) if isinstance(value, str) else len(repr(value))
        if size <= LARGEST_OUTPUT:
            kept[kind] = value
    return kept if kept or not data else {"text/plain": "(an output that is too large to keep)"}


class _Publisher(DisplayPublisher):
    send = Any()

    def publish(self, data, metadata=None, *, transient=None, update=False, **keywords):
        _flush()
        self.send(
            {
                "output_type": "display_data",
                "data": _bounded(data),
                "metadata": metadata or {},
                "display_id": (transient or {}).get("display_id"),
                "update": update,
            }
        )

    def clear_output(self, wait=False):
        _flush()
        self.send({"output_type": "clear_output", "wait": bool(wait)})


class _Hook(DisplayHook):
    send = Any()

    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        _flush()
        self.send({"output_type": "execute_result", "data": _bounded(format_dict), "metadata": md_dict or {}})

    def finish_displayhook(self):
        pass


class Shell(InteractiveShell):
    """An IPython shell without terminal, history file and standard input."""

    displayhook_class = _Hook
    display_pub_class = _Publisher
    send = Any(lambda output: None)
    shown = None  # whether an error of this cell was shown

    def _showtraceback(self, etype, evalue, stb):
        _flush()
        self.shown = True
        traceback = stb if isinstance(stb, list) else str(stb).split("\n")
        self.send(
            {
                "output_type": "error",
                "ename": etype.__name__,
                "evalue": str(evalue)[:2000],
                "traceback": [line[:4000] for line in traceback][-60:],
            }
        )

    def enable_gui(self, gui=None):
        """Accept ``%matplotlib inline`` and the like; there is no event loop to enable."""

    def system(self, command):
        """Run a shell command and show what it prints."""
        done = subprocess.run(
            self.var_expand(command, depth=1),
            shell=True,
            stdin=subprocess.DEVNULL,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            errors="replace",
            check=False,
        )
        sys.stdout.write(done.stdout)
        self.user_ns["_exit_code"] = done.returncode

    system_piped = system_raw = system

    def init_history(self):
        super().init_history()
        self.history_manager.enabled = False

    def ask_exit(self):
        """``exit`` in a cell ends nothing."""


def make_shell():
    """Make the process's shell, before the fork: it takes a while and holds nothing of a student."""
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "nocolor"
    shell = Shell.instance(config=config)
    configure_inline_support(shell, "inline")
    return shell


def _flush():
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, Stream):
            stream.flush()


def _no_input(*arguments, **keywords):
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


def serve(shell, channel):
    """Answer the host's requests until it hangs up."""

    def tell(message):
        # An interrupt in the middle of a frame would leave half of it behind: let it wait until the frame is out.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            channel.send(message)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def send(output):
        tell({"op": "output", "output": output})

    shell.send = shell.display_pub.send = shell.displayhook.send = send
    sys.stdout, sys.stderr = Stream("stdout", send, 1), Stream("stderr", send, 2)
    builtins.input = _no_input
    import getpass

    getpass.getpass = _no_input
    signal.signal(signal.SIGINT, signal.default_int_handler)
    handlers = {"run": _run, "ask": _ask, "files": _files}
    while True:
        try:
            request = channel.receive()
            reply = handlers[request.pop("op")](shell, **request)
        except KeyboardInterrupt:
            reply = {"interrupted": True}
        _flush()
        tell({"op": "done", **reply})


def _run(shell, source, history):
    """Run a cell. An error is shown even where the notebook took IPython's way of showing errors away."""
    shell.shown = False
    try:
        result = shell.run_cell(source, store_history=history, silent=False)
        error = result.error_before_exec or result.error_in_exec
    except Exception as problem:
        error = problem
    if error is not None and not shell.shown:
        _flush()
        text = "An error occurred while showtraceback was disabled."
        shell.send({"output_type": "error", "ename": type(error).__name__, "evalue": text, "traceback": [text]})
    return {}


def _ask(shell, object, probe, cases):
    return {"replies": ask_each(shell.user_ns, object, probe, cases, quiet=True)}


def _files(shell, files, folder):
    """Write what was handed in beside the notebook, and work there from now on."""
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    for name, content in files.items():
        path = os.path.normpath(os.path.join(folder, name))
        if path.startswith(folder + "/"):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(content.tobytes())
    return {}
