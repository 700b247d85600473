"""Cells and outputs as nbformat makes them, but not checked one by one: that takes 1 ms each.

They are sound by how they are made, and a notebook is checked as a whole before it is kept.
"""

from typing import Any

from nbformat import NotebookNode, from_dict


def new_cell(kind: str, source: str, name: Any, metadata: dict[str, Any] | None = None) -> NotebookNode:
    """Return a cell without outputs.

    Args:
        kind: "code", "markdown" or "raw".
        name: its id.
    """
    more: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
    node: NotebookNode = from_dict(
        {"cell_type": kind, "id": name, "metadata": metadata or {}, "source": source, **more}
    )
    return node


def new_output(kind: str, **fields: Any) -> NotebookNode:
    """Return an output.

    Args:
        kind: "execute_result" or "display_data", which need "data"; "stream", which needs "name" and "text"; or
            "error", which needs "ename", "evalue" and "traceback".
    """
    more: dict[str, Any] = {"metadata": {}} if "data" in fields else {}
    if kind == "execute_result":
        more["execution_count"] = None
    node: NotebookNode = from_dict({"output_type": kind, **more, **fields})
    return node
