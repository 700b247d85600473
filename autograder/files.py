"""Writing files so that no reader ever sees half of one."""

from pathlib import Path


def write_atomically(path: Path, text: str) -> None:
    """Replace a file by one with this text, or leave it as it was when writing fails."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
