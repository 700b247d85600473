"""Contracts with libraries: each test names a private way on which we depend, and what breaks when it changes."""

import inspect
import sys

import jsonschema
import pytest
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat.reader import NotJSONError
from nbformat.v4 import new_code_cell
from nbgrader import preprocessors
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from nbgrader.nbgraderformat import common
from nbgrader.nbgraderformat.v3 import MetadataValidatorV3
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import (
    AssignLatePenalties,
    latesubmissions,
    overwritecells,
    overwritekernelspec,
    saveautogrades,
)
from traitlets.config import Config

from autograder import nbgrader_patches
from autograder.grading.feedback import FeedbackExporter
from autograder.nbgrader_patches import PageExporter, SubmissionAutograde, SubmissionFeedback
from tests.autograder import toy

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own


@pytest.fixture
def unpatched(monkeypatch):
    """nbgrader as it comes; what a test installs is undone."""
    monkeypatch.setattr(common, "jsonschema", jsonschema)


@pytest.fixture
def course(tmp_path, unpatched):
    """The toy lab, built; returns the classroom and its configuration."""
    return toy.make_classroom(tmp_path)


# -- What is replaced -------------------------------------------------------------------------------------------------


def test_nbgrader_validates_metadata_through_its_own_name_of_jsonschema(unpatched):
    """``nbgraderformat.common.jsonschema.validate``: else the schema is checked again at each cell."""
    calls = []
    cell = new_code_cell("", metadata=toy._data("x", grade=True, points=1, cell_type="code"))
    common.jsonschema = type("Spy", (), {"validate": lambda *arguments: calls.append(arguments)})
    MetadataValidatorV3().validate_cell(cell)
    assert len(calls) == 1 and calls[0][0] == cell.metadata.nbgrader and "properties" in calls[0][1]


@pytest.mark.parametrize("points, valid", [(1, True), ("many", False)])
def test_the_kept_validator_agrees_with_jsonschema(unpatched, points, valid):
    """Metadata are refused, and with the same words, just when ``jsonschema.validate`` refuses them."""
    cell = new_code_cell("", metadata=toy._data("x", grade=True, points=points, cell_type="code"))

    def refusal():
        try:
            MetadataValidatorV3().validate_cell(cell)
        except jsonschema.ValidationError as error:
            return error.message
        return None

    expected = refusal()
    nbgrader_patches.install()
    assert refusal() == expected and (expected is None) == valid


@pytest.mark.parametrize("module", [overwritecells, overwritekernelspec, saveautogrades, latesubmissions])
def test_steps_open_the_gradebook_by_a_name_of_their_module(module):
    """``Gradebook`` in each of these modules: else a worker would open the real one, and nothing would be collected."""
    assert module.Gradebook is Gradebook
    stand_in = nbgrader_patches.StandIn(nbgrader_patches.LabCells(None, [], [], [], []))
    with nbgrader_patches.standing_in(stand_in):
        assert module.Gradebook("sqlite://") is stand_in
    assert module.Gradebook is Gradebook


def test_only_these_steps_of_autograding_open_the_gradebook():
    """A step of nbgrader's that opens it under another name would write where only one process may."""
    opened = {
        step.__name__
        for step in vars(preprocessors).values()
        if inspect.isclass(step) and "Gradebook(" in inspect.getsource(sys.modules[step.__module__])
    }
    of_other_commands = {"SaveCells", "GetGrades"}
    assert (
        opened == {"OverwriteCells", "OverwriteKernelspec", "SaveAutoGrades", "AssignLatePenalties"} | of_other_commands
    )


def test_the_stand_in_does_not_know_other_cells():
    """Cells that the lab has not are missing, just as in the gradebook."""
    known = nbgrader_patches.Cell("x")
    stand_in = nbgrader_patches.StandIn(nbgrader_patches.LabCells(None, [known], [known], [known], []))
    for find in (stand_in.find_source_cell, stand_in.find_graded_cell, stand_in.find_grade, stand_in.find_comment):
        assert find("x", "toy", "toy") is not None
        with pytest.raises(MissingEntry):
            find("y", "toy", "toy")


@pytest.mark.parametrize(("score", "expected"), [(5.0, 2.0), (1.0, 1.0)])
def test_late_penalties_are_those_of_the_plugin_within_nbgraders_bounds(score, expected):
    """``AssignLatePenalties`` asks the gradebook for lateness and points, calls the plugin, and writes its answer."""

    class TwoPoints(LateSubmissionPlugin):
        def late_submission_penalty(self, student_id, score, total_seconds_late):
            return 2.0 if total_seconds_late > 10 else None

    step = AssignLatePenalties(config=Config(AssignLatePenalties=Config(plugin_class=TwoPoints)))
    assert nbgrader_patches.late_penalty(step, "ada", "toy", score, 60.0) == expected
    assert nbgrader_patches.late_penalty(step, "ada", "toy", score, 5.0) is None


# -- What is overridden -----------------------------------------------------------------------------------------------

