"""A class graded in independent pieces: each shard writes its results into a folder, and merging records them all.

Of a shard's folder only the marks are believed, which the machine that graded could not prove anyway: names, links,
sizes and form are checked, and nothing in it says where anything is written.
"""

import contextlib
import json
import re
import shutil
from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema

from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.files import Folder, temporary_folder, write_atomically
from autograder.gradebook_batch import AutoGrades
from autograder.grading import run_result, stamps
from autograder.grading.mended import MendedSubmission, staging_folder
from autograder.grading.origin import origin, require_same
from autograder.grading.outcome import Outcome, Ran
from autograder.grading.pool import Pool
from autograder.grading.run import Grading
from autograder.grading.run_result import Damaged, RunResult, file_name
from autograder.grading.running import prepare
from autograder.grading.submissions import Submission, printable
from autograder.limited import READING, within
from autograder.limits import MEGABYTE
from autograder.words import command

ABOUT, RESULTS = "shard.json", "results"  # in a shard's folder: what it is, and a file for each submission
MOST_SHARDS = 100_000
MOST_ABOUT = MEGABYTE  # bytes that are read of what a shard says about itself
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["shard", "of", "labs", "origin"],
    "properties": {
        "shard": {"type": "integer", "minimum": 1},
        "of": {"type": "integer", "minimum": 1, "maximum": MOST_SHARDS},
        "labs": {"type": "array", "maxItems": 1000, "items": {"type": "string", "maxLength": 200}},
        "origin": {
            "type": "object",
            "maxProperties": 2000,
            "additionalProperties": {"type": "string", "maxLength": 2000},
        },
    },
}


@dataclass(frozen=True, order=True)
class Shard:
    """One of ``of`` pieces of a class, counted from 1."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Return the shard that is written "I/N".

        Raises:
            ValueError: it is written otherwise, or I is not between 1 and N.
        """
        match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
        if match and 1 <= int(match[1]) <= int(match[2]) <= MOST_SHARDS:
            return cls(int(match[1]), int(match[2]))
        raise ValueError(f"{text!r} is no shard; the third of eight is 3/8")

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    @classmethod
    def of_submission(cls, submission: Submission, of: int) -> "Shard":
        """Return the shard that holds a submission: by student and lab alone, the same on every machine."""
        return cls(int(file_name(submission)[:12], 16) % of + 1, of)

    def folder(self, classroom: Classroom) -> Path:
        """Return where the shard writes its results."""
        return classroom.shards / f"{self.number}-of-{self.of}"


