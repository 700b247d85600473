"""The kernel engine: a Jupyter kernel for each submission, by nbclient.

It stores each output in its cell as it comes: whatever ends a kernel later costs only what was not yet done.
"""

import asyncio
import copy
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import psutil
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode

from autograder.engines.base import Incidents, Limits, RunState, output_cut, runnable
from autograder.engines.watch import TICK, Watch, kill_tree
from autograder.errors import CourseError, GraderFailure
from autograder.limited import unlimited
from autograder.notebooks.cells import is_test

# Ports are picked before a kernel binds them, so that two jobs may pick the same; sockets in a private folder cannot
# meet. The last try is for kernels that know only ports.
TRANSPORTS = ("ipc", "ipc", "tcp")
START = "from autograder.sandbox.colab import stand_in\nstand_in()\ndel stand_in\n"


class KernelEngine:
    """Runs each submission in a fresh kernel; a kernel that dies is replaced and the earlier cells are run again."""

    def run(
        self, nb: NotebookNode, limits: Limits, folder: Path, prelude: str, environment: dict[str, str]
    ) -> Incidents:
        """Run a notebook in place and return its incidents; see ``Engine.run``."""
        session = _Session(nb, limits, folder, prelude, environment)
        run_sync(session.run)()
        return session.result()


class _Client(NotebookClient):
    """nbclient's client; keeps outputs within a limit as they arrive and lets the watch look in between messages."""

    watch: Watch

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        self.watch.look()
        display_id = (msg["content"].get("transient") or {}).get("display_id")
        kind = msg["msg_type"]
        # A display replaces all earlier ones of its id too.
        if kind == "update_display_data" or (display_id and kind in ("display_data", "execute_result")):
            earlier = sum(map(len, self._display_id_map.get(display_id, {}).values()))
            if not self.watch.fits(msg["content"], display_id, max(earlier + (kind != "update_display_data"), 1)):
                self.watch.cut(kind, msg["content"])
                return None
        return super().process_message(msg, cell, cell_index)

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str, cell_index: int
    ) -> NotebookNode | None:
        content = msg["content"]
        if not display_id and not self.watch.fits(content):
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

    def clear_output(self, outs: list[NotebookNode], msg: dict[str, Any], cell_index: int) -> None:
        self.watch.clear()
        super().clear_output(outs, msg, cell_index)


