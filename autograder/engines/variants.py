"""Hidden cases that were drawn once and are kept in the classroom, in a folder that no sandbox sees.

Drawing the tests of a lab takes some 70 ms, reading them one. A file that cannot be read, or is not whole, is drawn
again; one that cannot be written is drawn each time.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np

from autograder.classroom import Classroom
from autograder.settings import PROJECT
from course_utils.protocol import Case
from course_utils.recording import decode, encode


def stored_cases(classroom: Classroom, seed: bytes, grade_id: str, draw: Callable[[], list[Case]]) -> list[Case]:
    """Return the cases of one variant, which are drawn where they are not kept.

    What was drawn is read back from its bytes, so that it is the same as what later calls read.

    Args:
        seed: of the variant, made from the classroom's secret.
    """
    path = classroom.variants / variant_name(seed, grade_id)
    with contextlib.suppress(OSError, ValueError):
        return read(path.read_bytes())
    data = json.dumps(encode(draw(), exact=True)).encode()
    data = hashlib.sha256(data).hexdigest().encode() + b"\n" + data
    with contextlib.suppress(OSError):
        _write(path, data)
    return read(data)


def variant_name(seed: bytes, grade_id: str) -> str:
    """Return the name of a variant's file: other code, another secret or another variant have another one."""
    return hashlib.sha256(b"\0".join((_code_digest(), seed, grade_id.encode()))).hexdigest()


def read(data: bytes) -> list[Case]:
    """Return the cases that a file holds.

    Raises:
        ValueError: it is not whole.
    """
    digest, _, text = data.partition(b"\n")
    if hashlib.sha256(text).hexdigest().encode() != digest:
        raise ValueError("a variant is not whole")
    cases: list[Case] = decode(json.loads(text))
    return cases


def _write(path: Path, data: bytes) -> None:
    """Put a file in its place at once, readable by the owner alone; others may write the same one meanwhile."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor, part = tempfile.mkstemp(dir=path.parent)  # made with mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.replace(part, path)
    except BaseException:
        os.unlink(part)
        raise


@lru_cache(maxsize=1)
def _code_digest() -> bytes:
    """Return a digest of all that decides what is drawn."""
    digest = hashlib.sha256(np.__version__.encode())
    folders = [PROJECT / name for name in ("autograder/exercises", "autograder/authoring", "course_utils")]
    for path in sorted(path for folder in folders for path in folder.rglob("*.py")):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.digest()
