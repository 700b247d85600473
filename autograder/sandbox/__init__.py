"""The sealed engine: every submission in a sandbox of its own, the verdict outside the student's process."""
