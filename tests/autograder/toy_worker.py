"""Stands in for what grades, in processes that tests start: with the toy's settings and the quick engine.

``dask worker --preload tests.autograder.toy_worker`` lets a worker grade the toy. Run as a module it is the grading
process of such a worker, or with arguments the command line.
"""

import os
import sys

from autograder import cli
from autograder.commands import grade, merge
from autograder.grading import cluster, cluster_worker, origin
from tests.autograder.in_process import quick_config

cluster_worker.COMMAND = [sys.executable, "-m", "tests.autograder.toy_worker"]

if __name__ == "__main__":
    for module in (cluster_worker, grade, merge):
        module.load_config = quick_config
    cluster.SLACK, cluster.PATIENCE = 15.0, float(os.environ.get("PATIENCE", 20))
    if "ANOTHER_VERSION" in os.environ:
        origin.grader_hash = lambda: os.environ["ANOTHER_VERSION"]
    if sys.argv[1:]:
        sys.exit(cli.main(sys.argv[1:]))
    cluster_worker.main()