class ShardGrading(Grading):
    """Grades a shard: runs are written into its folder, and neither gradebook nor autograded notebooks are touched."""

    def begin(self, shard: Shard, labs: list[str]) -> Path:
        """Return the folder of a shard; results in it of another origin are removed."""
        self.folder = shard.folder(self.classroom)
        came_from = origin(self.classroom, labs, self.engine)
        about = {"shard": shard.number, "of": shard.of, "labs": sorted(labs), "origin": came_from}
        with contextlib.suppress(OSError, ValueError):
            if json.loads((self.folder / ABOUT).read_text(encoding="utf-8")) == about:
                return self.folder
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / RESULTS).mkdir(parents=True)
        write_atomically(self.folder / ABOUT, json.dumps(about, indent=1) + "\n")
        return self.folder

    def staging(self) -> AbstractContextManager[Path]:
        """Return a block with a folder of this machine alone; the classroom may be shared with other machines."""
        return temporary_folder("staged-")

    def prepare(self, lab: str, size: int = 1) -> None:
        """Start the warm server of a lab; the gradebook is left alone."""
        prepare(self.config, lab, size)

    def unchanged(self, submissions: list[Submission]) -> set[Submission]:
        """Return the submissions of which the shard holds a result as they are now."""
        return {submission for submission in submissions if self._is_kept(submission)}

    def _is_kept(self, submission: Submission) -> bool:
        self._stamps[submission] = stamps.new_stamp(self.classroom, submission, self.engine)
        if self.regrade:
            return False
        try:
            result = run_result.from_bytes(
                (self.folder / RESULTS / f"{file_name(submission)}").read_bytes(), submission
            )
        except (OSError, Damaged):
            return False
        return result.stamp == self._stamps[submission] and result.word != "failed"

    def page_is_outdated(self, submission: Submission) -> bool:
        """Return False: a shard has no pages."""
        return False

    def run(self, submission: Submission, staged: Path) -> Ran:
        """Run a submission, and write its run result into a folder."""
        with self._observed(submission, "run"):
            run = partial(self.executed, submission, staged)
            result = run_result.of_run(submission, self._stamps[submission], run)
        shutil.rmtree(staging_folder(staged, submission), ignore_errors=True)
        (staged / file_name(submission)).write_bytes(result.to_bytes())
        earned_elsewhere = AutoGrades(submission.student, submission.lab)
        return Ran(earned_elsewhere, result.word, result.message, result.seconds, result.troubled)

    def record(self, arrived: Sequence[tuple[Submission, Ran | Exception]], staged: Path) -> list[Outcome]:
        """Keep run results in the shard's folder."""
        outcomes = []
        for submission, result in arrived:
            if isinstance(result, Exception):
                outcomes.append(self._failed(submission, result))
                continue
            path = staged / file_name(submission)
            self._keep(submission, path.read_bytes())
            path.unlink()
            outcomes.append(Outcome(submission, result.word, result.message, result.seconds))
        return outcomes

    def _keep(self, submission: Submission, content: bytes) -> None:
        path = self.folder / RESULTS / file_name(submission)
        part = path.with_suffix(".part")
        part.write_bytes(content)
        part.replace(path)

    def _left_open(self, outcome: Outcome) -> Outcome:
        submission = outcome.submission
        self._keep(submission, run_result.failed(submission, self._stamps[submission], outcome.message).to_bytes())
        return outcome

    def feedback(self, outcome: Outcome, plain: bool = False) -> float:
        """Write nothing: feedback is written where shards are merged."""
        return 0.0

    def finish(self, outcome: Outcome, result: float | Exception) -> Outcome:
        """Return the outcome: its run result is the mark that it is done."""
        return outcome


class MergeGrading(Grading):
    """Records what shards hold, as if the submissions had been run here."""

    verb = "merge"

    def begin(self, shards: dict[Shard, Path]) -> None:
        """Name the folders in which results are looked for."""
        self.shards, self.of = shards, next(iter(shards)).of

    def prepare(self, lab: str, size: int = 1) -> None:
        """Prepare recording alone; no submission is run, so no server is started."""
        self._prepare_records(lab)

    def executed(self, submission: Submission, staged: Path) -> tuple[MendedSubmission, bool]:
        """Return a submission as its shard ran it, with its files staged.

        Raises:
            Unreadable, FailedElsewhere: see ``RunResult.executed``.
            Damaged: the shard's file cannot be used.
        """
        with within(READING):
            result = self._checked(submission)
        mended, _ = result.executed(submission, staged)
        return mended, False  # what could be tried again alone was, there

    def _checked(self, submission: Submission) -> RunResult:
        result = self.result(submission)
        run_result.check_notebook(self.config, result)
        return result

    def unusable(self, submissions: list[Submission]) -> dict[Submission, str]:
        """Return the submissions of which the shards hold nothing that can be recorded, with the reason."""

        def check(submission: Submission) -> str:
            try:
                self._checked(submission)
            except Damaged as problem:
                return str(problem)
            return ""

        with Pool(check, max(min(self.jobs, len(submissions)), 1), READING) as pool:
            for submission in submissions:
                pool.add(submission)
            found = {submission: str(reason) for submission, reason in pool.results() if reason}
        return {submission: found[submission] for submission in submissions if submission in found}

    def result(self, submission: Submission) -> RunResult:
        """Return what its shard holds of a submission.

        Raises:
            Damaged: nothing, nothing sound, or a result of something else than what lies in ``DIR/submitted``.
        """
        folder = self.shards.get(Shard.of_submission(submission, self.of))
        if folder is None:
            raise Damaged("its shard is missing")
        try:
            with Folder(folder, RESULTS) as results:
                content = results.read(Path(file_name(submission)), run_result.MOST_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError):
            raise Damaged("its shard holds no file with its result") from None
        except OSError as error:
            raise Damaged(f"its result cannot be read: {error.strerror}") from None
        result = run_result.from_bytes(content, submission)
        if result.stamp != stamps.new_stamp(self.classroom, submission, self.engine):
            raise Damaged("its shard graded something else than what lies here")
        return result


