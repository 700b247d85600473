"""What nbgrader needs to know on a student's server; it knows nothing of the classroom."""

import os

c = get_config()

c.Exchange.root = os.environ["EXCHANGE"]
c.CourseDirectory.course_id = os.environ["COURSE"]
# nbgrader takes the name of the system's account; on a hub without accounts, that of the hub.
c.CourseDirectory.student_id = os.environ["JUPYTERHUB_USER"]
