"""Hand in every attack beside honest work, grade them all, and say what each attack got: marks, secrets, harm, nothing.

The class is graded by the functions behind ``autograder grade``, in a process that is watched: an attack that stalls or
ends it is found out, and the others go on. With ``stock`` the same files go through ``nbgrader autograde`` with
nbgrader's own ``Execute``.

An attack is a file in ``submissions`` or a function in ``notebooks``. A file's first cell says what it tries; its
header may say ``lab="..."`` (default: Lab 1) or ``everywhere``. Each other header says where its cell goes: ``first``,
``last``, ``replace="exercise"``, ``after="cell"``, or ``solutions``, which replaces every solution. In a cell
``__NAMES__`` stands for the names that the lab's tests ask for, ``__LAB__`` for the lab's name.
"""

import argparse
import base64
import copy
import csv
import hashlib
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import numpy as np
from autograder.authoring.answers import load_answers
from autograder.authoring.build import PUBLIC_SEED, write_notebook
from autograder.authoring.exercise import exercises_of
from autograder.classroom import Classroom
from autograder.engines import variants
from autograder.engines.hidden import hidden_test
from autograder.grading.submissions import printable
from autograder.sandbox import resident
from autograder.settings import PROJECT, load_config
from course_utils.recording import recorded_tests
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from tests.conftest import build_classroom
from tests.sources import GRADED

from .notebooks import ATTACKS, LAB

HERE = Path(__file__).parent
HEADER = re.compile(r"^# %%(?P<roles>.*)$", re.MULTILINE)
ROLE = re.compile(r'(\w+)="([^"]*)"')
LIMITS = {"timeout": 1.0, "submission_timeout": 8.0, "memory_limit": 1500, "output_limit": 100_000, "max_restarts": 1}
KERAS_LIMITS = {**LIMITS, "timeout": 5.0, "submission_timeout": 20.0}  # its first step of training takes a second
STALLED = 60.0  # seconds after which a step of one submission has stalled the grader, on a machine that is idle
STOCK_STALLED = 90.0
NEIGHBOURS = {"torch": ("aa_neighbour", "m_neighbour_half", "zz_neighbour"), "both": ("aa_neighbour", "zz_neighbour")}
OTHER_LABS = tuple(lab for lab in GRADED if lab != LAB)
HONEST_TIMEOUT = 30.0
JOBS = 2


# The attacks


@dataclass(frozen=True)
class Attack:
    """One attack.

    Args:
        tries: one sentence: what it does to earn marks, leak or harm.
        make: function (folder, room) that writes the submission.
        student: name of the student who hands it in.
        lab: the lab that is handed in.
        stock: why it is not run under stock nbgrader, or "".
        allows: what it may get: "inputs" (the hidden inputs with which its own functions were called), "points" (a
            limit that is known and told), or "".
    """

    name: str
    tries: str
    make: object
    student: str
    lab: str = LAB
    stock: str = ""
    allows: str = ""


def attacks():
    """Return all attacks, by name; one that says ``everywhere`` is tried in each lab."""
    found = []
    for path in sorted((HERE / "submissions").glob("*.py")):
        found += _from_file(path)
    for name, (function, facts) in ATTACKS.items():
        found += _attacks(name, function.__doc__, function, facts, facts.get("everywhere"))
    return sorted(found, key=lambda each: each.name)


def _from_file(path):
    text = path.read_text(encoding="utf-8")
    heads = list(HEADER.finditer(text))
    parts = [
        (head["roles"], text[head.end() : end].strip("\n"))
        for head, end in zip(heads, [*(each.start() for each in heads[1:]), len(text)])
    ]
    facts = dict(ROLE.findall(parts[0][0]))
    tries = " ".join(line.lstrip("# ") for line in parts[0][1].splitlines()).strip()

    def make(folder, room):
        notebook = room.notebook("release")
        for roles, source in parts[1:]:
            for _ in range(int(facts.get("repeat", 1))):
                _place(notebook, roles, room.filled(source), room.lab != facts.get("lab", LAB))
        write_notebook(notebook, folder / f"{room.lab}.ipynb")

    return _attacks(path.stem, tries, make, facts, "everywhere" in parts[0][0].split())


def _attacks(name, tries, make, facts, everywhere):
    """Return an attack, and what it is in the other labs where it is tried in each."""
    first = Attack(
        name,
        tries,
        make,
        facts.get("student") or name,
        facts.get("lab", LAB),
        facts.get("stock", ""),
        facts.get("allows", ""),
    )
    others = [(lab, lab.partition("_")[0]) for lab in OTHER_LABS if everywhere]
    return [
        first,
        *(replace(first, name=f"{name} [{short}]", student=f"{name}_{short}", lab=lab) for lab, short in others),
    ]


