"""The kernel engine, and what it takes for granted of nbclient and jupyter_client."""

import inspect
from threading import Thread

import pytest
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from jupyter_client.provisioning.local_provisioner import LocalPortCache
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from autograder.engines.base import Limits, kernel_environment
from autograder.engines.kernel import TRANSPORTS, KernelEngine, _Client
from autograder.errors import CourseError, GraderFailure

pytestmark = pytest.mark.filterwarnings("ignore:Exception ignored")


def run(cells, folder, prelude="", **limits):
    """Run some sources as a notebook; return the notebook and its incidents."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
    incidents = KernelEngine().run(
        notebook, Limits(**{"cell": 30, **limits}), folder, prelude, kernel_environment(folder, folder)
    )
    return notebook, incidents


def test_outputs_are_stored_in_their_cells(tmp_path):
    """Prints on one stream are one output, results are numbered, and an error leaves the next cell running."""
    cells = [
        "for i in range(3): print(i, flush=True)",
        "1 + 1",
        "1 / 0",
        "from google.colab import drive\ndrive.mount(1)",
    ]
    notebook, incidents = run(cells, tmp_path)
    assert incidents == {}
    assert [output.text for output in notebook.cells[0].outputs] == ["0\n1\n2\n"]
    assert notebook.cells[1].outputs[0].data["text/plain"] == "2" and notebook.cells[1].execution_count == 2
    assert notebook.cells[2].outputs[0].ename == "ZeroDivisionError"
    assert notebook.cells[3].outputs == []


def test_a_dead_kernel_is_replaced(tmp_path):
    """The cells before the death are run again, of the deadly one its definitions, and what was shown is kept."""
    cells = ["x = 1\nprint('kept')", "def f(): return x + 1\nimport os\nos._exit(0)", "print(f())"]
    notebook, incidents = run(cells, tmp_path)
    assert incidents == {1: "it ended the Python process."}
    assert notebook.cells[0].outputs[0].text == "kept\n"
    assert notebook.cells[2].outputs[0].text == "2\n"


def test_a_kernel_is_replaced_only_so_often(tmp_path):
    """After the allowed restarts the cells that are left say which cell ended the last kernel."""
    _, incidents = run(["import os\nos._exit(0)", "1"], tmp_path, restarts=0)
    assert incidents[1].startswith("it was not run: the Python process had ended in the cell that begins 'import os'")


def test_updates_of_a_display_cost_the_room_of_the_last(tmp_path):
    """A display that is updated more often than its room allows is kept as it stands in the end, with its metadata."""
    cells = [
        "h = display({'text/plain': 'x' * 600}, raw=True, display_id=True)\n"
        "for number in range(9):\n"
        "    h.update({'text/plain': str(number) * 600}, raw=True, metadata={'text/plain': {'width': number}})"
    ]
    notebook, incidents = run(cells, tmp_path, output=1000)
    assert incidents == {}
    (output,) = notebook.cells[0].outputs
    assert output.data["text/plain"] == "8" * 600 and output.metadata == {"text/plain": {"width": 8}}


def test_output_is_cut_and_cleared(tmp_path):
    """Output beyond the limit is cut with a word; what a cell clears makes room again."""
    cells = [
        "print('x' * 5000)",
        "from IPython.display import clear_output\n"
        "for _ in range(3):\n    print('y' * 800, flush=True)\n    clear_output()\nprint('end')",
    ]
    notebook, incidents = run(cells, tmp_path, output=1000)
    assert incidents == {0: "its output was cut at 0.001 MB."}
    assert len(notebook.cells[0].outputs[0].text) < 1100
    assert notebook.cells[1].outputs[-1].text == "end\n"


def test_a_broken_prelude_stops_the_grading(tmp_path):
    """Where the grader's own code does not run, nobody gets a zero: grading stops and names the error."""
    with pytest.raises(CourseError, match="no_such_module"):
        run(["1"], tmp_path, "import no_such_module")


def test_kernels_that_start_at_once_cannot_take_each_others_ports(tmp_path, monkeypatch):
    """Where every kernel is given the same ports, as in a race, each still has sockets of its own."""

    def same_port(*_):
        raise AssertionError("a port was picked before the kernel bound it")

    monkeypatch.setattr(LocalPortCache, "find_available_port", same_port)
    threads, results = [], {}
    for name in "ab":
        (tmp_path / name).mkdir()
        threads.append(Thread(target=lambda name=name: results.update({name: run([f"'{name}'"], tmp_path / name)})))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name in "ab":
        notebook, incidents = results[name]
        assert incidents == {} and notebook.cells[0].outputs[0].data["text/plain"] == f"'{name}'"


@pytest.mark.parametrize("times", [1, len(TRANSPORTS)])
def test_a_kernel_that_dies_as_it_starts_is_started_again(times, tmp_path, monkeypatch):
    """One that died before it answered is no fault of the submission: another one runs it, or the grader failed."""
    real, deaths = LocalProvisioner.launch_kernel, []

    async def die(self, cmd, **keywords):
        if len(deaths) < times:
            deaths.append(cmd)
            cmd = [cmd[0], "-c", "raise SystemExit(1)"]
        return await real(self, cmd, **keywords)

    monkeypatch.setattr(LocalProvisioner, "launch_kernel", die)
    if times == 1:
        notebook, incidents = run(["1 + 1"], tmp_path)
        assert incidents == {} and notebook.cells[0].outputs[0].data["text/plain"] == "2"
    else:
        with pytest.raises(GraderFailure, match="no kernel could be started"):
            run(["1 + 1"], tmp_path)


def parameters(function):
    return [*inspect.signature(function).parameters]


def test_nbclient_still_calls_what_the_client_overrides():
    """Contract with nbclient: where one of these changes, outputs are kept without limit or a cell is not watched."""
    for name in ("process_message", "output", "clear_output"):
        assert parameters(getattr(NotebookClient, name)) == parameters(getattr(_Client, name))
    source = inspect.getsource(NotebookClient)
    assert "self.process_message(msg, cell, cell_index)" in source
    assert "self.output(cell.outputs, msg, display_id, cell_index)" in source
    assert "self.clear_output(cell.outputs, msg, cell_index)" in source


def test_nbclient_still_offers_what_the_engine_uses():
    """Contract with nbclient: without these a kernel cannot be started, asked for its reply, or replaced."""
    client = NotebookClient(
        new_notebook(), timeout=None, allow_errors=True, raise_on_iopub_timeout=False, iopub_timeout=10
    )
    assert client.kc is None
    assert "self.clear_before_next_output" in inspect.getsource(NotebookClient.output)
    for name in (
        "async_execute_cell",
        "async_start_new_kernel_client",
        "async_wait_for_reply",
        "reset_execution_trackers",
    ):
        assert callable(getattr(client, name))


def test_jupyter_client_still_offers_what_the_engine_uses():
    """Contract with jupyter_client: without these a kernel cannot be watched or ended."""
    manager = AsyncKernelManager()
    assert manager.has_kernel is False
    assert manager.provisioner is None  # until the kernel was started; then it knows the process's id
    assert "now" in inspect.signature(manager.shutdown_kernel).parameters
    assert LocalProvisioner.pid is None
