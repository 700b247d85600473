"""The exception for mistakes that a person can mend, printed without a traceback; and that for the grader's own."""


class CourseError(Exception):
    """Says what is wrong, where, and how to mend it."""


class GraderFailure(Exception):
    """The grader could not do its own work on a submission: it is tried again, and never costs a point."""
