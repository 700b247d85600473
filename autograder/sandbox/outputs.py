"""The outputs of one cell, as they come from a student's process: made sound, and kept within a limit."""

import json
import math
import re
from typing import Any

from nbformat import NotebookNode

from autograder.notebooks.nodes import new_output
from autograder.sandbox.texts import harmless, storable
from autograder.sandbox.wire import Message

MIME = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,80}")
JSON = re.compile(r"application/(.*\+)?json")  # the names of which nbformat takes any value
CUT = "\n... the rest of this output was cut ...\n"


class Outputs:
    """The outputs of one cell, kept within a limit as they come.

    Args:
        room: characters that may still be kept.
    """

    def __init__(self, room: int) -> None:
        self.room, self.truncated = room, False
        self.kept: list[NotebookNode] = []
        self._display_ids: list[str | None] = []  # of each kept output
        self._clear_before_next = False

    def add(self, output: Message) -> None:
        """Keep one output as it came over the wire, if it is sound and as far as it fits."""
        if storable(output.get("output_type")) == "clear_output":
            self._clear_before_next = True
            if output.get("wait") is not True:
                self._clear()
            return
        node = _sound_output(output)
        if node is None:
            return
        if self._clear_before_next:
            self._clear()
            self._clear_before_next = False
        size = len(json.dumps(node))
        if size > self.room:
            if not self.truncated and node.output_type == "stream":
                node["text"] = node.text[: max(self.room, 0)] + CUT
                self._append(node)
            self.truncated, self.room = True, 0
            return
        self.room -= size
        display_id = output.get("display_id")
        if not isinstance(display_id, str):
            display_id = None
        if output.get("update") is True and display_id in self._display_ids and display_id is not None:
            self.kept[self._display_ids.index(display_id)] = node
        else:
            self._append(node, display_id)

    def _append(self, node: NotebookNode, display_id: str | None = None) -> None:
        last = self.kept[-1] if self.kept else None
        if last is not None and node.output_type == "stream" == last.output_type and node.name == last.name:
            last["text"] += node.text
        else:
            self.kept.append(node)
            self._display_ids.append(display_id)

    def _clear(self) -> None:
        self.kept.clear()
        self._display_ids.clear()


def _sound_output(output: Message) -> NotebookNode | None:
    """Return a valid notebook output made from one that came over the wire, or None."""
    kind = storable(output.get("output_type"))
    if kind == "stream":
        name = "stderr" if storable(output.get("name")) == "stderr" else "stdout"
        return new_output("stream", name=name, text=storable(output.get("text")))
    if kind == "error":
        traceback = output.get("traceback")
        return new_output(
            "error",
            ename=harmless(output.get("ename"))[:100],
            evalue=harmless(output.get("evalue"))[:2000],
            traceback=[storable(line) for line in traceback[-60:]] if isinstance(traceback, list) else [],
        )
    data = output.get("data")
    if kind in ("display_data", "execute_result") and isinstance(data, dict):
        bundle = {name: value for name, value in _sound_json(data).items() if MIME.fullmatch(name)}
        return new_output(
            kind,
            data={
                name: value if isinstance(value, str) or JSON.fullmatch(name) else str(value)
                for name, value in bundle.items()
            },
        )
    return None


def _sound_json(value: Any) -> Any:
    """Return a value as JSON that can be written to a file: the wire also brings arrays, which become empty texts."""
    if isinstance(value, dict):
        return {storable(name): _sound_json(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_sound_json(item) for item in value]
    if isinstance(value, str):
        return storable(value)
    if value is None or isinstance(value, (bool, int)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return ""