class _Session(RunState):
    """One run of one notebook and its kernels."""

    def __init__(
        self, nb: NotebookNode, limits: Limits, folder: Path, prelude: str, environment: dict[str, str]
    ) -> None:
        super().__init__(nb, limits)
        self.folder, self.prelude, self.environment = folder, prelude, environment
        self.client: _Client | None = None
        self.manager: AsyncKernelManager | None = None
        self.sockets: tempfile.TemporaryDirectory[str] | None = None
        self.process: psutil.Process | None = None

    async def run(self) -> None:
        """Run every cell in order."""
        try:
            await self._start(self.nb)
            for index, cell in enumerate(self.nb.cells):
                if runnable(cell):
                    await self._step(index, cell)
        finally:
            await self._stop()

    async def _step(self, index: int, cell: NotebookNode) -> None:
        if self.out_of_time:
            self.not_run(index, self.limits.submission_over())
        elif self.client is None and not await self._revive():
            self.not_run(index, self.last_death)
        else:
            await self._execute(index, cell)

    @property
    def _running(self) -> _Client:
        """The client of the kernel, where there is one."""
        assert self.client is not None
        return self.client

    async def _execute(self, index: int, cell: NotebookNode) -> None:
        """Run one cell, and note why it did not finish and whether the kernel died."""
        try:
            async with self._watched() as watch:
                if is_test(cell) and self.prelude:
                    await self._run_silently(self.prelude)
                await self._running.async_execute_cell(cell, index)
        except DeadKernelError:
            self.died(index, watch.reason or "it ended the Python process.")
            await self._stop()
        else:
            if watch.reason:
                self.incidents[index] = watch.reason
                self.killers[index] = 1
            elif watch.truncated:
                self.incidents[index] = output_cut(self.limits.output)
        if not is_test(cell):
            self.done.append(index)

    async def _revive(self) -> bool:
        """Start a new kernel and bring it to where the dead one was; return whether that worked."""
        while self.starts > 0 and not self.out_of_time:
            await self._start(copy.deepcopy(self.nb))
            try:
                for index in self.done:
                    await self._repeat(index)
            except DeadKernelError:
                self.blame(index)
                await self._stop()
            else:
                self._running.nb = self.nb
                self._running.reset_execution_trackers()
                return True
        return False

    async def _repeat(self, index: int) -> None:
        cell = copy.deepcopy(self.nb.cells[index])
        cell.source = self.source_again(index)
        async with self._watched():
            await self._running.async_execute_cell(cell, index)

    @asynccontextmanager
    async def _watched(self) -> AsyncIterator[Watch]:
        """Watch over one cell."""
        watch = self._running.watch = Watch(self.process, self.limits, self.end)

        async def look_regularly() -> None:
            while True:
                await asyncio.sleep(TICK)
                watch.look()

        task = asyncio.ensure_future(look_regularly())
        try:
            yield watch
        finally:
            task.cancel()

    async def _run_silently(self, code: str) -> dict[str, Any]:
        """Run code of ours, without output and history; return the reply."""
        message = self._running.kc.execute(code, silent=True, store_history=False, allow_stdin=False)
        return await self._running.async_wait_for_reply(message)

    async def _start(self, nb: NotebookNode) -> None:
        """Start a kernel.

        Args:
            nb: the notebook into which the client writes outputs.

        Raises:
            GraderFailure: none could be started.
        """
        self.starts -= 1
        for attempt, transport in enumerate(TRANSPORTS, 1):
            try:
                await self._start_over(transport, nb)
                break
            except (OSError, RuntimeError) as error:  # nbclient and jupyter_client say it by either
                await self._stop()
                if attempt == len(TRANSPORTS):
                    raise GraderFailure(f"no kernel could be started: {error}") from error
        reply = await self._run_silently(START + self.prelude)
        if reply["content"]["status"] != "ok":
            raise CourseError(
                f"the grader's own code does not run in the kernel {self._kernel_name!r}: {reply['content']['ename']}: "
                f"{reply['content']['evalue']}. Mend that and grade again."
            )

    @property
    def _kernel_name(self) -> str:
        return self.nb.metadata.get("kernelspec", {}).get("name", "python3")

    async def _start_over(self, transport: str, nb: NotebookNode) -> None:
        """Start a kernel that is talked to over "ipc" or "tcp"."""
        self.sockets = tempfile.TemporaryDirectory(prefix="kernel-", ignore_cleanup_errors=True)
        self.manager = AsyncKernelManager(
            kernel_name=self._kernel_name, transport=transport, connection_file=str(Path(self.sockets.name) / "k.json")
        )
        self.client = _Client(
            nb, km=self.manager, timeout=None, allow_errors=True, raise_on_iopub_timeout=False, iopub_timeout=10
        )
        with unlimited():
            await self.manager.start_kernel(
                cwd=str(self.folder),
                env=self.environment,
                stdout=DEVNULL,
                stderr=DEVNULL,
                extra_arguments=["--HistoryManager.hist_file=:memory:"],
            )
        self.process = psutil.Process(self.manager.provisioner.pid)
        await self.client.async_start_new_kernel_client()

    async def _stop(self) -> None:
        """End the kernel, however far it came, and whatever has become of it."""
        client, self.client = self.client, None
        manager, self.manager = self.manager, None
        process, self.process = self.process, None
        sockets, self.sockets = self.sockets, None
        if process is not None:
            kill_tree(process)
        if client is not None and client.kc is not None:
            client.kc.stop_channels()
        with suppress(OSError, RuntimeError):  # it is dead already
            if manager is not None and manager.has_kernel:
                await manager.shutdown_kernel(now=True)
        if sockets is not None:
            sockets.cleanup()
