"""The exception for mistakes that a person can mend, which the command line prints without a traceback; and its opposite."""


class CourseError(Exception):
    """Says what is wrong, where, and how to mend it."""


class GraderFailure(Exception):
    """The grader could not do its own work on a submission: it is tried again, and never costs a point."""
