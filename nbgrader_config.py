"""Every setting of the course. nbgrader, the formgrader and the autograder all read this file.

The classroom is the folder in the environment variable CLASSROOM (default: ./classroom). `autograder VERB --classroom
DIR` sets it; for nbgrader's own commands set it yourself:  CLASSROOM=DIR nbgrader autograde lab1_perceptron
"""

import os
from pathlib import Path

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ComputeChecksums,
    DeduplicateIds,
    GetGrades,
    IgnorePattern,
    IncludeHeaderFooter,
    InstantiateTests,
    LimitOutput,
    LockCells,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
    SaveCells,
)

from autograder import database, formgrader_patches, nbgrader_patches
from autograder.authoring.stubs import StubbedSolutions
from autograder.grading.converters import ClassAutograde, ClassFeedback, listed_time
from autograder.grading.exchange import Collect, ReleaseFeedback
from autograder.grading.execute import Execute
from autograder.grading.feedback import FeedbackExporter, StudentView
from autograder.grading.formgrader import submission_page
from autograder.grading.repair import Repair

c = get_config()

# -- The place where students get the course ---------------------------------------------------------------------------
# A git repository with the content of `autograder release DEST`, such as "https://github.com/school/labs". Badges and
# the first cell in Colab point there. Empty: no badge, no address.
c.Course.student_repository = ""
# Packages that students may use beside those of the labs, such as ["pandas>=2", "seaborn"]: install them here, too.
c.Course.packages = []

# -- The classroom -----------------------------------------------------------------------------------------------------
classroom = str(Path(os.environ.get("CLASSROOM") or "classroom").resolve())
os.environ["CLASSROOM"] = classroom  # `grade` finds the secret there
c.CourseDirectory.root = classroom
# The gradebook is a file there, or lies in PostgreSQL: `--db ADDRESS`, the variable GRADEBOOK, or an address here, such
# as "postgresql://grader@db.school.edu/course". Leave the password to ~/.pgpass.
gradebook = os.environ.get(database.VARIABLE) or ""
if gradebook:
    c.CourseDirectory.db_url = database.address(gradebook)
    c.CourseDirectory.course_id = "default_course"  # PostgreSQL insists that a lab's course is in its table
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", ".graded.json"]
# nbgrader's exchange, a folder that the people of a JupyterHub share: see docs/jupyterhub.md. Without one, labs go out
# as a bundle and come back into submitted/; a folder that exists keeps the formgrader from asking for one.
exchange = os.environ.get("EXCHANGE") or ""
c.Exchange.root = exchange or classroom
if exchange and not gradebook:
    c.CourseDirectory.course_id = os.environ.get("COURSE") or "default_course"
c.ExchangeCollect.check_owner = os.environ.get("ACCOUNTS") != "0"  # "0": all servers of the hub run under one account
c.ExchangeFactory.collect = Collect
c.ExchangeFactory.release_feedback = ReleaseFeedback

# -- Limits of one submission, with their defaults ---------------------------------------------------------------------
c.Execute.timeout = 60  # seconds that one cell may run
c.Execute.submission_timeout = 600  # seconds that all cells of a submission may run together
c.Execute.memory_limit = 4096  # MB for the process that runs a submission and all that it starts
c.Execute.output_limit = 1_000_000  # characters of output that are kept of one cell
c.Execute.max_restarts = 3  # how often a dead kernel is replaced
c.Execute.server_minutes = 10  # how long the warm server stays for the next grading; 0: it ends with this one
c.Submissions.notebook_limit = 100  # MB that a handed-in notebook may have

# -- Lateness: for a due date and a penalty see nbgrader's documentation -----------------------------------------------
c.Lateness.missing_is_zero = False  # True: what was not handed in has 0 points, not none, before the due date too
c.Lateness.trust_timestamps = False  # True where a tool of yours, and no student, writes timestamp.txt beside notebooks

# -- How labs are made -------------------------------------------------------------------------------------------------
c.ClearSolutions.code_stub = {"python": "...  # YOUR CODE HERE"}  # it parses and runs, so that Run All reaches the end
c.GenerateAssignment.preprocessors = [  # nbgrader's own, but for stubs of the author's own
    IncludeHeaderFooter,
    InstantiateTests,
    LockCells,
    StubbedSolutions,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
    SaveCells,
    ClearHiddenTests,
    ClearMarkScheme,
    ComputeChecksums,
    CheckCellMetadata,
]

# -- How submissions are graded ----------------------------------------------------------------------------------------
c.Autograde.sanitize_preprocessors = [
    Repair,
    ClearOutput,
    DeduplicateIds,
    OverwriteKernelspec,
    OverwriteCells,
    CheckCellMetadata,
]
c.Autograde.autograde_preprocessors = [
    Execute,
    IgnorePattern,
    ClearMetadataPreprocessor,
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
    CheckCellMetadata,
]
c.ClearMetadataPreprocessor.preserve_nb_metadata_mask = {("language_info", "name"), "kernelspec", "course"}
# For nbgrader's own Execute, if somebody prefers it: `check` and `grade` are known from the start.
c.Execute.extra_arguments = [
    "--IPKernelApp.exec_lines=['from course_utils import check', 'from autograder.engines.hidden import grade']",
]

# -- nbgrader's own commands and the formgrader treat submissions as `autograder grade` does --------------------------
nbgrader_patches.use(ClassAutograde, ClassFeedback, listed_time)
formgrader_patches.protect(submission_page)
c.FormgradeExtension.debug = False  # else a page shows all settings, the address of the gradebook among them

# -- Feedback for students: the released text of tests, and what was found ---------------------------------------------
c.GenerateFeedback.preprocessors = [GetGrades, StudentView]
c.GenerateFeedback.exporter_class = FeedbackExporter
c.Course.solutions_in_feedback = False  # True: beside a student's own, when due date and all extensions are over
