"""The student's side: an IPython shell that runs cells and probes on request, and streams what they show.

The host trusts nothing in here: it serves honest notebooks, and a dishonest one may change all of it.
"""

import base64
import builtins
import getpass
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import traitlets
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell
from matplotlib_inline.backend_inline import configure_inline_support
from traitlets.config import Config

from autograder.sandbox.wire import Channel, Message
from course_utils.probes import ask_each

LARGEST_OUTPUT = 2_000_000  # characters of one output message
FLUSH = 0.05  # seconds between two messages of written lines
FLUSH_SIZE = 4096  # characters that are sent without waiting for the end of a line

Output = dict[str, Any]  # like a notebook's output, plus what concerns displays that are updated
Send = Callable[[Output], None]


class Stream:
    """Stands in for ``sys.stdout`` or ``sys.stderr`` and sends what is written, line by line."""

    encoding, errors, newlines, closed, line_buffering = "utf-8", "replace", None, False, True

    def __init__(self, name: str, send: Send, descriptor: int) -> None:
        self.name, self._send, self._descriptor = f"<{name}>", send, descriptor
        self._kind, self._size, self._sent_at = name, 0, 0.0
        self._parts: list[str] = []

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._parts.append(text)
        self._size += len(text)
        if self._size > FLUSH_SIZE or (text.endswith("\n") and time.monotonic() - self._sent_at > FLUSH):
            self.flush()
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        if not self._parts:
            return
        text, self._parts, self._size = "".join(self._parts), [], 0
        self._sent_at = time.monotonic()
        for start in range(0, len(text), LARGEST_OUTPUT):
            self._send({"output_type": "stream", "name": self._kind, "text": text[start : start + LARGEST_OUTPUT]})

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return False

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    seekable = writable


def _bounded(data: dict[str, Any]) -> dict[str, Any]:
    """Return a MIME bundle as JSON values of bounded size; bytes become base64 text."""
    kept = {}
    for kind, value in data.items():
        if isinstance(value, bytes):
            value = base64.b64encode(value).decode()
        size = len(value) if isinstance(value, str) else len(repr(value))
        if size <= LARGEST_OUTPUT:
            kept[kind] = value
    return kept if kept or not data else {"text/plain": "(an output that is too large to keep)"}


class _Publisher(DisplayPublisher):
    send = traitlets.Any()

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **keywords: Any,
    ) -> None:
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

    def clear_output(self, wait: bool = False) -> None:
        _flush()
        self.send({"output_type": "clear_output", "wait": bool(wait)})


class _Hook(DisplayHook):
    send = traitlets.Any()

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        _flush()
        self.send({"output_type": "execute_result", "data": _bounded(format_dict), "metadata": md_dict or {}})

    def finish_displayhook(self) -> None:
        pass


class Transformers(TransformerManager):
    """Turns magics into Python. It takes a cell apart only where it holds a character that can begin or end a magic."""

    SIGN = re.compile(r"^\s*[!%,;/]|=\s*[%!]|\?", re.MULTILINE)

    def do_token_transforms(self, lines: list[str]) -> list[str]:
        own = len(self.token_transformers) == len(TransformerManager().token_transformers)
        if own and not any(map(self.SIGN.search, lines)):
            return lines
        transformed: list[str] = super().do_token_transforms(lines)
        return transformed


class Shell(InteractiveShell):
    """An IPython shell without terminal, history file and standard input."""

    displayhook_class = _Hook
    display_pub_class = _Publisher
    send = traitlets.Any(lambda output: None)
    error_shown = False  # whether this cell's error was

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str] | str) -> None:
        _flush()
        self.error_shown = True
        traceback = stb if isinstance(stb, list) else str(stb).split("\n")
        self.send(
            {
                "output_type": "error",
                "ename": etype.__name__,
                "evalue": str(evalue)[:2000],
                "traceback": [line[:4000] for line in traceback][-60:],
            }
        )

    def should_run_async(self, raw_cell: str, **keywords: Any) -> bool:
        """Return whether a cell awaits something. IPython compiles every cell to know; most lack the words for it."""
        source = keywords.get("transformed_cell") or raw_cell
        return ("await" in source or "async" in source) and bool(super().should_run_async(raw_cell, **keywords))

    def enable_gui(self, gui: str | None = None) -> None:
        """Accept ``%matplotlib inline`` and the like; there is no event loop to enable."""

    def system(self, command: str) -> None:
        """Run a shell command and show what it prints."""
        process = subprocess.run(
            self.var_expand(command, depth=1),
            shell=True,
            stdin=subprocess.DEVNULL,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            errors="replace",
            check=False,
        )
        sys.stdout.write(process.stdout)
        self.user_ns["_exit_code"] = process.returncode

    system_piped = system_raw = system

    def init_history(self) -> None:
        super().init_history()
        self.history_manager.enabled = False

    def ask_exit(self) -> None:
        """Do nothing: ``exit`` in a cell must not end the process."""


def make_shell() -> Shell:
    """Make the process's shell. This takes a while, so it is done before the fork; it holds nothing of a student."""
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "nocolor"
    shell: Shell = Shell.instance(config=config)
    shell.input_transformer_manager = Transformers()
    configure_inline_support(shell, "inline")
    return shell


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, Stream):
            stream.flush()


def _no_input(*arguments: Any, **keywords: Any) -> NoReturn:
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


def serve(shell: Shell, channel: Channel) -> None:
    """Answer the host's requests until it hangs up."""

    def send(message: Message) -> None:
        # An interrupt in the middle of a frame would leave half of it behind, so it waits until the frame is out.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            channel.send(message)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    def send_output(output: Output) -> None:
        send({"op": "output", "output": output})

    shell.send = shell.display_pub.send = shell.displayhook.send = send_output
    sys.stdout, sys.stderr = Stream("stdout", send_output, 1), Stream("stderr", send_output, 2)
    builtins.input = getpass.getpass = _no_input
    signal.signal(signal.SIGINT, signal.default_int_handler)
    while True:
        try:
            request = channel.receive()
            answer = HANDLERS[request["op"]](shell, request)
        except KeyboardInterrupt:
            answer = {"interrupted": True}
        _flush()
        send({"op": "done", **answer})


def _run(shell: Shell, request: Message) -> Message:
    """Run a cell. Its error is shown even where the notebook switched off IPython's way of showing errors."""
    shell.error_shown = False
    try:
        result = shell.run_cell(request["source"], store_history=request["history"], silent=False)
        error = result.error_before_exec or result.error_in_exec
    except Exception as problem:
        error = problem
    if error is not None and not shell.error_shown:
        _flush()
        text = "An error occurred while showtraceback was disabled."
        shell.send({"output_type": "error", "ename": type(error).__name__, "evalue": text, "traceback": [text]})
    return {}


def _ask(shell: Shell, request: Message) -> Message:
    """Ask a probe about an object, or several, once for each case."""
    replies = ask_each(shell.user_ns, request["object"], request["probe"], request["cases"], quiet=True)
    return {"replies": replies}


def _write_files(shell: Shell, request: Message) -> Message:
    """Write the files that were handed in beside the notebook, and make their folder the working directory."""
    folder = request["folder"]
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    sys.path.append(folder)  # modules of the student's own; last, so that none takes the place of another
    for name, content in request["files"].items():
        path = os.path.normpath(os.path.join(folder, name))
        if path.startswith(folder + "/"):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(content.tobytes())
    return {}


HANDLERS: dict[str, Callable[[Shell, Message], Message]] = {"run": _run, "ask": _ask, "files": _write_files}
