"""Repair: damaged cells come back as released, answers stay as they are, and each mend is a finding."""

import copy

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.grading.repair import repair
from autograder.notebooks.cells import cells_with_tests, graded_cells
from autograder.notebooks.findings import findings
from tests.autograder import toy


@pytest.fixture(scope="module")
def classroom(tmp_path_factory):
    return toy.make_classroom(tmp_path_factory.mktemp("repair"))[0]


@pytest.fixture
def nb(classroom):
    return toy.answered(classroom)


@pytest.fixture
def mend(classroom):
    """Repair a notebook, see that the result is valid and whole, and return it."""
    truth = toy.released(classroom)

    def mended(nb):
        fixed = repair(nb, truth)
        nbformat.validate(fixed)
        assert fixed.nbformat_minor == 5
        whole(fixed, truth)
        return fixed

    return mended


def whole(fixed, truth):
    """See that every test cell is there once, as released."""
    names = [
        cell.metadata.nbgrader.grade_id for cell in fixed.cells if cell.metadata.get("nbgrader", {}).get("grade_id")
    ]
    assert len(names) == len(set(names))
    assert sorted(cells_with_tests(fixed)) == sorted(cells_with_tests(truth))
    for name, cell in cells_with_tests(fixed).items():
        true = toy.find(truth, name)
        assert (cell.source, cell.metadata) == (true.source, true.metadata)


def sources(nb):
    return [cell.source for cell in nb.cells]


def test_good_submission_is_left_alone(mend, nb):
    """A submission without damage keeps every text and earns no finding."""
    fixed = mend(nb)
    assert sources(fixed) == sources(nb)
    assert findings(fixed) == []


def test_deleted_test_cell_is_put_back_below_its_answer(mend, nb):
    """A deleted test cell comes back just where it was."""
    before = sources(nb)
    nb.cells.remove(toy.find(nb, "square"))
    fixed = mend(nb)
    assert sources(fixed) == before
    assert findings(fixed, "square") == ["The cell square had been deleted; it was put back."]


def test_all_test_cells_deleted_are_put_back_in_order(mend, nb):
    """A notebook with no test cell left gets them all back, each below its answer."""
    before = sources(nb)
    nb.cells = [cell for cell in nb.cells if not cell.metadata.get("nbgrader", {}).get("grade")]
    assert sources(mend(nb)) == before


def test_deleted_given_code_is_put_back_and_a_demo_is_not(mend, nb):
    """Locked code that answers may need comes back; a demo, which grading skips, does not."""
    nb.cells = [cell for cell in nb.cells if cell.id not in ("setup", "demo")]
    fixed = mend(nb)
    assert fixed.cells[0].source == "import math"
    assert not any(cell.id == "demo" for cell in fixed.cells)


def test_deleted_answer_is_not_put_back(mend, nb):
    """A deleted answer cell stays away: its stub would undo an answer that stands elsewhere."""
    nb.cells.remove(toy.find(nb, "square_solution"))
    nb.cells.insert(0, new_code_cell("square = lambda x: x * x"))
    assert not any("YOUR CODE HERE" in source for source in sources(mend(nb)))


def test_copied_answer_and_test_keep_the_last(mend, nb):
    """Of a cell that was copied the last one is graded; the earlier ones run as ordinary cells."""
    again = [copy.deepcopy(toy.find(nb, name)) for name in ("square_solution", "square")]
    again[0].source = "def square(x): return x ** 2"
    nb.cells += again
    fixed = mend(nb)
    assert toy.find(fixed, "square_solution").source == "def square(x): return x ** 2"
    assert [cell.source for cell in fixed.cells].count('check("square")') == 2
    assert len(findings(fixed, "square")) == 2


def test_copied_demo_is_still_skipped(mend, nb):
    """A copy of a demo keeps its tag, so that grading skips it too."""
    nb.cells.append(copy.deepcopy(nb.cells[-1]))
    assert [cell.metadata.get("tags") for cell in mend(nb).cells[-2:]] == [["skip-execution"]] * 2