def _place(notebook, roles, source, elsewhere=False):
    """Put one cell where its header says.

    Args:
        elsewhere: this is another lab than the attack was written for: what is said of single exercises is left out.
    """
    if "[markdown]" in roles:
        text = "\n".join(line[2:] if line.startswith("# ") else line.lstrip("#") for line in source.splitlines())
        cell = nbformat.v4.new_markdown_cell(text)
    else:
        cell = nbformat.v4.new_code_cell(source)
    names = [each.metadata.get("nbgrader", {}).get("grade_id") for each in notebook.cells]
    facts = dict(ROLE.findall(roles))
    if "solutions" in roles.split():
        for each in notebook.cells:
            if each.metadata.get("nbgrader", {}).get("solution"):
                each.source = source
    elif elsewhere and ("replace" in facts or "after" in facts):
        return
    elif "replace" in facts:
        notebook.cells[names.index(f"{facts['replace']}_solution")].source = source
    elif "after" in facts:
        notebook.cells.insert(names.index(facts["after"]) + 1, cell)
    elif "first" in roles.split():
        notebook.cells.insert(0, cell)
    elif "last" in roles.split():
        notebook.cells.append(cell)
    else:
        raise ValueError(f"a cell of an attack says nowhere where it goes: {roles!r}")


# The classroom


