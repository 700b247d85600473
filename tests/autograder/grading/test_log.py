"""The log: what libraries say while a class is graded stands in a file and nowhere else."""

import logging
import warnings

from autograder.grading.log import logger, logging_into


def test_messages_go_into_the_file_and_warnings_nowhere(tmp_path, capsys):
    """A message with its error is in the file; the terminal stays clean."""
    path = tmp_path / "reports" / "grade.log"
    with logging_into(path):
        warnings.warn("nobody reads this", stacklevel=1)
        logging.getLogger("alembic").info("a table was made")
        logger.error("ada/toy: could not be graded", exc_info=OSError("disk full"))
    text = path.read_text(encoding="utf-8")
    assert "INFO a table was made" in text and "ERROR ada/toy" in text and "OSError: disk full" in text
    assert capsys.readouterr() == ("", "")


def test_the_loggers_are_as_before_afterwards(tmp_path):
    """Handlers, levels and propagation come back, after an exception too; the next log starts anew."""
    before = (logger.handlers[:], logger.level, logger.propagate)
    for text in ("first", "second"):
        try:
            with logging_into(tmp_path / "grade.log"):
                logger.info(text)
                raise KeyboardInterrupt
        except KeyboardInterrupt:
            pass
    assert (logger.handlers, logger.level, logger.propagate) == before
    assert "first" not in (tmp_path / "grade.log").read_text()


def test_a_full_disk_is_one_line_and_no_traceback(tmp_path, capsys):
    """Each message would be a traceback of twenty lines."""
    path = tmp_path / "grade.log"
    path.symlink_to("/dev/full")
    with logging_into(path):
        logger.error("ada/toy: could not be graded")
        logger.error("bob/toy: could not be graded")
    assert capsys.readouterr().err == f"{path} is not whole: No space left on device.\n"
