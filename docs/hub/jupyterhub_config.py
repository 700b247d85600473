"""What a JupyterHub needs to know of this course: `load_subconfig` in the hub's own configuration takes it over.

The folders are told by the environment in which the hub starts; the defaults are only an example.
"""

import os
from pathlib import Path

c = get_config()

PROJECT = os.environ.get("PROJECT", "/srv/course")  # this repository
CLASSROOM = os.environ.get("CLASSROOM", "/srv/classroom")  # made by `autograder build --classroom`
EXCHANGE = os.environ.get("EXCHANGE", "/srv/nbgrader/exchange")  # a folder into which all may write
COURSE = os.environ.get("COURSE", "deep_learning")  # the course's name in the exchange
ACCOUNTS = os.environ.get("ACCOUNTS", "1")  # "0" where the servers of all people run under one account
INSTRUCTORS = set(os.environ.get("INSTRUCTORS", "instructor").split(","))


def set_up(spawner) -> None:
    """Tell a person's server where the course is: the classroom for an instructor, the exchange alone for a student."""
    spawner.environment = {**spawner.environment, "EXCHANGE": EXCHANGE, "COURSE": COURSE}
    if spawner.user.name in INSTRUCTORS:
        spawner.environment |= {"CLASSROOM": CLASSROOM, "ACCOUNTS": ACCOUNTS, "JUPYTER_CONFIG_PATH": PROJECT}
        spawner.notebook_dir = CLASSROOM
    else:
        spawner.environment |= {"JUPYTER_CONFIG_PATH": str(Path(PROJECT) / "docs" / "hub" / "students")}


c.Spawner.pre_spawn_hook = set_up
c.Spawner.default_url = "/lab"
