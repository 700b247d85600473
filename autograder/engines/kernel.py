"""The kernel engine: a Jupyter kernel for each submission, by nbclient.

It stores each output in its cell as it comes: whatever ends a kernel later costs only what was not yet done.
"""

import asyncio
import copy
import signal
from contextlib import asynccontextmanager, suppress
from subprocess import DEVNULL
from time import monotonic

import psutil
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from autograder.engines.base import GRACE, MEGABYTE, definitions, runnable
from autograder.errors import CourseError
from autograder.notebooks.cells import cell_name, is_test

FLOOD = 100  # a cell that prints this many times its output limit is interrupted
TICK = 0.1
OUTPUT_SIZE = 200  # characters that an output takes beside its content
START = "from autograder.engines.colab import stand_in\nstand_in()\ndel stand_in\n"


class KernelEngine:
    """Runs each submission in a fresh kernel; a kernel that dies is replaced and the earlier cells are run again."""

    def run(self, nb, limits, folder, prelude, environment):
        session = _Session(nb, limits, folder, prelude, environment)
        run_sync(session.run)()
        return session.incidents


class _Client(NotebookClient):
    """nbclient's client; keeps outputs within a limit as they arrive and lets the watch look in between messages."""

    watch = None

    def process_message(self, msg, cell, cell_index):
        self.watch.look()
        if msg["msg_type"] == "update_display_data" and not self.watch.fits(msg["content"]):
            return None
        return super().process_message(msg, cell, cell_index)

    def output(self, outs, msg, display_id, cell_index):
        content = msg["content"]
        if not self.watch.fits(content):
            content = self.watch.cut(msg["msg_type"], content)
            if content is None:
                return None
            msg = {**msg, "content": content}
        last = outs[-1] if outs else None
        if (
            msg["msg_type"] == "stream"
            and last
            and last.output_type == "stream"
            and last.name == content["name"]
            and not self.clear_before_next_output
        ):
            last.text += content["text"]
            return last
        return super().output(outs, msg, display_id, cell_index)

    def clear_output(self, outs, msg, cell_index):
        self.watch.kept = 0
        return super().clear_output(outs, msg, cell_index)


class _Watch:
    """Looks after one running cell: time, memory and output; interrupts first, kills what ignores that.

    Signals are sent directly and not awaited: a flood of messages keeps the event loop busy, and must not stall it.
    """

    def __init__(self, process, limits, seconds, whole):
        self.process, self.limits, self.seconds = process, limits, seconds
        self.whole = whole  # the time that is left for the submission ends before the cell's own
        self.deadline = monotonic() + seconds
        self.kill_at = None
        self.killed = False
        self.reason = ""
        self.kept = self.seen = 0
        self.truncated = False
        self._memory_at = 0.0

    def fits(self, content):
        """Count an output and return whether it may be kept whole."""
        size = _size(content)
        self.seen += size
        fits = self.kept + size <= self.limits.output
        if fits:
            self.kept += size
        return fits

    def cut(self, kind, content):
        """Return what still fits of an output that does not fit whole, or None."""
        room = max(self.limits.output - self.kept, 0)
        first, self.truncated, self.kept = not self.truncated, True, self.limits.output
        if kind == "stream" and first:
            return {**content, "text": content["text"][:room] + "\n... the rest of this output was cut ...\n"}
        if kind == "error":
            return {
                **content,
                "evalue": content["evalue"][:1000],
                "traceback": [line[-1000:] for line in content["traceback"][-5:]],
            }
        return None

    def look(self):
        """Interrupt or kill the kernel if the cell breaks a limit."""
        now = monotonic()
        if self.kill_at is not None:
            if now >= self.kill_at and not self.killed:
                self.kill()
            return
        if now > self.deadline:
            self.reason = (
                f"it was stopped: the submission had used up its {self.limits.submission:g} s."
                if self.whole
                else f"it ran longer than {self.limits.cell:g} s and was stopped. Is there a loop that never ends?"
            )
        elif self.seen > FLOOD * self.limits.output:
            self.reason = f"it printed more than {FLOOD * self.limits.output / 1e6:g} MB and was stopped."
        elif now - self._memory_at > 2 * TICK:
            self._memory_at = now
            if _memory(self.process) > self.limits.memory * MEGABYTE:
                self.reason = f"it needed more than {self.limits.memory} MB of memory and was stopped."
                self.kill()
        if self.reason and not self.killed:
            self.kill_at = now + GRACE
            with suppress(psutil.Error):
                self.process.send_signal(signal.SIGINT)

    def kill(self):
        """Kill the kernel with everything that it started."""
        self.killed, self.kill_at = True, 0.0
        kill_tree(self.process)


