"""Limits that more than one part of grading keeps to, each defined once."""

MEGABYTE = 2**20  # bytes
GRACE = 2.0  # seconds between an interrupt and the kill of a process that ignores it
WAITING = 4  # a cell is stopped after this many times its limit where it does not compute but wait
MOST_FILES = 2000  # files beside a notebook that are kept
MOST_FILE_BYTES = 50 * MEGABYTE  # of all these files together
