"""The student's side: cells behave as in a kernel, and IPython still offers what the shell builds on."""

import inspect

import pytest
from IPython.core.autocall import ExitAutocall
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell

from autograder.sandbox.shell import LARGEST_OUTPUT, Shell, Stream, Transformers, _bounded
from tests.autograder.sealing import show, text


def test_cells_behave_as_in_a_kernel(student):
    """Results, prints, errors, figures, magics, shell commands, widgets and input() behave as in a batch kernel."""
    assert show(student, "print('a')\n1 + 1")[1].data["text/plain"] == "2"
    assert show(student, "1 / 0")[0].ename == "ZeroDivisionError"
    assert show(student, "input('?')")[0].ename == "StdinNotImplementedError"
    figure = show(student, "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")
    assert "image/png" in figure[-1].data
    assert "image/png" in show(student, "%matplotlib inline\nplt.plot([1])")[-1].data
    assert "Wall time" in text(student, "%time x = 1")
    assert text(student, "!echo $((6 * 7))").strip() == "42"
    widget = show(student, "import ipywidgets\nipywidgets.IntSlider()")
    assert "application/vnd.jupyter.widget-view+json" in widget[0].data
    assert show(student, "import asyncio\nawait asyncio.sleep(0)\n7")[0].data["text/plain"] == "7"
    updated = show(student, "h = display('one', display_id=True)\nh.update('two')")
    assert [output.data["text/plain"] for output in updated] == ["'two'"]
    assert [
        output.data["text/plain"]
        for output in show(student, "from IPython.display import clear_output\ndisplay(1)\nclear_output()\ndisplay(2)")
    ] == ["2"]
    assert text(student, "import os\n_ = os.write(1, b'raw')") == "raw"
    assert show(student, "%%capture\nprint('hidden')") == []


def test_only_what_may_await_is_compiled_to_know(student):
    """A cell without the words for it cannot await, so it is not compiled once more to find out."""
    text(
        student,
        "from IPython.core import interactiveshell\nasked, really = [], interactiveshell._should_be_async\n"
        "interactiveshell._should_be_async = lambda cell: asked.append(cell) or really(cell)",
    )
    text(student, "x = 1")
    assert show(student, "async def two(): return 2\nawait two()")[0].data["text/plain"] == "2"
    assert text(student, "print([cell.split()[0] for cell in asked])") == "['async']\n"


def test_an_error_is_shown_even_where_showing_errors_is_off(student):
    """A notebook that takes IPython's way of showing errors away still shows that there was one."""
    text(student, "get_ipython().showtraceback = lambda *arguments, **keywords: None")
    (output,) = show(student, "1 / 0")
    assert (output.output_type, output.ename) == ("error", "ZeroDivisionError")


def test_exit_ends_nothing(student):
    """``exit`` in a cell is passed over, and the next cell runs."""
    show(student, "exit")
    show(student, "exit()")
    assert text(student, "print(1)") == "1\n"


def test_syntax_errors_and_empty_cells(student):
    """A cell that does not parse shows its error; one without code shows nothing."""
    assert show(student, "def broken(")[0].ename in ("SyntaxError", "_IncompleteInputError")
    assert show(student, "# only a comment") == []


def test_cells_of_the_grader_leave_no_history(student):
    """The prelude of a test cell does not count among the student's cells."""
    show(student, "'first'")
    student.run("'of the grader'", 10, None, history=False)
    assert text(student, "print(In[1:-1])") == "[\"'first'\"]\n"


def test_written_text_is_sent_line_by_line():
    """Lines that come in a row are gathered, and long text is sent in pieces of bounded size."""
    sent = []
    stream = Stream("stdout", sent.append, 1)
    assert stream.write("a\n") == 2 and len(sent) == 1
    stream.write("b\n")
    stream.writelines(["c", "d"])
    assert len(sent) == 1
    stream.flush()
    stream.flush()
    assert [output["text"] for output in sent] == ["a\n", "b\ncd"]
    stream.write("x" * (LARGEST_OUTPUT + 1))
    assert [len(output["text"]) for output in sent[2:]] == [LARGEST_OUTPUT, 1]
    with pytest.raises(TypeError, match="must be str, not bytes"):
        stream.write(b"x")
    assert stream.fileno() == 1 and stream.writable() and not stream.readable() and not stream.isatty()