OVERRIDDEN = [
    (BaseConverter, "init_notebooks", [], "a student's name with * or [ would be taken for a pattern"),
    (BaseConverter, "_format_source", ["assignment_id", "student_id"], "no submission would be found"),
    (Autograde, "convert_single_notebook", ["notebook_filename"], "the reason of a failure would be lost"),
    (BaseConverter, "start", [], "the reason of a failure would be lost"),
    (HTMLExporter, "from_notebook_node", ["nb", "resources"], "feedback would take twice as long"),
    (TemplateExporter, "from_notebook_node", ["nb", "resources"], "feedback could not be written"),
    (IPythonRenderer, "block_math", ["body"], "formulas would need a script"),
    (IPythonRenderer, "inline_math", ["body"], "formulas would need a script"),
    (IPythonRenderer, "latex_environment", ["name", "body"], "formulas would need a script"),
    (NotebookClient, "process_message", ["msg", "cell", "cell_index"], "kernel engine: no limit would be looked after"),
    (NotebookClient, "output", ["outs", "msg", "display_id", "cell_index"], "kernel engine: no output would be cut"),
    (NotebookClient, "clear_output", ["outs", "msg", "cell_index"], "kernel engine: cleared output would count"),
    (NotebookClient, "async_wait_for_reply", ["msg_id"], "kernel engine: the prelude could not be run"),
    (NotebookClient, "async_start_new_kernel_client", [], "kernel engine: no kernel could be talked to"),
    (NotebookClient, "reset_execution_trackers", [], "kernel engine: a dead kernel could not be replaced"),
    (InteractiveShell, "_showtraceback", ["etype", "evalue", "stb"], "sandbox: errors would go to the server's stderr"),
    (InteractiveShell, "system_piped", ["cmd"], "sandbox: what shell commands print would be lost"),
    (InteractiveShell, "init_history", [], "sandbox: a history file would be shared by submissions"),
    (InteractiveShell, "enable_gui", ["gui"], "sandbox: %matplotlib would fail"),
    (DisplayHook, "write_output_prompt", [], "sandbox: results would be printed"),
    (DisplayHook, "write_format_data", ["format_dict", "md_dict"], "sandbox: results would be lost"),
    (DisplayHook, "finish_displayhook", [], "sandbox: results would be printed"),
    (DisplayPublisher, "publish", ["data", "metadata"], "sandbox: figures would be lost"),
    (DisplayPublisher, "clear_output", ["wait"], "sandbox: cleared output would stay"),
]


@pytest.mark.parametrize(
    "owner, name, parameters, breaks", OVERRIDDEN, ids=[f"{owner.__name__}.{name}" for owner, name, *_ in OVERRIDDEN]
)
def test_methods_that_we_override_take_what_we_expect(owner, name, parameters, breaks):
    """A library's method that ours replaces, or that ours calls, still has that name and those parameters."""
    assert hasattr(owner, name), breaks
    names = list(inspect.signature(getattr(owner, name)).parameters)
    assert names[1 : len(parameters) + 1] == parameters, breaks


@pytest.mark.parametrize("converter", [SubmissionAutograde, SubmissionFeedback])
def test_a_student_s_name_is_no_pattern(tmp_path, converter):
    """``BaseConverter.assignments``: folders and their notebooks, where nbgrader itself would look for a pattern."""
    config = Config(CourseDirectory=Config(root=str(tmp_path)))
    course = CourseDirectory(config=config, student_id="[a]*", assignment_id="toy")
    made = converter(coursedir=course, config=config)
    made.init_notebooks()
    [(folder, notebooks)] = made.assignments.items()
    assert folder.endswith("/[a]*/toy") and notebooks == [f"{folder}/toy.ipynb"]
    assert issubclass(converter, (Autograde, GenerateFeedback))


def test_the_error_that_stopped_autograding_is_raised(course):
    """nbgrader writes an error into its log and raises one that says nothing; ours raises the first."""
    classroom, config = course
    toy.hand_in(classroom, "ada", b"no notebook")
    directory = CourseDirectory(config=config, student_id="ada", assignment_id=toy.LAB)
    with pytest.raises(NotJSONError):
        SubmissionAutograde(coursedir=directory, config=config, force=True).start()


def test_the_last_step_of_the_exporter_is_left_out(monkeypatch):
    """``HTMLExporter.from_notebook_node`` parses the whole page again; our template needs nothing of that."""
    monkeypatch.setattr(TemplateExporter, "from_notebook_node", lambda self, nb, resources=None, **more: (nb, more))
    assert PageExporter().from_notebook_node("page", None, a=1) == ("page", {"a": 1})
    assert issubclass(PageExporter, HTMLExporter)


def test_our_template_outranks_the_one_that_nbgrader_sets():
    """A section of a subclass outranks that of ``HTMLExporter``, where nbgrader names a template of its own."""
    config = Config(HTMLExporter=Config(template_name="feedback"))
    assert FeedbackExporter(config=config).template_name == "course_feedback"


def test_formulas_reach_the_renderer():
    """``MarkdownWithMath`` takes formulas out of Markdown and gives them to the renderer's methods."""
    seen = []

    class Renderer(IPythonRenderer):
        def block_math(self, body):
            seen.append(("block", body))
            return ""

        def inline_math(self, body):
            seen.append(("inline", body))
            return ""

        def latex_environment(self, name, body):
            seen.append((name, body))
            return ""

    MarkdownWithMath(renderer=Renderer(escape=False)).render("$a$\n\n$$b$$\n\n\\begin{align}c\\end{align}")
    assert seen == [("inline", "a"), ("block", "b"), ("align", "c")]