class Room:
    """A classroom with attacks, honest neighbours, and secrets planted in every place.

    Args:
        root: an empty folder.
        chosen: the attacks, on Lab 1 alone or on other labs alone.
    """

    def __init__(self, root, chosen):
        self.root, self.attacks = Path(root), chosen
        self.labs = sorted({each.lab for each in chosen})
        self.lab = self.labs[0]  # see ``of``
        self.framework = "torch" if self.labs == [LAB] else "both"
        self.classroom = Classroom(self.root / "classroom")
        self.token = secrets.token_hex(8)
        self.canaries = {
            name: f"canary-{name}-{secrets.token_hex(8)}"
            for name in ("neighbour", "gradebook", "source", "environment", "file", "report")
        }
        self.exfiltrated = []
        self.port = 0

    def build(self):
        """Make the classroom, its secrets and all submissions."""
        with open(os.devnull, "w") as null, redirect_stdout(null):
            build_classroom(self.classroom.root, "--framework", self.framework, labs=self.labs)
        for lab in self.labs:
            source = self.classroom.source / lab / f"{lab}.ipynb"
            os.chmod(source, 0o644)
            (source.parent / "notes.txt").write_text(self.canaries["source"])
        (self.root / "instructor.txt").write_text(self.canaries["file"])
        self.classroom.reports.mkdir(exist_ok=True)
        (self.classroom.reports / "notes.txt").write_text(self.canaries["report"])
        self._gradebook(self.classroom)
        for attack in self.attacks:
            folder = self.classroom.submitted / attack.student / attack.lab
            folder.mkdir(parents=True)
            attack.make(folder, self.of(attack.lab))
        for name, lab in self.neighbours():
            notebook = self.of(lab).notebook("solved")
            if name.endswith("half"):
                wrong = next(
                    each
                    for each in load_answers(PROJECT / "solutions" / "answers" / f"{lab}.py")
                    if each.grade_id == "count_parameters" and not each.right
                )
                cell = next(
                    each
                    for each in notebook.cells
                    if each.metadata.get("nbgrader", {}).get("grade_id") == "count_parameters_solution"
                )
                cell.source = wrong.source
            notebook.cells.append(nbformat.v4.new_markdown_cell(self.canaries["neighbour"]))
            folder = self.classroom.submitted / name / lab
            folder.mkdir(parents=True)
            write_notebook(notebook, folder / f"{lab}.ipynb")

    def neighbours(self):
        """Return the honest submissions: students and labs."""
        return [(name, lab) for name in NEIGHBOURS[self.framework] for lab in self.labs]

    def of(self, lab):
        """Return this room with another lab's notebooks."""
        other = copy.copy(self)
        other.lab = lab
        return other

    def _gradebook(self, classroom):
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{classroom.gradebook}") as gradebook:
            for name in NEIGHBOURS[self.framework]:
                gradebook.update_or_create_student(name, last_name=self.canaries["gradebook"])

    def notebook(self, which):
        """Return the released or the solved notebook."""
        return nbformat.read(getattr(self.classroom, which) / self.lab / f"{self.lab}.ipynb", as_version=4)

    def released(self):
        """Return the released notebook as plain data."""
        return json.loads((self.classroom.release / self.lab / f"{self.lab}.ipynb").read_text(encoding="utf-8"))

    def solved(self):
        """Return the solved notebook as plain data."""
        return json.loads((self.classroom.solved / self.lab / f"{self.lab}.ipynb").read_text(encoding="utf-8"))

    def filled(self, source):
        """Tell an attack what it might know: what is asked for, and where classroom and grader are."""
        for name, value in (("CLASSROOM", str(self.classroom.root)), ("PROJECT", str(PROJECT)), ("PORT", self.port)):
            source = re.sub(rf"\b__{name}__\b", lambda match, value=value: repr(value), source)
        tests = [test for lab, test in recorded_tests().values() if lab == self.lab]
        objects = [test["object"] if isinstance(test["object"], list) else [test["object"]] for test in tests]
        source = source.replace("__NAMES__", repr([name for names in objects for name in names]))
        return source.replace("__LAB__", repr(self.lab)).replace("__TOKEN__", self.token)

    @contextmanager
    def listening(self):
        """Listen on the grader's machine for what an attack might send out."""
        server = socket.create_server(("127.0.0.1", 0))
        self.port = server.getsockname()[1]
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagrams.bind(("127.0.0.1", self.port))
        abstract, named = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        abstract.bind(f"\0attack-{self.token}")
        path = Path(f"/tmp/attack-{self.token}.sock")
        named.bind(str(path))
        os.chmod(path, 0o777)
        over = threading.Event()

        def listen(each, accept):
            each.settimeout(0.2)
            while not over.is_set():
                with suppress(OSError):
                    self.exfiltrated.append(str(each.accept()[1] if accept else each.recv(100)))

        threads = []
        for each, accept in ((server, True), (datagrams, False), (abstract, True), (named, True)):
            if accept and each is not server:
                each.listen()
            threads.append(threading.Thread(target=listen, args=(each, accept), daemon=True))
            threads[-1].start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()
            for each in (server, datagrams, abstract, named):
                each.close()
            path.unlink(missing_ok=True)

    @cached_property
    def secrets(self):
        """What must never be seen: texts by what they are."""
        found = {self.classroom.secret().decode(): "the classroom's secret"}
        found.update({canary: f"a canary of the {name}" for name, canary in self.canaries.items()})
        for case in self.hidden_cases():
            texts = [each for each in case.get("data", {}).values() if isinstance(each, str) and len(each) > 100]
            found.update({text[:60]: "hidden labels" for text in texts})
        public = "".join(
            path.read_text(encoding="utf-8")
            for path in (PROJECT / "course_utils").rglob("*")
            if path.suffix in (".py", ".json")
        )
        public += "".join(cell.source for lab in self.labs for cell in self.of(lab).notebook("release").cells)
        public += "".join(path.read_text(encoding="utf-8") for path in HERE.rglob("*.py"))
        for folder in ("autograder/exercises", "solutions"):
            for path in (PROJECT / folder).glob("*.py"):
                for line in path.read_text(encoding="utf-8").splitlines():
                    line = line.strip()
                    code = not line.startswith(("#", '"', 'f"')) and re.search(r"[=(]", line)
                    if len(line) > 45 and line not in public and code:
                        found[line] = f"source text of {folder}"
        return found

    @cached_property
    def numbers(self):
        """Hidden inputs and expected outputs: what they are by four neighbouring numbers, which tell them from others.

        Zeros and ones tell nothing, four numbers of one decimal stand in many a page, and so do four below a tenth,
        which are looked for with a decimal more. What the recorded cases hold as well is public.
        """

        def quadruples(value, what, digits):
            if isinstance(value, dict):
                for each in value.values():
                    quadruples(each, what, digits)
            elif isinstance(value, (list, tuple)):
                for each in value:
                    quadruples(each, what, digits)
            elif isinstance(value, np.ndarray) and value.dtype.kind == "f":
                flat = [float(each) for each in value.ravel()]
                for place in range(len(flat) - 3):
                    near = flat[place : place + 4]
                    small = all(abs(each) < 0.1 for each in near)
                    four = tuple(round(each, 3 if small else digits) for each in near)
                    if len({*four} - {-1.0, 0.0, 1.0}) > 2 and any(each != round(each, 1) for each in four):
                        found[four] = what

        found = {}
        for what, cases in (
            ("hidden", self.hidden_cases()),
            ("recorded", self.cases(PUBLIC_SEED, "check")),
        ):
            for case in cases:
                quadruples(case["arguments"], f"{what} inputs", 2)
                quadruples(case.get("data", {}), f"{what} inputs", 2)
                quadruples(case.get("expected", {}), f"{what} expected values", 3)
        return {numbers: what for numbers, what in found.items() if what.startswith("hidden")}

    def cases(self, seed, purpose):
        """Return the cases of all tests of the room's labs."""
        return [
            case
            for lab in self.labs
            for exercise in exercises_of(lab)
            for spelling in exercise.spellings
            for case in exercise.test(spelling, seed, purpose)["cases"]
        ]

    def hidden_cases(self):
        """Return the cases of all variants that were drawn here, and those that a submission without a digest gets."""
        usual = [
            hidden_test(str(self.classroom.root), lab, grade_id)["cases"]
            for lab in self.labs
            for exercise in exercises_of(lab)
            for grade_id in exercise.grade_ids()
        ]
        drawn = [variants.read(path.read_bytes()) for path in self.classroom.variants.iterdir()]
        return [case for cases in [*usual, *drawn] for case in cases]

    def leaks(self, text):
        """Return what a text gives away."""
        for token in re.findall(r"[A-Za-z0-9+/=]{24,5000}", text[:5_000_000]):
            with suppress(ValueError):
                text += " " + base64.b64decode(token).decode("ascii")
        found = {what for secret, what in self.secrets.items() if secret in text}
        values = [float(each) for each in re.findall(r"-?\d+\.\d*", text[:5_000_000])]
        for digits in (2, 3):
            rounded = [round(each, digits) for each in values]
            found.update(
                f"{self.numbers[each]} ({' '.join(map(str, each))})"
                for each in zip(rounded, rounded[1:], rounded[2:], rounded[3:])
                if each in self.numbers
            )
        return found

    def snapshot(self):
        """Return a hash of every file of the classroom that grading must leave alone."""
        kept = {}
        for name in ("source", "release", "solved", "submitted", "secret", "classroom.json"):
            path = self.classroom.root / name
            for each in [path] if path.is_file() else sorted(path.rglob("*")):
                if each.is_file() and not each.is_symlink() and each.stat().st_size < 50_000_000:
                    kept[str(each)] = hashlib.sha256(each.read_bytes()).hexdigest()
        return kept