def test_a_display_that_is_too_large_is_replaced():
    """Of a display only what is small enough is sent; bytes travel as base64."""
    assert _bounded({"image/png": b"\x00\x01", "text/plain": "x" * (LARGEST_OUTPUT + 1)}) == {"image/png": "AAE="}
    assert _bounded({"text/html": "x" * (LARGEST_OUTPUT + 1)}) == {
        "text/plain": "(an output that is too large to keep)"
    }
    assert _bounded({}) == {}


@pytest.mark.parametrize(
    ("owner", "name", "parameters"),
    [
        (InteractiveShell, "_showtraceback", ["self", "etype", "evalue", "stb"]),
        (InteractiveShell, "run_cell", ["self", "raw_cell", "store_history", "silent"]),
        (InteractiveShell, "enable_gui", ["self", "gui"]),
        (InteractiveShell, "should_run_async", ["self", "raw_cell", "transformed_cell"]),
        (InteractiveShell, "init_history", ["self"]),
        (InteractiveShell, "var_expand", ["self", "cmd", "depth"]),
        (DisplayPublisher, "publish", ["self", "data", "metadata"]),
        (DisplayPublisher, "clear_output", ["self", "wait"]),
        (DisplayHook, "write_output_prompt", ["self"]),
        (DisplayHook, "write_format_data", ["self", "format_dict", "md_dict"]),
        (DisplayHook, "finish_displayhook", ["self"]),
    ],
)
def test_ipython_still_calls_what_the_shell_overrides(owner, name, parameters):
    """Contract with IPython: where one of these is gone, outputs or errors of sealed cells are lost."""
    assert [*inspect.signature(getattr(owner, name)).parameters][: len(parameters)] == parameters


def test_ipython_still_has_what_the_shell_sets():
    """Contract with IPython: without these the shell would show errors twice, write a history file, or miss errors."""
    for name in ("displayhook_class", "display_pub_class", "system", "system_piped", "system_raw", "showtraceback"):
        assert hasattr(InteractiveShell, name)
    assert "ask_exit()" in inspect.getsource(ExitAutocall)
    assert "self._showtraceback(" in inspect.getsource(InteractiveShell.showtraceback)
    result = ExecutionResult(None)
    assert result.error_before_exec is None and result.error_in_exec is None
    assert Shell.system_piped is Shell.system_raw is Shell.system


@pytest.mark.parametrize(
    "source",
    [
        "x = 1\nx % 3 != 2",
        "%time x = 1",
        "  %matplotlib inline\n  y = 2",
        "files = !ls",
        "t = %timeit -o pass",
        "a = b = \\\n%ls",
        "if x:\n    !ls\n    %cd /",
        "print?",
        "x.y??",
        ";f a b",
        ",f a b",
        "/f a, b",
        ">>> f(1)\n2",
        "In [3]: f(1)",
        "%%time\nx = 1",
        '"""\n%ls\n!ls\nwhat?\n"""',
        "x = (1,\n% 2)",
        "# what?\nx = 1",
    ],
)
def test_magics_become_what_ipython_makes_of_them(source):
    """What looks plain is left alone, and the rest goes through IPython's own transformers."""
    assert Transformers().transform_cell(source) == TransformerManager().transform_cell(source)


def test_a_transformer_of_the_notebook_s_own_runs():
    """A notebook that adds a transformer of tokens gets it, in plain cells too."""
    transformers, seen = Transformers(), []
    transformers.token_transformers.append(type("Own", (), {"find": seen.append}))
    transformers.transform_cell("x = 1")
    assert len(seen) == 1
