"""Text from a student's process, made fit to be written to a file and to be shown."""


def storable(value: object) -> str:
    """Return text that can be written to a file as UTF-8; what is no text becomes an empty one."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def harmless(value: object) -> str:
    """Return text with a space for each character that a terminal obeys, or that hides or turns other text."""
    return "".join(char if char.isprintable() or char in "\n\t" else " " for char in storable(value))
