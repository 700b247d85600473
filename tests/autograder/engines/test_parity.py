"""Honest work is untouched: sealed, plain and stock nbgrader give the same scores and findings on all known answers.

Notebook number i holds the i-th known answer to every exercise, so that few notebooks hold them all. They need minutes
nevertheless: the usual run takes each lab's first, which is right in everything, and every sixth, and gives one a lab
to stock nbgrader, which needs seconds for each; ``make parity`` gives all of them to all.

Each engine draws random numbers of its own, so that two can only agree where chance decides nothing: see
``make fairness``. What could still differ does so in each run, since the classroom's secret and the libraries' seeds
are the same ones: no run fails by bad luck.
"""

import contextlib
import copy
import json
import linecache
import os
import re
from collections import defaultdict

import pytest
from nbformat.v4 import new_code_cell
from nbgrader.preprocessors import Execute as StockExecute

from autograder.authoring.answers import load_answers
from autograder.authoring.sample_class import _solution_cells
from autograder.engines.hidden import grade
from autograder.grading.execute import Execute
from autograder.notebooks import verdicts
from autograder.notebooks.cells import cells_with_tests, submission_digest
from autograder.settings import PROJECT, load_config
from course_utils.recording import recorded_tests
from tests.autograder.sealing import needs_sandbox
from tests.conftest import read

FILES = sorted((PROJECT / "solutions" / "answers").glob("*.py"))


def by_exercise(path):
    """Return the known answers of a lab: a mapping from grade ids to lists, right ones first."""
    answers = defaultdict(list)
    for answer in load_answers(path):
        answers[answer.grade_id].append(answer)
    return answers


NOTEBOOKS = [(path.stem, number) for path in FILES for number in range(max(map(len, by_exercise(path).values())))]
SEEDS = {"np": "np.random.seed(0)", "torch": "torch.manual_seed(0)", "tf": "tf.random.set_seed(0)"}
MIXED = 5  # each lab's notebook of this number holds right and wrong answers
ALL = os.environ.get("PARITY") == "all"
COMPARED = NOTEBOOKS if ALL else [pair for pair in NOTEBOOKS if pair[1] == 0 or pair[1] % 6 == MIXED]
STOCK = NOTEBOOKS if ALL else [pair for pair in NOTEBOOKS if pair[1] == MIXED]


def notebook(room, lab, number):
    """Return the instructor's notebook with the answers of one number, and the names of these answers by grade id."""
    nb = read(room.source / lab / f"{lab}.ipynb")
    names = {}
    for grade_id, answers in by_exercise(PROJECT / "solutions" / "answers" / f"{lab}.py").items():
        if number < len(answers):
            cells = _solution_cells(nb, grade_id)
            for cell in cells:
                cell.source = ""
            cells[-1].source = answers[number].source
            names[grade_id] = answers[number].name
    imports = [index for index, cell in enumerate(nb.cells[:5]) if re.match(r"(import|from) ", cell.source)]
    libraries = " ".join(nb.cells[index].source for index in imports)
    seeds = [seed for name, seed in SEEDS.items() if re.search(rf"import .*\b{name}\b", libraries)]
    nb.cells.insert(imports[-1] + 1, new_code_cell("\n".join(seeds)))
    return nb, names


def results(nb, names):
    """Return what a graded notebook says of each answer: score, status, message and diagnosis."""
    cells = cells_with_tests(nb)
    return {f"{grade_id}-{name}": _facts(verdicts.read(cells[grade_id])) for grade_id, name in names.items()}


def _facts(verdict):
    told = verdict.score, verdict.status, verdict.diagnosis
    judged = recorded_tests()[verdict.exercise][1]["judge"]  # may name what was drawn at random: "you drop 53%"
    return told if judged else (*told, verdict.message)


def graded(room, nb, engine, folder):
    """Return a graded copy of a notebook.

    Args:
        engine: "sealed", "plain", "kernel", or "stock" for nbgrader's own Execute.
    """
    nb, config = copy.deepcopy(nb), load_config(room)
    place = {"metadata": {"path": str(folder)}}
    if engine == "stock":
        config.Execute.timeout = 60
        StockExecute(config=config).preprocess(nb, place)
    else:
        Execute(config=config, engine=engine).preprocess(nb, place)
    return nb


def in_process(room, nb, names):
    """Run a notebook's cells in this process, and return what ``grade`` says of each answer at its test cell."""
    namespace, found = {}, {}
    for number, cell in enumerate(nb.cells):
        data = cell.metadata.get("nbgrader", {})
        if data.get("grade"):
            if data["grade_id"] in names:
                verdict = grade(data["grade_id"], namespace, str(room.root), submission_digest(nb))
                found[f"{data['grade_id']}-{names[data['grade_id']]}"] = _facts(verdict)
        elif cell.cell_type == "code" and "skip-execution" not in cell.metadata.get("tags", []):
            file = f"<cell {number}>"
            linecache.cache[file] = (len(cell.source), None, cell.source.splitlines(True), file)
            with contextlib.suppress(Exception):  # as in a notebook, the next cell runs
                exec(compile(cell.source, file, "exec"), namespace)
    return found


def other_findings(nb):
    """Return what was found outside test cells."""
    return json.loads(json.dumps(nb.metadata.get("course", {}).get("findings", [])))


def differences(one, other):
    """Return what two engines say differently, by answer."""
    return {name: (one.get(name), other.get(name)) for name in {*one, *other} if one.get(name) != other.get(name)}


def test_every_answer_stands_in_a_notebook(built):
    """Together the notebooks hold every known answer once."""
    held = [(lab, *item) for lab, number in NOTEBOOKS for item in notebook(built, lab, number)[1].items()]
    known = [(path.stem, each.grade_id, each.name) for path in FILES for each in load_answers(path)]
    assert sorted(held) == sorted(known)


@pytest.mark.slow
@needs_sandbox
@pytest.mark.parametrize(("lab", "number"), COMPARED)
def test_sealed_plain_and_in_process_agree(built, tmp_path, lab, number):
    """The sealed engine, the plain one, and ``grade`` in the same process give the same scores and findings."""
    nb, names = notebook(built, lab, number)
    sealed, plain = (graded(built, nb, engine, tmp_path) for engine in ("sealed", "plain"))
    assert differences(results(sealed, names), results(plain, names)) == {}
    assert other_findings(sealed) == other_findings(plain)
    assert differences(results(sealed, names), in_process(built, nb, names)) == {}


@pytest.mark.slow
@needs_sandbox
@pytest.mark.filterwarnings("ignore")  # nbgrader's own
@pytest.mark.parametrize(("lab", "number"), STOCK)
def test_stock_nbgrader_agrees(built, tmp_path, monkeypatch, lab, number):
    """nbgrader's own Execute, with ``check`` and ``grade`` in its kernel, gives the same scores and findings."""
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    nb, names = notebook(built, lab, number)
    monkeypatch.setenv("SUBMISSION", submission_digest(nb))
    sealed, stock = (graded(built, nb, engine, tmp_path) for engine in ("sealed", "stock"))
    assert differences(results(sealed, names), results(stock, names)) == {}
