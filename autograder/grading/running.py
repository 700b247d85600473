"""Start what the submissions of a lab share, and run one of them within the limits."""

from collections.abc import Callable, Iterable
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.engines.forked import ForkedEngine
from autograder.engines.hidden import draw_ahead, judged_names
from autograder.errors import Busy, CourseError
from autograder.grading.execute import Execute
from autograder.grading.mended import MendedSubmission, mend
from autograder.grading.submissions import Submission, Unreadable
from autograder.limited import READING, OverLimit, within
from autograder.notebooks.cells import cells_with_tests
from autograder.notebooks.released import released_notebook
from autograder.sandbox import host
from autograder.words import command

SMALL_CLASS = 10  # submissions: so few need not a sixth of all variants


def executed(config: Config, submission: Submission, staged: Path) -> tuple[MendedSubmission, bool]:
    """Mend a submission, stage its files and run it beside them; return it, and whether it had trouble: see ``Ran``.

    Args:
        staged: a folder like ``DIR/submitted``.

    Raises:
        Unreadable: there is no notebook to run.
    """
    mended = read_within_limits(config, submission)
    return mended, Execute(config=config).run(mended.notebook, mended.stage(staged))


def read_within_limits(config: Config, submission: Submission) -> MendedSubmission:
    """Read and mend a submission within the limits.

    Raises:
        Unreadable: there is no notebook to run, or none that can be read so.
    """
    try:
        with within(READING):
            return mend(config, submission)
    except OverLimit as limit:
        raise Unreadable(f"the notebook could not be read within the limits: {limit}") from None


def require_judged(root: Path, lab: str, names: Iterable[str]) -> None:
    """Stop before anything is graded where test cells of this course's lab belong to no exercise any more.

    Args:
        root: the classroom's folder.

    Raises:
        CourseError: it says which. Else they would be judged by nothing, and earn nothing.
    """
    known = judged_names(lab)
    if unknown := [name for name in names if known is not None and name not in known]:
        raise CourseError(
            f"{lab} was changed and not built: it has {', '.join(unknown)}, which no exercise defines any more, so "
            f"nothing was graded. Run `{command(root, 'build')}`, or put the exercise back."
        )


def prepare(config: Config, lab: str, size: int = 1, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Start what the submissions of a lab share, before the workers are forked.

    While a warm server starts, this process also draws hidden inputs, unless a class is so small that it needs few.

    Args:
        size: number of submissions.
        meanwhile: what else is to be done while a server starts.

    Raises:
        CourseError: the lab was changed and not built, or submissions cannot be isolated here.
    """
    execute = Execute(config=config)
    engine = execute.new_engine()
    cells = cells_with_tests(released_notebook(config, lab))
    require_judged(Path(CourseDirectory(config=config).root), lab, cells)
    if isinstance(engine, ForkedEngine):
        need = engine.need(cells, execute.limits, execute.classroom)
        host.begin(need)
        meanwhile()
        if engine.sealed and size > SMALL_CLASS:
            for _ in draw_ahead(str(execute.classroom), cells):
                if not host.is_starting(need):
                    break
        try:
            host.server(need)
        except Busy:
            raise
        except CourseError as problem:
            raise CourseError(f"{problem} Or grade without it: --unsafe.") from problem
    else:
        meanwhile()