# Grading with the sealed engine


def limits(framework):
    """Return the limits of a submission in a classroom."""
    return LIMITS if framework == "torch" else KERAS_LIMITS


def key(student, lab):
    """Return the name of a submission between the harness and its worker."""
    return f"{student}/{lab}"


def worker(root, keys):
    """Grade some submissions and print a line of JSON as each step begins and ends; runs in a process of its own."""
    from autograder.grading.log import logging_into
    from autograder.grading.run import Grading
    from autograder.grading.submissions import submissions

    classroom = Classroom(root)
    config = load_config(classroom)
    usual = limits(classroom.framework)
    config.Execute.update(usual)

    def tell(name, **facts):
        # One write, short enough for a pipe to take it whole: a worker's line must not fall into another's.
        os.write(sys.stdout.fileno(), json.dumps({"key": name, **facts}).encode() + b"\n")

    def observe(submission, step, event):
        if (step, event) == ("run", "begins"):
            honest = submission.student in NEIGHBOURS[classroom.framework]
            config.Execute.timeout = HONEST_TIMEOUT if honest else usual["timeout"]
        tell(key(submission.student, submission.lab), **{event: step})

    everybody = [submission for lab in classroom.graded_labs() for submission in submissions(classroom, lab)]
    chosen = sorted(
        (submission for submission in everybody if key(submission.student, submission.lab) in keys),
        key=lambda submission: (submission.student, submission.lab),
    )
    for name in set(keys) - {key(submission.student, submission.lab) for submission in chosen}:
        tell(name, word="unreadable", message="left out", seconds=0.0)
    with logging_into(classroom.reports / f"grade-{os.getpid()}.log"):
        for outcome in Grading(classroom, config, jobs=JOBS, observe=observe).outcomes(chosen):
            name = key(outcome.submission.student, outcome.submission.lab)
            tell(name, word=outcome.word, message=outcome.message[:200], seconds=outcome.seconds)
    return 0


def reporter(root):
    """Write the reports and print the summary, as at the end of ``autograder grade``; runs in a process of its own."""
    from autograder.commands.grade import Tally, print_summary, with_progress
    from autograder.grading import report
    from autograder.grading.outcome import Outcome
    from autograder.grading.submissions import submissions

    classroom = Classroom(root)
    config = load_config(classroom)
    results = report.write(classroom, config)
    outcomes = [
        Outcome(submission, "failed", "told")
        for lab in classroom.graded_labs()
        for submission in submissions(classroom, lab)
        if submission.folder.exists()
    ]
    list(with_progress(Console(), outcomes, iter))
    print_summary(Console(force_terminal=True, color_system=None, width=200), results, Tally(outcomes), classroom, 1.0)
    return 0


def run_watched(room, keys):
    """Grade submissions in a watched process; return the outcome of each, and how many seconds it took."""
    outcomes, left = {}, list(keys)
    while left:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.attacks", "--worker", str(room.classroom.root), *left],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={
                **os.environ,
                "SECRET_OF_THE_GRADER": room.canaries["environment"],
                "TMPDIR": room.scratch,
                resident.VARIABLE: "0",
            },
        )
        active = {}  # submissions of which a step has begun and not ended: when it began

        def read(process=process, active=active):
            for line in process.stdout:
                with suppress(ValueError):
                    message = json.loads(line)
                    name = message["key"]
                    if "begins" in message:
                        active[name] = time.monotonic()
                    elif "ends" in message:
                        active.pop(name, None)
                    else:
                        outcomes[name] = message

        reading = threading.Thread(target=read, daemon=True)
        reading.start()
        stalled = None
        while process.poll() is None and stalled is None:
            time.sleep(0.05)
            now, patience = time.monotonic(), STALLED * max(1.0, os.getloadavg()[0] / os.cpu_count())
            stalled = next((name for name, since in list(active.items()) if now - since > patience), None)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        reading.join(5)
        left = [name for name in left if name not in outcomes]
        if left:
            name = stalled or next(iter(active), left[0])
            word = f"stalled the grader for more than {STALLED:g} s" if stalled else "ended the grader"
            outcomes[name] = {"word": word, "message": "", "seconds": STALLED}
            left.remove(name)
    return outcomes


