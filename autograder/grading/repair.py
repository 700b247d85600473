"""Mend a submission before it is graded: the first step of nbgrader's sanitizing.

Students copy, delete, move and edit cells, and the tools that they use lose or add metadata. Every cell that nbgrader
knows is found by its ``grade_id``, or by what it says, and brought back to what was released; answers stay as they are.
Each mend is a finding. What comes out is a valid notebook whatever came in.
"""

import re
from collections.abc import Sequence
from typing import Any

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_notebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.notebooks.cells import (
    SKIP_TAG,
    cell_name,
    cells_with_tests,
    exercise_of,
    given_cells,
    given_name,
    graded_cells,
    is_graded,
    is_skipped,
    is_solution,
    is_test,
    nbgrader_data,
)
from autograder.notebooks.findings import add_finding
from autograder.notebooks.nodes import new_cell
from autograder.notebooks.released import released_notebook

KINDS = ("code", "markdown", "raw")
DEFINED = re.compile(r"^(?:def|class)\s+(\w+)|^(\w+)\s*=(?!=)", re.MULTILINE)


class Repair(NbGraderPreprocessor):
    """Brings the cells that nbgrader knows back to what was released."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        return repair(nb, released_notebook(self.config, resources["nbgrader"]["assignment"])), resources


def repair(nb: dict[str, Any], released: NotebookNode, earlier: Sequence[NotebookNode] = ()) -> NotebookNode:
    """Return a valid notebook with the student's own cells, graded cells as released, and the findings.

    Args:
        nb: any JSON object of nbformat 4, valid or not.
        earlier: what was released before the lab was mended; whoever has that changed nothing.
    """
    return _Repair(nb, released, earlier).notebook


def is_of_lab(nb: dict[str, Any], released: NotebookNode) -> bool:
    """Return whether a notebook has any answer or test of a lab, known by its grade id, or else by what it defines."""
    truth = graded_cells(released)
    cells = [_clean(raw) for raw in nb.get("cells", []) if isinstance(raw, dict) and raw]
    claimed = {str(grade_id) for cell in cells if (grade_id := nbgrader_data(cell).get("grade_id"))}
    if claimed:
        return not claimed.isdisjoint(truth)
    wanted = {name for cell in truth.values() if is_solution(cell) for name in _defined(cell.source)}
    return any(wanted & _defined(cell.source) for cell in cells)


class _Repair:
    """One repair: ``owner`` says for each submitted cell which released cell it is."""

    def __init__(self, nb: dict[str, Any], released: NotebookNode, earlier: Sequence[NotebookNode]):
        self.earlier = [(graded_cells(notebook), given_cells(notebook)) for notebook in earlier]
        self.truth, self.given = graded_cells(released), given_cells(released)
        self.order = [nbgrader_data(cell).get("grade_id") or given_name(i) for i, cell in enumerate(released.cells)]
        self.exercises = list(cells_with_tests(released))
        self.cells = [_clean(raw) for raw in nb.get("cells", []) if isinstance(raw, dict) and raw]
        _give_ids(self.cells)
        self.notebook = new_notebook(metadata=_kernel(released))
        self.notebook.metadata["course"] = from_dict({"findings": []})
        self._note_kernel(nb, released)
        self.owner = [self._claim(cell) for cell in self.cells]
        self._find_given()
        self._find_lost()
        self._drop_duplicates()
        self.cells = [self._mend(cell, owner) for cell, owner in zip(self.cells, self.owner)]
        self._order()
        self._insert_missing()
        _give_ids(self.cells)
        self.notebook.cells = self.cells

    def _note(self, message: str, grade_id: str = "") -> None:
        add_finding(self.notebook, message, exercise_of(grade_id, self.exercises))

    def _note_kernel(self, nb: dict[str, Any], released: NotebookNode) -> None:
        asked = _dictionary(_dictionary(nb.get("metadata")).get("kernelspec")).get("name")
        given = released.metadata.get("kernelspec", {}).get("name")
        if asked and given and asked != given:
            self._note(f"The notebook asked for the kernel {str(asked)[:40]!r}; it was graded with {given!r}.")

    def _claim(self, cell: NotebookNode) -> str | None:
        """Return the grade id that a cell carries, if such a cell was released."""
        claimed = nbgrader_data(cell)
        grade_id = claimed.get("grade_id")
        if isinstance(grade_id, str) and grade_id in self.truth:
            return grade_id
        if claimed.get("grade") and not any(grade_id in cells for cells, _ in self.earlier):
            self._note(f"A cell that claims points under the name {str(grade_id)[:60]!r} belongs to no exercise.")
        return None

    def _find_given(self) -> None:
        """Find the given cells that are as they were released, and may hold what all later cells rest on."""
        for name, true in self.given.items():
            for index, cell in enumerate(self.cells):
                if self.owner[index] is None and cell.cell_type == "code" and _same(cell.source, true.source):
                    self.owner[index] = name
                    break

    def _find_lost(self) -> None:
        """Give cells that lost their metadata the grade id of the released cell that they were."""
        found: list[str] = []
        for grade_id, true in self.truth.items():
            if grade_id in self.owner:
                continue
            free = [index for index, owner in enumerate(self.owner) if owner is None]
            if is_solution(true):
                names = _defined(true.source)
                alike = [index for index in free if names & _defined(self.cells[index].source)]
            else:
                alike = [index for index in free if _same(self.cells[index].source, true.source)]
            if alike:
                self.owner[alike[-1]] = grade_id
                found.append(grade_id)
        if len(found) == 1:
            self._note(f"The cell {found[0]} had lost its nbgrader data; it was found again by its content.", found[0])
        elif found:
            self._note(f"{len(found)} cells had lost their nbgrader data; they were found again by their content.")

    def _drop_duplicates(self) -> None:
        """Of cells with one grade id keep the last answer, the last test and the first of anything else."""
        for grade_id, true in self.truth.items():
            copies = [index for index, owner in enumerate(self.owner) if owner == grade_id]
            graded = is_solution(true) or is_graded(true)
            keep = copies[-1:] if graded else copies[:1]
            for index in copies:
                if index not in keep:
                    self.owner[index] = None
                    if is_skipped(true):
                        self.cells[index].metadata["tags"] = [SKIP_TAG]
            if len(copies) > 1 and graded:
                self._note(
                    f"The cell {grade_id} was there {len(copies)} times. All were run, in the notebook's order, and "
                    "the last one is graded.",
                    grade_id,
                )

    def _mend(self, cell: NotebookNode, grade_id: str | None) -> NotebookNode:
        """Return a submitted cell as it should have come: an answer in its frame, anything else as released."""
        if grade_id is None or grade_id in self.given:
            tags = cell.metadata.get("tags", [])
            return new_cell(cell.cell_type, cell.source, cell.id, {"tags": tags} if tags else {})
        true = self.truth[grade_id]
        mended = from_dict(dict(true, id=cell.id))
        mended.metadata = from_dict(dict(true.metadata))
        if cell.cell_type != true.cell_type:
            self._note(
                f"The cell {grade_id} had become a {cell.cell_type} cell; it is a {true.cell_type} cell again.",
                grade_id,
            )
        if _forged(nbgrader_data(cell), nbgrader_data(true)):
            self._note(
                f"The nbgrader data of the cell {grade_id} had been changed; they are as released again.", grade_id
            )
        if is_graded(true) and is_skipped(cell):
            self._note(
                f"The cell {grade_id} was tagged {SKIP_TAG!r}; the tag was removed and the cell was run.", grade_id
            )
        if is_solution(true):
            mended.source = cell.source
        elif not _same(cell.source, true.source) and not self._was(grade_id, cell.source):
            self._note(f"The text of the cell {grade_id} had been changed; it is as released again.", grade_id)
        return mended

    def _order(self) -> None:
        """Move a test cell that stands above its answer to just below it."""
        for test in self.exercises:
            places = {owner: index for index, owner in enumerate(self.owner) if owner}
            answers = [places[owner] for owner in places if self._answers(owner, test)]
            if test in places and answers and max(answers) > places[test]:
                cell = self.cells.pop(places[test])
                self.owner.pop(places[test])
                self._insert(max(answers), test, cell)
                self._note(f"The test cell {test} stood above its answer; it was moved below it.", test)

    def _insert_missing(self) -> None:
        """Put deleted test cells, and deleted code that others need, back where they belong."""
        for grade_id, true in self.truth.items():
            if grade_id in self.owner or is_solution(true) or true.cell_type != "code":
                continue
            if is_test(true) or not is_skipped(true):
                self._insert(self._place(grade_id), grade_id, from_dict(dict(true)))
                came_later = any(grade_id not in cells for cells, _ in self.earlier)
                why = (
                    "is not in every release of the lab; it was put in"
                    if came_later
                    else "had been deleted; it was put back"
                )
                self._note(f"The cell {grade_id} {why}.", grade_id)
        for name, true in self.given.items():
            if name not in self.owner:
                if (
                    not any(_holds(cell.source, true.source) for cell in self.cells)
                    and not self._has_given_of_earlier()
                ):
                    self._note(f"Given code was changed or deleted; it was run as released too: {cell_name(true)}.")
                self._insert(self._place(name), name, from_dict(dict(true)))

    def _was(self, grade_id: str, text: str) -> bool:
        """Return whether a cell had this text in an earlier release."""
        return any(grade_id in cells and _same(text, cells[grade_id].source) for cells, _ in self.earlier)

    def _has_given_of_earlier(self) -> bool:
        """Return whether all given code of an earlier release is there."""
        return any(
            all(any(_holds(cell.source, true.source) for cell in self.cells) for true in given.values())
            for _, given in self.earlier
        )

    def _place(self, grade_id: str) -> int:
        """Return where a cell that is missing belongs: after all that stood before it, and a test below its answer."""
        place = self.order.index(grade_id)
        earlier, later = self.order[:place], self.order[place + 1 :]
        test = grade_id in self.truth and is_test(self.truth[grade_id])
        before = [
            index
            for index, owner in enumerate(self.owner)
            if owner in earlier or (owner and test and self._answers(owner, grade_id))
        ]
        after = [index for index, owner in enumerate(self.owner) if owner in later]
        position = max(before, default=-1) + 1
        if not test:
            return position
        # An answer that lost its metadata lies somewhere before the next cell.
        return max(position, min(after)) if after else len(self.cells)

    def _answers(self, owner: str, test: str) -> bool:
        return owner in self.truth and is_solution(self.truth[owner]) and exercise_of(owner, self.exercises) == test

    def _insert(self, position: int, grade_id: str, cell: NotebookNode) -> None:
        self.cells.insert(position, cell)
        self.owner.insert(position, grade_id)


def _give_ids(cells: list[NotebookNode]) -> None:
    """Give every cell a valid id of its own; ids that are good stay."""
    taken: set[str] = set()
    for index, cell in enumerate(cells):
        name = cell.get("id")
        if not isinstance(name, str) or name in taken or not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name):
            name = f"cell-{index}"
            while name in taken:
                name += "x"
            cell["id"] = name
        taken.add(name)


def _clean(raw: dict[str, Any]) -> NotebookNode:
    """Return a cell with what matters of a submitted one: type, text, id, tags and nbgrader's data."""
    source = raw.get("source", "")
    if isinstance(source, list):
        source = "".join(map(str, source))
    kind = raw.get("cell_type")
    metadata = _dictionary(raw.get("metadata"))
    cell = new_cell(kind if isinstance(kind, str) and kind in KINDS else "raw", str(source), raw.get("id"))
    tags = metadata.get("tags")
    if isinstance(tags, list):
        kept = [tag for tag in tags if isinstance(tag, str) and re.fullmatch(r"[^,]+", tag)]
        cell.metadata["tags"] = list(dict.fromkeys(kept))
    cell.metadata["nbgrader"] = from_dict(_dictionary(metadata.get("nbgrader")))
    return cell


def _dictionary(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _kernel(released: NotebookNode) -> dict[str, Any]:
    return {key: released.metadata[key] for key in ("kernelspec", "language_info") if key in released.metadata}


def _same(text: str, released: str) -> bool:
    """Return whether two texts agree but for white space at line ends: some tools strip it."""
    lines, released_lines = ([line.rstrip() for line in part.strip().splitlines()] for part in (text, released))
    return lines == released_lines


def _holds(text: str, released: str) -> bool:
    """Return whether a text has all lines that were released, in their order, and perhaps others."""
    lines = iter(line.rstrip() for line in text.splitlines())
    return all(line.rstrip() in lines for line in released.splitlines())


def _defined(source: str) -> set[str]:
    return {name for pair in DEFINED.findall(source) for name in pair if name}


def _forged(claimed: dict[str, Any], true: dict[str, Any]) -> bool:
    """Return whether data that decide what a cell is differ from those released; lost data are another matter.

    Other points are no forgery: they are those of the day on which the student got the lab.
    """
    return any(
        key in claimed and claimed[key] != true.get(key, False) for key in ("grade", "solution", "locked", "task")
    )
