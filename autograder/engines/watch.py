"""The watch over one cell that runs in a kernel: its time, memory and output."""

import signal
from contextlib import suppress
from time import monotonic
from typing import Any

import psutil

from autograder.engines.base import Limits
from autograder.limits import GRACE, MEGABYTE
from autograder.sandbox.outputs import CUT

FLOOD = 100  # a cell that prints this many times its output limit is interrupted
TICK = 0.1  # seconds between two looks
OUTPUT_SIZE = 200  # characters that an output takes beside its content

Content = dict[str, Any]  # of a kernel's message


class Watch:
    """Looks after one running cell: interrupts it when it breaks a limit, and kills what ignores that.

    Signals are sent directly and not awaited: a flood of messages keeps the event loop busy, and must not stall it.

    Args:
        end: when the time of the whole submission ends, on the monotonic clock.
    """

    def __init__(self, process: psutil.Process, limits: Limits, end: float) -> None:
        self.process, self.limits = process, limits
        now = monotonic()
        self.deadline = min(now + limits.cell, end)
        self.reason = ""
        self.killed = self.truncated = False
        self.kept = 0  # characters of output that were kept
        self._displays: dict[str, int] = {}  # those of the outputs of each display id
        self._ends_submission = end < now + limits.cell
        self._kill_at: float | None = None
        self._output = 0  # characters of output that came
        self._memory_at = 0.0

    def fits(self, content: Content, display_id: str | None = None, copies: int = 1) -> bool:
        """Count an output and return whether it may be kept whole.

        Args:
            display_id: whatever was shown under it is replaced.
            copies: the number of outputs that it then fills.
        """
        size = _size(content)
        self._output += size
        replaced = self._displays.get(display_id, 0) if display_id else 0
        kept = self.kept - replaced + size * copies
        if kept > self.limits.output:
            return False
        self.kept = kept
        if display_id:
            self._displays[display_id] = size * copies
        return True

    def clear(self) -> None:
        """Count anew: the cell's output was cleared."""
        self.kept = 0
        self._displays.clear()

    def cut(self, kind: str, content: Content) -> Content | None:
        """Return what still fits of an output that does not fit whole, or None."""
        room = max(self.limits.output - self.kept, 0)
        first, self.truncated, self.kept = not self.truncated, True, self.limits.output
        if kind == "stream" and first:
            return {**content, "text": content["text"][:room] + CUT}
        if kind == "error":
            return {
                **content,
                "evalue": content["evalue"][:1000],
                "traceback": [line[-1000:] for line in content["traceback"][-5:]],
            }
        return None

    def look(self) -> None:
        """Interrupt or kill the kernel if the cell breaks a limit."""
        now = monotonic()
        if self._kill_at is not None:
            if now >= self._kill_at and not self.killed:
                self._kill()
            return
        if now > self.deadline:
            self.reason = (
                f"it was stopped: {self.limits.submission_over()}" if self._ends_submission else self.limits.cell_over()
            )
        elif self._output > FLOOD * self.limits.output:
            self.reason = f"it printed more than {FLOOD * self.limits.output / 1e6:g} MB and was stopped."
        elif now - self._memory_at > 2 * TICK:
            self._memory_at = now
            if _memory(self.process) > self.limits.memory * MEGABYTE:
                self.reason = f"it needed more than {self.limits.memory} MB of memory and was stopped."
                self._kill()
        if self.reason and not self.killed:
            self._kill_at = now + GRACE
            with suppress(psutil.Error):
                self.process.send_signal(signal.SIGINT)

    def _kill(self) -> None:
        self.killed, self._kill_at = True, 0.0
        kill_tree(self.process)


def kill_tree(process: psutil.Process) -> None:
    """Kill a process and everything that it started."""
    with suppress(psutil.Error):
        children = process.children(recursive=True)
        process.kill()
        for child in children:
            with suppress(psutil.Error):
                child.kill()


def _memory(root: psutil.Process) -> int:
    """Return the resident memory of a process and all that it started, in bytes."""
    total = 0
    with suppress(psutil.Error):
        for process in (root, *root.children(recursive=True)):
            with suppress(psutil.Error):
                total += process.memory_info().rss
    return total


def _size(content: Content) -> int:
    """Return roughly how many characters an output message holds."""
    if "text" in content:
        return len(content["text"])
    if "traceback" in content:
        return OUTPUT_SIZE + len(content["evalue"]) + sum(map(len, content["traceback"]))
    data = content.get("data", {}).values()
    return OUTPUT_SIZE + sum(len(value) if isinstance(value, str) else len(repr(value)) for value in data)