# What an attack got

SUSPECT = re.compile(
    r"<(script|svg|math|i?frame|form|base|meta|link|object|embed|style)|\bon\w+ *=|javascript:|evil|full-credit", re.I
)


class Page(HTMLParser):
    """Collects what in an HTML page would run, fetch or lead away."""

    # Classes with which the formgrader's script saves points, and with which its styles lay a box over the page.
    CONTROLS = frozenset(
        ("full-credit", "no-credit", "mark-graded", "score", "extra-credit", "modal", "navbar-fixed-top")
    )
    RUN = ("script", "iframe", "object", "embed", "base", "form", "link", "frame", "applet", "portal", "animate", "set")

    def __init__(self):
        super().__init__()
        self.found, self._script = [], None

    def handle_starttag(self, tag, attributes):
        if tag in self.RUN or (
            tag == "meta"
            and any(name == "http-equiv" and "refresh" in (value or "").lower() for name, value in attributes)
        ):
            self.found.append(f"<{tag} {sorted(attributes, key=str)}>")
        for name, value in attributes:
            plain = re.sub(r"[\s\x00-\x20]", "", value or "").lower()
            if (
                name.startswith("on")
                or plain.startswith(("javascript:", "vbscript:", "data:text/html"))
                or (
                    name in ("src", "srcset", "background", "poster")
                    and re.match(r"(https?:)?//", plain)
                    and tag != "script"
                )
                or (tag == "a" and name == "href" and not re.match(r"https?://[^/]|mailto:|#|$", plain))
            ):
                self.found.append(f"<{tag} {name}={value!r}>")
            elif name == "style" and ("url(" in plain or re.search(r"margin[^;]*-[.\d]", plain)):
                self.found.append(f"<{tag} style={value!r}>")
            elif name == "class" and self.CONTROLS & set((value or "").split()):
                self.found.append(f"<{tag} class={value!r}>")

    def handle_data(self, data):
        if self.cdata_elem in ("script", "style"):
            self.found.append(f"{self.cdata_elem} {hashlib.sha256(data.encode()).hexdigest()[:12]} {data[:50]!r}")


def dangers(html):
    """Return what in an HTML page would run, fetch or lead away, each with how often."""
    page = Page()
    page.feed(html)
    page.close()
    return set(page.found)


@dataclass
class Result:
    """What one attack got: sentences, none where it was stopped, and in ``known`` what it may get."""

    got: list = field(default_factory=list)
    seconds: float = 0.0
    skipped: str = ""
    known: list = field(default_factory=list)

    @property
    def stopped(self):
        """Whether the attack got nothing."""
        return not self.got


def formgrader_page(path):
    """Return the formgrader's own page of a graded notebook, which shows it to the instructor."""
    from autograder.grading.formgrader import rich_page

    values = {
        "assignment_id": path.stem,
        "notebook_id": path.stem,
        "submission_id": "1",
        "index": 0,
        "total": 1,
        "base_url": "/",
        "student": "student",
        "last_name": "",
        "first_name": "",
        "notebook_path": "x",
        "nonce": "",
    }
    return rich_page(str(path), values)


def marks(room, student, lab):
    """Return the points of a student in a lab by exercise, from the gradebook."""
    from nbgrader.api import Gradebook, MissingEntry

    with Gradebook(f"sqlite:///{room.classroom.gradebook}") as gradebook:
        try:
            notebook = gradebook.find_submission_notebook(lab, lab, student)
        except MissingEntry:
            return {}
        return {grade.name: (grade.score, grade.max_score) for grade in notebook.grades}


