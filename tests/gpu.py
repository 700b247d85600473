"""``python -m tests.gpu``: judge right answers and run the solved labs as on a runtime with a GPU.

Each right answer that needs PyTorch is judged as it stands, and in notebooks that chose the GPU, TF32 or half precision
for all that follows. A GPU that is there is used; without one the choice of device is left out, and the last line says
so. TensorFlow is judged where it is installed.
"""

import argparse
import contextlib
import io
import re
import sys
import time
import warnings
from collections.abc import Iterator
from typing import Any

from course_utils.checks import run_test
from course_utils.frameworks import installed, roundings
from course_utils.verdict import Verdict
from tests.autograder.authoring.test_answers import (
    ANSWERS,
    EXAMS,
    LABS,
    exercise_of,
    lab_source,
    namespace_with,
    recorded,
)

SECRET = b"gpu"
HIDDEN = re.compile("### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS", re.DOTALL)
TENSORFLOW = re.compile(r"\b(tf|keras)\.")  # some answers to a NumPy exercise borrow from it
PASSED = ("passed", "answered")
SLOW = (*EXAMS, "ablation")  # trainings, which may use a GPU as they like


def choices() -> dict[str, dict[str, Any]]:
    """Return what a notebook may choose, by its name: values of settings, of PyTorch or of its ``fp32_precision``."""
    import torch

    found: dict[str, dict[str, Any]] = {
        "as it stands": {},
        "TF32": {"set_float32_matmul_precision": "medium"},
        "TF32 by operation": {"fp32_precision": "tf32"},
        "float16": {"set_default_dtype": torch.float16},
        "bfloat16": {"set_default_dtype": torch.bfloat16},
        "float64": {"set_default_dtype": torch.float64},
    }
    if torch.cuda.is_available():
        found["GPU"] = {"set_default_device": "cuda"}
        found["GPU, TF32"] = {"set_default_device": "cuda", "set_float32_matmul_precision": "medium"}
    return found


@contextlib.contextmanager
def chosen(choice: dict[str, Any]) -> Iterator[None]:
    """Let a notebook make a choice, and take it back."""
    import torch

    defaults = {
        "set_default_device": None,
        "set_float32_matmul_precision": torch.get_float32_matmul_precision(),
        "set_default_dtype": torch.get_default_dtype(),
    }
    rounded = [(operation, operation.fp32_precision) for operation in roundings(torch.backends)]
    of_all = {key: value for key, value in choice.items() if key in defaults}
    try:
        for setting, value in of_all.items():
            getattr(torch, setting)(value)
        if "fp32_precision" in choice:
            for operation, _ in rounded:
                operation.fp32_precision = choice["fp32_precision"]
        yield
    finally:
        for setting in of_all:
            getattr(torch, setting)(defaults[setting])
        for operation, before in rounded:
            operation.fp32_precision = before


def judged(lab: str, answer: Any, choice: dict[str, Any]) -> list[str]:
    """Return what check and grade say against a right answer under a choice: nothing, where all is well."""
    exercise, spelling = exercise_of(lab, answer.grade_id)
    tests = {"check": recorded(lab, answer.grade_id), "grade": exercise.test(spelling, SECRET, "grade")}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        namespace = namespace_with(lab, answer)  # its cells run before, the choice holds for what they define
        with chosen(choice):
            verdicts = {kind: run_test(kind, test, 10, namespace) for kind, test in tests.items()}
    return [f"{kind}: {each.message}" for kind, each in verdicts.items() if each.score < 10]


def run_lab(name: str, framework: str, choice: dict[str, Any]) -> list[str]:
    """Run every cell of a solved lab, figures and trainings too; return the checks that fail and the errors."""
    from IPython.core.interactiveshell import InteractiveShell

    shell, troubles = InteractiveShell(), []
    with chosen(choice):
        for number, cell in enumerate(lab_source(name).notebook(framework).cells):
            if cell.cell_type != "code":
                continue
            begin, told = time.perf_counter(), io.StringIO()
            with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
                ran = shell.run_cell(HIDDEN.sub("", cell.source))
            seconds = time.perf_counter() - begin
            if ran.error_before_exec or ran.error_in_exec:
                troubles.append(f"cell {number}: {ran.error_before_exec or ran.error_in_exec!r}")
            if cell.metadata.get("nbgrader", {}).get("grade") and not isinstance(ran.result, Verdict):
                troubles.append(f"cell {number}: no verdict")
            if isinstance(ran.result, Verdict) and ran.result.status not in PASSED:
                troubles.append(f"cell {number}: {ran.result.message}")
            if seconds > 25:
                troubles.append(f"cell {number}: took {seconds:.0f} s")
    return troubles


def can_run(answer: Any, lab: str) -> bool:
    """Tell whether the frameworks that an answer needs are here."""
    exercise, spelling = exercise_of(lab, answer.grade_id)
    return all(map(installed, exercise.needs(spelling))) and (
        installed("tensorflow") or not TENSORFLOW.search(answer.source)
    )


def report_answers(name: str, choice: dict[str, Any], labs: list[str]) -> int:
    """Judge all right answers of some labs under a choice, print what is not green, and return how many that are."""
    judging = [
        (lab, answer)
        for lab, answer in ANSWERS
        if lab in labs and answer.right and answer.grade_id not in SLOW and can_run(answer, lab)
    ]
    bad = 0
    for lab, answer in judging:
        troubles = judged(lab, answer, choice)
        bad += bool(troubles)
        for trouble in troubles:
            print(f"{name}: {answer.grade_id} {answer.name}: {trouble}", flush=True)
    print(f"{name}: {len(judging)} right answers, {bad} not green", flush=True)
    return bad


def main() -> bool:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lab", default="", help="only labs whose name begins so")
    parser.add_argument("--no-labs", action="store_true", help="judge answers alone, run no lab")
    arguments = parser.parse_args()
    labs = [lab for lab in LABS if lab.startswith(arguments.lab)]
    bad = sum(report_answers(name, choice, labs) for name, choice in choices().items())
    framework = "both" if installed("tensorflow") else "torch"
    for lab in [] if arguments.no_labs else labs:
        for name in [each for each in ("as it stands", "GPU") if each in choices()]:
            begin = time.perf_counter()
            troubles = run_lab(lab, framework, choices()[name])
            bad += bool(troubles)
            print(f"{name}: {lab} solved, {time.perf_counter() - begin:.0f} s: {troubles or 'no error'}", flush=True)
    print(f"{bad} not green; {'on a GPU' if 'GPU' in choices() else 'no GPU was seen'}")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