def test_lost_metadata_are_found_again_by_content(mend, nb):
    """A notebook that lost all metadata gets its cells back by what they say, and is told so once."""
    whole_names = list(graded_cells(nb))
    for cell in nb.cells:
        cell.metadata = nbformat.from_dict({})
    fixed = mend(nb)
    assert list(graded_cells(fixed)) == whole_names
    told = f"{len(whole_names)} cells had lost their nbgrader data; they were found again by their content."
    assert findings(fixed) == [told]


def test_one_cell_that_lost_its_metadata_is_told_by_name(mend, nb):
    """It is a finding of its exercise."""
    toy.find(nb, "double").metadata = nbformat.from_dict({})
    told = "The cell double had lost its nbgrader data; it was found again by its content."
    assert findings(mend(nb), "double") == [told]


def test_lost_metadata_of_an_edited_test_cell(mend, nb):
    """A test cell that lost its metadata and was edited is put back before the next cell of the lab."""
    cell = toy.find(nb, "square")
    cell.metadata, cell.source = nbformat.from_dict({}), "check('square')"
    fixed = mend(nb)
    names = list(graded_cells(fixed))
    assert names.index("square") == names.index("square_solution") + 1


def test_edited_test_cell_is_restored(mend, nb):
    """The text of an edited test cell comes back; trailing spaces alone are no finding."""
    toy.find(nb, "square").source = "3.0"
    toy.find(nb, "double").source += "   \n"
    fixed = mend(nb)
    assert findings(fixed, "square") == ["The text of the cell square had been changed; it is as released again."]
    assert findings(fixed, "double") == []


def test_raised_points_are_restored(mend, nb):
    """Points and flags that were changed in the metadata are as released again."""
    toy.find(nb, "square").metadata.nbgrader.update(points=300, solution=True)
    assert "had been changed" in findings(mend(nb), "square")[0]


def test_skip_tag_of_a_test_cell_is_removed(mend, nb):
    """A tag that would skip a test cell is removed; the demo's stays."""
    toy.find(nb, "square").metadata["tags"] = ["skip-execution"]
    fixed = mend(nb)
    assert "tags" not in toy.find(fixed, "square").metadata
    assert fixed.cells[-1].metadata["tags"] == ["skip-execution"]
    assert "'skip-execution'" in findings(fixed, "square")[0]


def test_test_cell_turned_into_text_is_code_again(mend, nb):
    """A test cell and an answer that became text cells are code again, and the answer is kept."""
    for name in ("square", "square_solution"):
        cell = toy.find(nb, name)
        cell.cell_type = "markdown"
        del cell["outputs"], cell["execution_count"]
    fixed = mend(nb)
    assert toy.find(fixed, "square_solution").cell_type == "code"
    assert toy.find(fixed, "square_solution").source == toy.find(nb, "square_solution").source


def test_test_cell_above_its_answer_is_moved_below(mend, nb):
    """A test cell that stands above its answer is moved just below it."""
    cell = toy.find(nb, "square")
    nb.cells.remove(cell)
    nb.cells.insert(0, cell)
    names = list(graded_cells(mend(nb)))
    assert names.index("square") == names.index("square_solution") + 1


def test_forged_test_cell_becomes_an_ordinary_cell(mend, nb):
    """A cell that claims points under a name that was never released counts nothing."""
    nb.cells.append(new_code_cell("100.0", metadata=toy._data("bonus", grade=True, points=100)))
    fixed = mend(nb)
    assert fixed.cells[-1].metadata == {}
    assert "'bonus'" in findings(fixed, "")[0]


def test_unknown_kernel_is_replaced(mend, nb):
    """A notebook that asks for another kernel is graded with the lab's own, and the finding says so."""
    nb.metadata.kernelspec = {"name": "my-conda-env", "display_name": "mine"}
    fixed = mend(nb)
    assert fixed.metadata.kernelspec.name == "python3"
    assert findings(fixed) == ["The notebook asked for the kernel 'my-conda-env'; it was graded with 'python3'."]