def judge(room, attack, usual):
    """Return what one attack got, from everything that grading wrote about its student.

    Args:
        usual: what an honest student's feedback and formgrader pages hold, which is no danger.
    """
    got = []
    scores = marks(room, attack.student, attack.lab)
    total = sum(score for score, _ in scores.values())
    if total:
        got.append(f"{total:g} points: {', '.join(name for name, (score, _) in scores.items() if score)}")
    notebook = room.classroom.autograded / attack.student / attack.lab / f"{attack.lab}.ipynb"
    feedback = room.classroom.feedback / attack.student / attack.lab / f"{attack.lab}.html"
    texts = []
    if notebook.exists():
        data = nbformat.read(notebook, as_version=4)
        shown = [output for cell in data.cells if cell.cell_type == "code" for output in cell.outputs]
        printed = "\n".join(_said(output) for output in shown)
        got += list(dict.fromkeys(line.strip()[:150] for line in printed.splitlines() if line.startswith("GOT:")))[:3]
        texts.append(printed + json.dumps(data.metadata.get("course", {}), ensure_ascii=False))
        if notebook.stat().st_size < 5_000_000 and SUSPECT.search(notebook.read_text(encoding="utf-8")):
            new = dangers(formgrader_page(notebook)) - usual["formgrader"]
            if new:
                got.append(f"runs in the formgrader: {' '.join(sorted(new)[:3])[:200]}")
    if feedback.exists():
        text = feedback.read_text(encoding="utf-8", errors="replace")
        new = dangers(text) - usual["feedback"]
        if new:
            got.append(f"runs in the feedback: {' '.join(sorted(new)[:3])[:200]}")
        texts.append(re.sub(r"<[^>]*>", "", text) if len(text) < 3_000_000 else text)
    given_back = [path.name for path in feedback.parent.rglob("*") if path != feedback]
    if given_back:
        got.append(f"gave back what was handed in: {' '.join(sorted(given_back)[:5])}")
    for path in (notebook, feedback):
        if path.exists() and path.stat().st_size > 30_000_000:
            got.append(f"{path.name} of {path.stat().st_size / 1e6:.0f} MB")
    leaked = sorted(room.leaks("\n".join(texts)))
    got += [f"leaked {what}" for what in leaked if not (attack.allows == "inputs" and what.startswith("hidden inputs"))]
    return got


def _said(output):
    if "text" in output:
        return output.text
    if "traceback" in output:
        return f"{output.ename}: {output.evalue}\n" + "\n".join(output.traceback)
    return "\n".join(value if isinstance(value, str) else json.dumps(value) for value in output.data.values())


def survivors(room):
    """Return processes that attacks left behind."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if f"survivor-{room.token}" in command:
                    found.append((int(folder.name), command[:60]))
                elif "autograder.sandbox.server" in command and f"{room.scratch}/" in command:  # where its socket lies
                    found.append((int(folder.name), "a process of a submission"))
    return found


def litter(room):
    """Return files outside the classroom that attacks made or changed."""
    name = f"pwned-{room.token}"
    places = [
        Path("/tmp"),
        Path("/var/tmp"),
        Path("/dev/shm"),
        Path.home(),
        Path.cwd(),
        PROJECT,
        PROJECT / "course_utils",
        Path(sys.prefix),
        Path("/"),
        Path("/etc"),
        *map(Path, sys.path),
    ]
    found = [
        place / each
        for place in places
        for each in (name, "pwned", f"mailbox-{room.token}", f"{name}.pth", f"{name}.py")
        if (place / each).exists()
    ]
    for place in map(Path, sys.path):
        for each in ("sitecustomize.py", "usercustomize.py"):
            if (place / each).is_file() and room.token in (place / each).read_text(errors="replace"):
                found.append(place / each)
    changed = [
        path
        for path in (PROJECT / "course_utils").rglob("*.*")
        if path.is_file() and path.stat().st_mtime > room.started and room.token in path.read_text(errors="replace")
    ]
    return [str(each) for each in dict.fromkeys([*found, *changed])]


def sealed(room):
    """Grade everything with the sealed engine; return results by attack, and the harm done to the class or machine."""
    room.started, room.scratch = time.time(), tempfile.mkdtemp(prefix="attacks-")
    before = room.snapshot()
    submitted = [*room.neighbours(), *((attack.student, attack.lab) for attack in room.attacks)]
    outcomes = run_watched(room, [key(*submission) for submission in sorted(submitted)])
    harm = []
    for name, lab in room.neighbours():
        total = sum(score for score, _ in marks(room, name, lab).values())
        expected = room_points(room.of(lab)) - (2 if name.endswith("half") else 0)
        word = outcomes[key(name, lab)]["word"]
        if total != expected or word != "graded":
            harm.append(f"{name} has {total:g} of {expected:g} points in {lab} ({word})")
    time.sleep(1)
    harm += [f"a process outlived the run: {command}" for _, command in survivors(room)]
    harm += [f"a file was written: {path}" for path in litter(room)]
    shutil.rmtree(room.scratch, ignore_errors=True)
    after = room.snapshot()
    harm += [f"{path} was changed" for path in before if after.get(path) != before[path]][:5]
    harm += [f"{path} was made" for path in after if path not in before][:5]
    harm += [f"the grader was reached from a submission: {each}" for each in room.exfiltrated]
    usual = {"formgrader": set(), "feedback": set()}
    for name, lab in room.neighbours():
        usual["formgrader"] |= dangers(formgrader_page(room.classroom.autograded / name / lab / f"{lab}.ipynb"))
        usual["feedback"] |= dangers((room.classroom.feedback / name / lab / f"{lab}.html").read_text(encoding="utf-8"))
    results = {}
    for attack in room.attacks:
        outcome = outcomes[key(attack.student, attack.lab)]
        got, known = judge(room, attack, usual), []
        if attack.allows == "points":
            known = [each for each in got if re.match(r"[\d.]+ points: ", each)]
            got = [each for each in got if each not in known]
        if outcome["word"] not in ("graded", "unreadable"):
            got.append(f"{outcome['word']} {outcome['message']}".strip()[:200])
        results[attack.name] = Result(got, outcome["seconds"], known=known)
    harm += reports(room)
    return results, harm


def room_points(room):
    """Return the points of the room's lab."""
    return sum(
        cell.metadata.nbgrader.points
        for cell in room.notebook("release").cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    )