class _Session:
    """One run of one notebook: the kernel, what was run in it, and what went wrong."""

    def __init__(self, nb, limits, folder, prelude, environment):
        self.nb, self.limits, self.folder, self.prelude = nb, limits, folder, prelude
        self.environment = environment
        self.incidents = {}
        self.client = self.process = None
        self.restarts = limits.restarts
        self.done = []  # indices of the ordinary cells that ran
        self.killers = {}  # index of a cell that broke a limit or the kernel: how often
        self.last_death = ""
        self.end = monotonic() + limits.submission

    async def run(self):
        try:
            await self._start()
            for index, cell in enumerate(self.nb.cells):
                if runnable(cell):
                    await self._step(index, cell)
        finally:
            await self._stop()

    async def _step(self, index, cell):
        if monotonic() >= self.end:
            self.incidents[index] = f"it was not run: the submission had used up its {self.limits.submission:g} s."
        elif self.client is None and not await self._revive():
            self.incidents[index] = f"it was not run: {self.last_death}"
        else:
            await self._execute(index, cell)

    async def _execute(self, index, cell):
        """Run one cell; note what befell it, and whether the kernel lived."""
        code = None if not is_test(cell) else self.prelude
        try:
            async with self._watch() as watch:
                if code:
                    await self._silently(code)
                await self.client.async_execute_cell(cell, index)
        except DeadKernelError:
            self.incidents[index] = watch.reason or "it ended the Python process."
            self.last_death = (
                f"the Python process had ended in {cell_name(cell)}, and was not started again after "
                f"{self.limits.restarts} times."
            )
            self.killers[index] = 1
            await self._stop()
        else:
            if watch.reason:
                self.incidents[index] = watch.reason
                self.killers[index] = 1
            elif watch.truncated:
                self.incidents[index] = f"its output was cut at {self.limits.output / 1e6:g} MB."
        if not is_test(cell):
            self.done.append(index)

    async def _revive(self):
        """Start a new kernel and bring it to where the dead one was; return whether that worked."""
        while self.restarts > 0 and monotonic() < self.end:
            self.restarts -= 1
            await self._start(copy.deepcopy(self.nb))
            try:
                for index in self.done:
                    await self._replay(index)
            except DeadKernelError:
                self.killers[index] = self.killers.get(index, 0) + 1
                await self._stop()
            else:
                self.client.nb = self.nb
                self.client.reset_execution_trackers()
                return True
        return False

    async def _replay(self, index):
        cell = copy.deepcopy(self.nb.cells[index])
        if self.killers.get(index):
            cell.source = definitions(cell.source) if self.killers[index] == 1 else ""
        async with self._watch():
            await self.client.async_execute_cell(cell, index)

    @asynccontextmanager
    async def _watch(self):
        left = self.end - monotonic()
        watch = _Watch(self.process, self.limits, max(min(self.limits.cell, left), 0.0), left < self.limits.cell)
        self.client.watch = watch

        async def patrol():
            while True:
                await asyncio.sleep(TICK)
                watch.look()

        task = asyncio.ensure_future(patrol())
        try:
            yield watch
        finally:
            task.cancel()

    async def _silently(self, code):
        """Run code of ours, without output and history; return the reply."""
        message = self.client.kc.execute(code, silent=True, store_history=False, allow_stdin=False)
        return await self.client.async_wait_for_reply(message)

    async def _start(self, nb=None):
        name = self.nb.metadata.get("kernelspec", {}).get("name", "python3")
        manager = AsyncKernelManager(kernel_name=name)
        self.client = _Client(
            nb or self.nb, km=manager, timeout=None, allow_errors=True, raise_on_iopub_timeout=False, iopub_timeout=10
        )
        await manager.start_kernel(
            cwd=str(self.folder),
            env=self.environment,
            stdout=DEVNULL,
            stderr=DEVNULL,
            extra_arguments=["--HistoryManager.hist_file=:memory:"],
        )
        self.process = psutil.Process(manager.provisioner.pid)
        await self.client.async_start_new_kernel_client()
        reply = await self._silently(START + self.prelude)
        if reply["content"]["status"] != "ok":
            raise CourseError(
                f"the grader's own code does not run in the kernel {name!r}: {reply['content']['ename']}: "
                f"{reply['content']['evalue']}. Mend that and grade again."
            )

    async def _stop(self):
        client, self.client = self.client, None
        if client is None:
            return
        if self.process is not None:
            kill_tree(self.process)
        if client.kc is not None:
            client.kc.stop_channels()
        if client.km.has_kernel:
            await client.km.shutdown_kernel(now=True)


def kill_tree(process):
    """Kill a process and everything that it started."""
    with suppress(psutil.Error):
        children = process.children(recursive=True)
        process.kill()
        for child in children:
            with suppress(psutil.Error):
                child.kill()


def _memory(process):
    total = 0
    with suppress(psutil.Error):
        for each in (process, *process.children(recursive=True)):
            with suppress(psutil.Error):
                total += each.memory_info().rss
    return total


def _size(content):
    """Return roughly how many characters an output message holds."""
    if "text" in content:
        return len(content["text"])
    if "traceback" in content:
        return OUTPUT_SIZE + len(content["evalue"]) + sum(map(len, content["traceback"]))
    data = content.get("data", {}).values()
    return OUTPUT_SIZE + sum(len(value) if isinstance(value, str) else len(repr(value)) for value in data)