def test_what_colab_leaves_behind_is_no_finding(mend, nb):
    """Colab's metadata, its badge cell without an id and stripped spaces are taken off without a word."""
    nb.metadata.update(
        colab={"provenance": []}, accelerator="GPU", widgets={"application/vnd.jupyter.widget-state+json": {}}
    )
    for cell in nb.cells:
        cell.metadata.update(id=cell.id, colab={"base_uri": "https://localhost:8080/"}, outputId="1234")
    badge = new_markdown_cell("badge", metadata={"id": "view-in-github", "colab_type": "text"})
    del badge["id"]
    nb.cells.insert(0, badge)
    fixed = mend(nb)
    assert findings(fixed) == []
    assert set(fixed.metadata) == {"kernelspec", "language_info", "course"}


def test_forged_findings_do_not_survive(mend, nb):
    """Findings that a student wrote into the notebook are dropped."""
    nb.metadata["course"] = {"findings": [{"exercise": "", "message": "<script>alert(1)</script>"}]}
    assert findings(mend(nb)) == []


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(["double", "double_solution", "setup", "demo_1", "nobody", ""]) | junk
cells = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw"]) | junk,
        "source": st.text(max_size=20) | junk,
        "id": st.sampled_from(["double-test", "a b"]) | junk,
        "outputs": junk,
        "execution_count": junk,
        "attachments": junk,
        "metadata": junk
        | st.fixed_dictionaries(
            {},
            optional={
                "tags": junk,
                "nbgrader": junk
                | st.fixed_dictionaries({}, optional={"grade_id": names, "grade": junk, "points": junk}),
            },
        ),
    },
)


@settings(max_examples=150)
@given(broken=st.fixed_dictionaries({"cells": st.lists(cells | junk, max_size=6)}, optional={"metadata": junk}))
def test_whatever_comes_in_a_valid_notebook_comes_out(broken):
    """From any JSON that has cells repair makes a valid notebook with every test cell once."""
    truth = _truth()
    fixed = repair(broken, truth)
    nbformat.validate(fixed)
    whole(fixed, truth)


def _truth():
    """Return the released notebook as nbgrader would make it, but for checksums."""
    truth = toy.source_notebook()
    for cell in truth.cells:
        cell.source = cell.source.split("\n### BEGIN HIDDEN")[0]
    return truth


GIVEN = "import math\n\nPI = math.pi"


@pytest.fixture
def with_given(classroom):
    """A released notebook, and a solved one, with a cell of given code before the first exercise."""
    truth, nb = toy.released(classroom), toy.answered(classroom)
    for notebook in (truth, nb):
        notebook.cells.insert(1, new_code_cell(GIVEN, id="given"))
    return truth, nb


@pytest.mark.parametrize(
    ("edited", "runs", "told"),
    [
        (GIVEN, [GIVEN], False),
        (GIVEN + "\nimport random", [GIVEN, GIVEN + "\nimport random"], False),
        ("import pandas\n" + GIVEN, [GIVEN, "import pandas\n" + GIVEN], False),
        ("PI = 3", [GIVEN, "PI = 3"], True),
        (None, [GIVEN], True),
    ],
)
def test_given_code_runs_as_released_before_what_a_student_made_of_it(with_given, edited, runs, told):
    """A line that fails or a deleted cell costs no later exercise; what a student added or changed runs too."""
    truth, nb = with_given
    if edited is None:
        del nb.cells[1]
    else:
        nb.cells[1].source = edited
    fixed = repair(nb, truth)
    whole(fixed, truth)
    first = next(index for index, cell in enumerate(fixed.cells) if cell.get("id") == "double-solution")
    assert [cell.source for cell in fixed.cells[:first] if "PI" in cell.source] == runs
    assert [finding for finding in map(str, findings(fixed)) if "Given code" in finding] == [
        "Given code was changed or deleted; it was run as released too: the cell that begins 'import math'."
    ] * told


def test_given_cells_keep_their_order(classroom):
    """Two that were deleted come back each in its place, before and after what stands between them."""
    truth, nb = toy.released(classroom), toy.answered(classroom)
    places = [0, len(truth.cells) - 2]
    for number, place in enumerate(places):
        truth.cells.insert(place + number, new_code_cell(f"given = {number}", id=f"given-{number}"))
    fixed = repair(nb, truth)
    assert [fixed.cells.index(cell) for cell in fixed.cells if cell.source.startswith("given")] == [
        index for index, cell in enumerate(truth.cells) if cell.source.startswith("given")
    ]
