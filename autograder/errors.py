"""The one exception for mistakes that a person can mend; the command line prints it without a traceback."""


class CourseError(Exception):
    """Says what is wrong, where, and how to mend it."""
