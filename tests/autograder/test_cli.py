"""``autograder VERB``: verbs are files, and mistakes that a person can mend are one line."""

import errno
import os
import subprocess
import sys
import tempfile
from unittest.mock import Mock

import pytest

from autograder import cli
from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.settings import load_config
from autograder.undo import Undo

NO_NAME = f"a file in classroom or in {tempfile.gettempdir()} could not be written"
FULL, READ_ONLY = "No space left on device", "Read-only file system"


def test_a_verb_is_one_file(tmp_path, monkeypatch):
    """A new module in commands/ is a new verb, described by its first line after the colon."""
    (tmp_path / "greet.py").write_text('"""``autograder greet``: say hello: politely.\n\nMore.\n"""\n')
    (tmp_path / "__init__.py").write_text("")
    monkeypatch.setattr(cli, "COMMANDS", tmp_path)
    assert cli.verbs() == {"greet": "say hello: politely"}


def test_a_reader_that_ended_stops_a_verb_with_one_line():
    """As `| head` does, whether much was printed or little: no traceback, and the code of a broken pipe."""
    for much in (1, 100_000):
        reading, writing = os.pipe()
        os.close(reading)
        program = f"from autograder import cli; cli._run = lambda _: print('x' * {much}) or 0; exit(cli.main())"
        ended = subprocess.run([sys.executable, "-c", program], stdout=writing, stderr=subprocess.PIPE, text=True)
        os.close(writing)
        assert (ended.returncode, ended.stderr) == (141, f"{cli.UNREAD}\n")


def test_a_pipe_that_broke_elsewhere_keeps_its_traceback(monkeypatch):
    """Only the output's own pipe is a reader that ended."""
    monkeypatch.setattr(cli, "_run", Mock(side_effect=BrokenPipeError))
    with pytest.raises(BrokenPipeError):
        cli.main([])


@pytest.mark.parametrize("verb", ["build", "doctor", "grade", "release", "sample"])
def test_every_verb_explains_itself(verb, capsys):
    """--help of a verb shows its summary and the classroom's option, and the program's own help lists it."""
    with pytest.raises(SystemExit) as ended:
        cli.main([verb, "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert ended.value.code == 0 and cli.verbs()[verb] and cli.verbs()[verb] in text and "--classroom DIR" in text
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    assert cli.verbs()[verb] in " ".join(capsys.readouterr().out.split())


def test_help_imports_no_verb():
    """Listing the verbs takes no second: nbgrader and the frameworks stay unread."""
    code = (
        "import sys; from autograder.cli import verbs; verbs(); "
        "print({'nbgrader', 'torch', 'rich', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (CourseError("mend this"), 2, "autograder: mend this"),
        (KeyboardInterrupt(), 130, "autograder: interrupted; run the same command again to go on."),
        (
            OSError(errno.EROFS, READ_ONLY, "/room/reports"),
            2,
            f"autograder: /room/reports: {READ_ONLY}.",
        ),
        (
            OSError(errno.ENOSPC, FULL, "/room/reports"),
            2,
            f"autograder: /room/reports: {FULL}.",
        ),
        (OSError(errno.ENOSPC, FULL), 2, f"autograder: {NO_NAME}: {FULL}."),
        (FileExistsError(errno.EEXIST, "File exists", "/room"), 2, "autograder: /room: File exists."),
    ],
)
def test_what_stops_a_verb_is_one_line(error, code, line, monkeypatch, capsys):
    """A mistake that a person can mend, and Ctrl-C, end in one line on stderr and an exit code of their own."""

    def run(arguments):
        raise error

    monkeypatch.setattr("autograder.commands.sample.run", run)
    assert cli.main(["sample"]) == code
    assert capsys.readouterr().err == f"{line}\n"


def test_ctrl_c_while_a_verb_is_imported_is_one_line(monkeypatch, capsys):
    """Importing takes seconds, so it often ends there."""
    monkeypatch.setattr(cli, "import_module", Mock(side_effect=KeyboardInterrupt))
    assert cli.main(["sample"]) == 130 and capsys.readouterr().err == f"{cli.INTERRUPTED}\n"


@pytest.mark.parametrize("verb", sorted(set(cli.verbs()) - {"undo"}))
def test_a_build_that_was_killed_is_taken_back_before_any_verb_looks(verb, tmp_path, monkeypatch, capsys):
    """Else it would report, export or grade a classroom that is neither the old one nor the new."""
    classroom = Classroom(tmp_path / "room").create()
    classroom.excused.write_text("{}")
    undo = Undo(classroom, load_config(classroom))
    undo.begin("autograder build", half=True)
    undo.keep(classroom.excused)
    classroom.excused.write_text("half")
    needed = {
        "collect": [__file__],
        "explain": ["ada", "neuron"],
        "export": ["--to", "csv"],
        "release": [str(tmp_path / "bundle")],
    }
    run = Mock(side_effect=lambda args: classroom.excused.read_text() == "{}")
    monkeypatch.setattr(f"autograder.commands.{verb}.run", run)
    assert cli.main([verb, "--classroom", str(classroom.root), *needed.get(verb, [])]) is True
    assert "'autograder build' of " in capsys.readouterr().out and not undo.unsettled


@pytest.mark.parametrize("error", [OSError("odd"), FileNotFoundError(errno.ENOENT, "", "lost"), ValueError("a bug")])
def test_what_nobody_can_mend_keeps_its_traceback(error, monkeypatch):
    """Errors of our own are not made to look like a disk's."""
    monkeypatch.setattr("autograder.commands.sample.run", Mock(side_effect=error))
    with pytest.raises(type(error)):
        cli.main(["sample"])
