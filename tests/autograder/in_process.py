"""An engine for tests of what surrounds a run: it executes the toy's cells in this very process, in milliseconds."""

from nbformat.v4 import new_output

from autograder.engines.base import Incidents, runnable
from autograder.notebooks import verdicts
from autograder.notebooks.cells import is_test, nbgrader_data
from tests.autograder import toy


class InProcess:
    """See ``Engine``."""

    def run(self, nb, limits, folder, prelude, environment):
        """Run a notebook in place; what its cells print is not kept."""
        namespace = {}
        exec(prelude, namespace)
        for number, cell in enumerate(filter(runnable, nb.cells), 1):
            cell.execution_count = number
            if is_test(cell):
                exec(f"verdict = grade({nbgrader_data(cell)['grade_id']!r})", namespace)
                verdicts.put(cell, namespace["verdict"])
                continue
            try:
                exec(cell.source, namespace)
            except Exception as error:
                cell.outputs = [new_output("error", ename=type(error).__name__, evalue=str(error), traceback=[])]
        return Incidents()


def quick_config(classroom):
    """Return the toy's settings with this engine."""
    config = toy.toy_config(classroom)
    config.Execute.update(engine_class=InProcess, submission_timeout=5)
    return config