def reports(room):
    """Return what attacks did to the reports and to the instructor's terminal."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.attacks", "--reporter", str(room.classroom.root)],
        cwd=PROJECT,
        capture_output=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        return [f"the reports could not be written: {done.stderr.decode(errors='replace').strip()[-300:]}"]
    harm = []
    said = done.stdout.decode(errors="replace")
    for what, pattern in (
        ("a terminal escape", r"[\x00-\x08\x0b-\x1f\x7f-\x9f]"),
        ("text that turns its direction", r"[\u202a-\u202e\u2066-\u2069]"),
    ):
        for line in said.split("\n"):
            if re.search(pattern, line):
                harm.append(f"{what} reached the terminal: {line.strip()[:120]!r}")
                break
    html = (room.classroom.reports / "index.html").read_text(encoding="utf-8")
    pages = {  # names link to what is there, and to nothing else
        f"<a href={f'../feedback/{page.relative_to(room.classroom.feedback)}'!r}>"
        for page in room.classroom.feedback.glob("*/*/*.html")
    }
    found = sorted(dangers(html) - pages)
    harm += [f"runs in the report: {each[:150]}" for each in found if not each.startswith("style ")]
    for name in ("grades.csv", "exercises.csv"):
        with open(room.classroom.reports / name, newline="", encoding="utf-8") as file:
            for row in csv.reader(file):
                for value in row:
                    if re.match(r"\s*[=+@\t\r-]", value) and not re.fullmatch(r"-?[\d.e+-]+", value):
                        harm.append(f"a formula in {name}: {value[:80]!r}")
    texts = [html, said, *(path.read_text(encoding="utf-8") for path in room.classroom.reports.glob("*.csv"))]
    harm += [f"the reports tell {what}" for what in room.leaks("\n".join(texts))]
    return harm


# Stock nbgrader


STOCK = """c = get_config()
c.CourseDirectory.root = {root!r}
c.Execute.timeout = {timeout}
c.Execute.extra_arguments = [
    "--IPKernelApp.exec_lines=['from course_utils import check', 'from autograder.engines.hidden import grade']",
]
"""


def stock(room, jobs=2, say=lambda attack, result: None):
    """Grade each attack alone with stock ``nbgrader autograde``, unless it would harm; return results by attack."""
    results = {}

    def one(attack):
        if attack.stock:
            return Result(skipped=f"not run: {attack.stock}")
        with suppress_errors():
            return _stock(room, attack)

    with ThreadPoolExecutor(jobs) as pool:
        for attack, result in zip(room.attacks, pool.map(one, room.attacks)):
            results[attack.name] = result
            say(attack, result)
    return results


@contextmanager
def suppress_errors():
    """Let an error of one attack's run be seen, and not end the others."""
    yield


def _stock(room, attack):
    root = room.root / "stock" / re.sub(r"\W", "_", attack.name)  # nbgrader takes brackets for a pattern
    classroom = Classroom(root)
    for name in ("source", "release", "solved"):
        shutil.copytree(room.classroom.root / name, root / name)
    shutil.copyfile(room.classroom.root / "secret", root / "secret")
    shutil.copyfile(room.classroom.gradebook, root / "gradebook.db")
    (root / "nbgrader_config.py").write_text(STOCK.format(root=str(root), timeout=20))
    alone = room.of(attack.lab)
    alone.classroom = classroom
    name = NEIGHBOURS[room.framework][0]
    shutil.copytree(room.classroom.submitted / name, classroom.submitted / name)
    folder = classroom.submitted / attack.student / attack.lab
    folder.mkdir(parents=True)
    attack.make(folder, alone)
    before = alone.snapshot()
    started = time.monotonic()
    process = subprocess.Popen(
        ["nbgrader", "autograde", attack.lab, f"--student={attack.student}", "--log-level=ERROR"],
        cwd=root,
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={
            **os.environ,
            "CLASSROOM": str(root),
            "OMP_NUM_THREADS": "1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "SECRET_OF_THE_GRADER": room.canaries["environment"],
            "HOME": str(root),
            "IPYTHONDIR": str(root / ".ipython"),
        },
    )
    result = Result()
    try:
        errors = process.communicate(timeout=STOCK_STALLED)[1].decode(errors="replace")
        graded = classroom.autograded / attack.student / attack.lab / f"{attack.lab}.ipynb"
        if process.returncode and not graded.exists():
            last = [line for line in errors.strip().splitlines() if line.strip()][-1:]
            result.got.append(f"no grade: {last[0][:120] if last else 'nbgrader failed'}")
    except subprocess.TimeoutExpired:
        result.got.append(f"stalled nbgrader for more than {STOCK_STALLED:g} s")
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    result.seconds = time.monotonic() - started
    solved = room.classroom.solved / attack.lab / f"{attack.lab}.ipynb"
    usual = {"formgrader": dangers(formgrader_page(solved)), "feedback": set()}
    with suppress(Exception):
        result.got = judge(alone, attack, usual) + result.got
    after = alone.snapshot()
    result.got += [f"changed {Path(path).relative_to(root)}" for path in before if after.get(path) != before[path]][:2]
    shutil.rmtree(root, ignore_errors=True)
    return result


