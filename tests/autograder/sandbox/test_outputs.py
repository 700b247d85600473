"""Outputs are made sound as they come over the wire, and kept within a limit."""

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.sandbox.outputs import CUT, Outputs


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def display(text, **more):
    return {"output_type": "display_data", "data": {"text/plain": text}, **more}


def kept(*messages, room=10_000):
    """Return the outputs that are kept of some messages."""
    outputs = Outputs(room)
    for message in messages:
        outputs.add(message)
    return outputs.kept


def test_printed_lines_are_joined_by_stream():
    """What is printed in a row on one stream is one output."""
    outputs = kept(stream("a\n"), stream("b\n"), stream("c\n", "stderr"), stream("d\n"))
    assert [(output.name, output.text) for output in outputs] == [
        ("stdout", "a\nb\n"),
        ("stderr", "c\n"),
        ("stdout", "d\n"),
    ]


def test_a_display_is_updated_in_place():
    """An update replaces the display of its name; one that names none is kept as a new output."""
    outputs = kept(display("1", display_id="h"), display("other"), display("2", display_id="h", update=True))
    assert [output.data["text/plain"] for output in outputs] == ["2", "other"]
    assert len(kept(display("1"), display("2", display_id="h", update=True))) == 2


def test_an_update_and_a_cleared_output_give_their_room_back():
    """A display that is updated for ever costs the room of its last state, and one too large leaves it as it was."""
    messages = [display("x" * 500, display_id="h")]
    messages += [display(f"{number}" * 500, display_id="h", update=True) for number in range(9)]
    outputs = Outputs(1000)
    for message in messages:
        outputs.add(message)
    assert not outputs.truncated and outputs.kept[0].data["text/plain"] == "8" * 500 and outputs.room > 300
    outputs.add(display("y" * 2000, display_id="h", update=True))
    assert outputs.truncated and outputs.kept[0].data["text/plain"] == "8" * 500
    cleared = Outputs(1000)
    for _ in range(5):
        cleared.add(display("x" * 700))
        cleared.add({"output_type": "clear_output", "wait": False})
    assert not cleared.truncated and cleared.room == 1000


def test_metadata_of_a_display_is_kept_where_it_is_a_number():
    """The width of a picture stays; texts, which a page would write into its HTML, and other keys do not."""
    sizes = {"width": 640, "height": "1 onerror=alert(1)", "x y": 1, "isolated": True, "nan": float("nan")}
    (output,) = kept(display("1", metadata={"text/plain": sizes, "image/png": {"width": 1}, "collapsed": True}))
    assert output.metadata == {"text/plain": {"width": 640, "isolated": True}}


def test_outputs_are_cleared_at_once_or_before_the_next():
    """``clear_output`` takes earlier outputs away, with ``wait`` only when the next one comes."""
    clear = {"output_type": "clear_output", "wait": False}
    assert kept(display("1"), clear) == []
    outputs = kept(display("1", display_id="h"), {**clear, "wait": True})
    assert len(outputs) == 1
    outputs = kept(display("1"), {**clear, "wait": True}, display("2"))
    assert [output.data["text/plain"] for output in outputs] == ["2"]


def test_what_does_not_fit_is_cut_once():
    """The first text that does not fit is cut where the limit is; everything after it is dropped."""
    outputs = Outputs(200)
    for _ in range(5):
        outputs.add(stream("x" * 150))
    assert outputs.truncated and outputs.room == 0
    assert len(outputs.kept) == 1 and outputs.kept[0].text.endswith(CUT) and outputs.kept[0].text.count("cut") == 1
    assert kept(display("x" * 300), room=200) == []


@pytest.mark.parametrize("value", [None, 7, "\ud800", [], {}, float("nan"), np.zeros(2), {"a": {"b": np.zeros(1)}}])
@pytest.mark.parametrize("kind", ["stream", "error", "display_data", "execute_result", "clear_output", "update", None])
def test_whatever_comes_the_notebook_stays_valid(kind, value):
    """Fields of any type give valid outputs that can be written to a file, or none."""
    names = ("name", "text", "ename", "evalue", "traceback", "data", "wait", "display_id", "update", "metadata")
    messages = [{"output_type": kind, **dict.fromkeys(names, value)}]
    messages += [
        {
            "output_type": kind,
            "data": {"text/plain": value, "application/json": value, "text/json": value, "no type": value},
        }
    ]
    notebook = new_notebook(cells=[new_code_cell("", outputs=kept(*messages))])
    nbformat.validate(notebook)
    nbformat.writes(notebook).encode("utf-8")


def test_errors_show_no_control_characters_in_their_names():
    """Name and text of an error lose what a terminal would obey; they go to reports and terminals."""
    (output,) = kept({"output_type": "error", "ename": "E\x1b[2J", "evalue": "\u202etext", "traceback": ["line"] * 99})
    assert (output.ename, output.evalue, len(output.traceback)) == ("E [2J", " text", 60)
