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
NAME = re.compile(r"[a-z_]{1,40}")
JSON = re.compile(r"application/(.*\+)?json")  # the names of which nbformat takes any value
CUT = "\n... the rest of this output was cut ...\n"


class Outputs:
    """The outputs of one cell, kept within a limit as they come.

    Args:
        room: characters that may be kept; what is replaced or cleared gives its room back.
    """

    def __init__(self, room: int) -> None:
        self.room, self.truncated = room, False
        self._whole = room
        self.kept: list[NotebookNode] = []
        self._displays: list[tuple[str | None, int]] = []  # display id and size of each kept output
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
        display_id = output.get("display_id")
        if not isinstance(display_id, str):
            display_id = None
        place = self._place(display_id) if output.get("update") is True else None
        size = len(json.dumps(node))
        replaced = 0 if place is None else self._displays[place][1]
        if size - replaced > self.room:
            if not self.truncated and node.output_type == "stream":
                node["text"] = node.text[: max(self.room, 0)] + CUT
                self._append(node)
            self.truncated, self.room = True, 0
            return
        self.room -= size - replaced
        if place is None:
            self._append(node, display_id, size)
        else:
            self.kept[place], self._displays[place] = node, (display_id, size)

    def _place(self, display_id: str | None) -> int | None:
        """Return the index of the first output with this display id, or None."""
        ids = [each for each, _ in self._displays]
        return None if display_id is None or display_id not in ids else ids.index(display_id)

    def _append(self, node: NotebookNode, display_id: str | None = None, size: int = 0) -> None:
        last = self.kept[-1] if self.kept else None
        if last is not None and node.output_type == "stream" == last.output_type and node.name == last.name:
            last["text"] += node.text
        else:
            self.kept.append(node)
            self._displays.append((display_id, size))

    def _clear(self) -> None:
        self.kept.clear()
        self._displays.clear()
        self.room = self._whole


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
            metadata=_sound_metadata(output.get("metadata"), bundle),
        )
    return None


def _sound_metadata(metadata: Any, bundle: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Return the numbers that belong to a MIME bundle, such as an image's width: pages write them into their HTML."""
    if not isinstance(metadata, dict):
        return {}
    return {
        mime: {
            name: value
            for name, value in metadata[mime].items()
            if isinstance(name, str) and NAME.fullmatch(name) and _is_number(value)
        }
        for mime in bundle
        if isinstance(metadata.get(mime), dict)
    }


def _is_number(value: Any) -> bool:
    return isinstance(value, (bool, int, float)) and math.isfinite(value) and abs(value) < 1e6


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