# The command line


def main(arguments=None):
    """Run all attacks and print what each got; exit code 0 when the sealed engine stopped all."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("attacks", nargs="*", help="names of attacks (default: all)")
    parser.add_argument(
        "--no-stock", action="store_true", help="leave out stock nbgrader, which takes seconds an attack"
    )
    parser.add_argument("--no-sealed", action="store_true", help="leave out the sealed engine")
    parser.add_argument("--jobs", type=int, default=2, help="runs of stock nbgrader at once")
    parser.add_argument("--keep", metavar="DIR", help="work in this empty folder and keep it")
    parser.add_argument("--worker", metavar="ROOT", help=argparse.SUPPRESS)
    parser.add_argument("--reporter", metavar="ROOT", help=argparse.SUPPRESS)
    args = parser.parse_args(arguments)
    if args.worker:
        return worker(args.worker, args.attacks)
    if args.reporter:
        return reporter(args.reporter)
    import tempfile

    chosen = [each for each in attacks() if not args.attacks or each.name in args.attacks]
    root = Path(args.keep or tempfile.mkdtemp(prefix="attacks-"))
    root.mkdir(parents=True, exist_ok=True)
    results, harm, others, seconds = {}, [], {}, 0.0
    try:
        for room in rooms(root, chosen):
            if not args.no_sealed:
                started = time.monotonic()
                found, done = sealed(room)
                seconds += time.monotonic() - started
                results.update(found)
                harm += done
            if not args.no_stock:
                others.update(stock(room, args.jobs))
        show(chosen, results, harm, others, seconds)
    finally:
        if not args.keep:
            shutil.rmtree(root, ignore_errors=True)
    return 0 if all(each.stopped for each in results.values()) and not harm else 1


def rooms(root, chosen):
    """Yield rooms that are built, for the attacks on Lab 1 and for the others, while each listens."""
    for name, own in (("lab1", True), ("labs", False)):
        if each := [attack for attack in chosen if (attack.lab == LAB) == own]:
            room = Room(Path(root) / name, each)
            room.root.mkdir()
            with room.listening():
                room.build()
                yield room


def show(chosen, results, harm, others, seconds):
    """Print a line for each attack: its name, what it tried, what it got, and what it got under stock nbgrader.

    A terminal that is too narrow shortens what was tried; in a file each line is as long as it needs to be.
    """
    terminal = sys.stdout.isatty()
    console = Console(width=None if terminal else 1000)
    table = Table(box=None, pad_edge=False)
    table.add_column("attack", no_wrap=True)
    columns = [(name, found) for name, found in (("sealed", results), ("stock nbgrader", others)) if found]
    table.add_column("tries", no_wrap=True, max_width=max(20, console.width - 36 - 48 * len(columns)))
    for name, _ in columns:
        table.add_column(name, overflow="fold", max_width=40 if terminal else None)
        table.add_column("s", justify="right", no_wrap=True)
    for attack in chosen:
        row = [attack.name, attack.tries]
        for _, found in columns:
            row += [said(found[attack.name], None if found is results else 60), f"{found[attack.name].seconds:.1f}"]
        table.add_row(*map(escape, row))
    console.print(table)
    for sentence in harm:
        print(f"harm: {printable(sentence)}")
    known = sum(bool(each.known) for each in results.values())
    stopped = sum(each.stopped and not each.known for each in results.values())
    if results:
        print(
            f"sealed: {len(results)} attacks tried, {stopped} stopped, {known} known, {len(harm)} harms, "
            f"in {seconds:.0f} s",
            flush=True,
        )
    if others:
        tried = [each for each in others.values() if not each.skipped]
        print(
            f"stock nbgrader: {len(tried)} attacks tried, {sum(each.stopped for each in tried)} stopped, "
            f"{len(others) - len(tried)} not run, because they would harm"
        )


def said(result, length=None):
    """Return in words what an attack got, each thing cut to a length."""
    found = [*(each[:length] for each in result.got), *(f"{each} (a known limit)" for each in result.known)]
    return printable(result.skipped or "; ".join(found) or "nothing")