def missing(there: Collection[Shard], of: int, submissions: Iterable[Submission]) -> dict[Shard, list[Submission]]:
    """Return the shards that are not there and hold somebody's submission, with these submissions.

    Args:
        of: number of shards into which the class was divided.
    """
    absent: dict[Shard, list[Submission]] = {}
    for submission in submissions:
        shard = Shard.of_submission(submission, of)
        if shard not in there:
            absent.setdefault(shard, []).append(submission)
    return dict(sorted(absent.items()))


def find_shards(root: Path, paths: Iterable[Path]) -> dict[Shard, tuple[Path, dict[str, Any]]]:
    """Return the shards in some folders, each a shard's own or one that holds several: folder, and what it says.

    Args:
        root: the classroom's folder.

    Raises:
        CourseError: there is none, one is damaged or there twice, or they do not divide the same class alike.
    """
    folders: dict[Path, None] = {}
    for path in paths:
        inside = (
            [path]
            if (path / ABOUT).exists()
            else sorted(below.parent for below in path.glob(f"*/{ABOUT}") if not below.parent.is_symlink())
        )
        if not inside:
            raise CourseError(f"{path}: holds no shard. `{command(root, 'grade --shard I/N')}` writes one.")
        folders.update(dict.fromkeys(folder.resolve() for folder in inside))
    found: dict[Shard, tuple[Path, dict[str, Any]]] = {}
    for folder in folders:
        about = _about(folder)
        shard = Shard(about["shard"], about["of"])
        if shard in found:
            raise CourseError(f"{folder}: shard {shard} is there twice, also in {found[shard][0]}. Give one of them.")
        found[shard] = folder, about
    first, (_, expected) = min(found.items())
    for shard, (folder, about) in sorted(found.items()):
        if (about["of"], about["labs"]) != (expected["of"], expected["labs"]):
            raise CourseError(
                f"{folder}: shard {shard} of {about['labs']} is a piece of another division than shard {first} of "
                f"{expected['labs']}. Merge shards of one division."
            )
    return found


def _about(folder: Path) -> dict[str, Any]:
    try:
        with Folder(folder) as opened:
            about = json.loads(opened.read(Path(ABOUT), MOST_ABOUT))
        jsonschema.validate(about, SCHEMA)
        Shard.parse(f"{about['shard']}/{about['of']}")
        return about
    except (OSError, ValueError, RecursionError, jsonschema.ValidationError) as error:
        why = printable(f"{getattr(error, 'message', error)!s:.200}")
        raise CourseError(
            f"{folder / ABOUT}: damaged, so this shard is refused ({why}). Grade the shard again."
        ) from None


def require_origin(classroom: Classroom, engine: str, found: dict[Shard, tuple[Path, Any]]) -> None:
    """Refuse shards that another grader, secret, lab or engine made.

    Raises:
        CourseError.
    """
    for shard, (folder, about) in sorted(found.items()):
        require_same(
            f"{folder}: shard {shard}",
            about["origin"],
            origin(classroom, about["labs"], engine),
            f"Grade it again where they are the same: {command(classroom.root, f'grade --shard {shard}')}",
        )
