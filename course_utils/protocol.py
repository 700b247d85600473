"""The dictionaries that exercises, probes and judges exchange.

A *test* describes one test cell. Its probe is asked once for each *case* and sends back a *reply*. The build writes
each test as a *recorded* one, whose cases a student's check replays.
"""

from collections.abc import Callable
from typing import Any, NotRequired, TypedDict

import numpy as np

from .remarks import Remark
from .verdict import Assessment

Arrays = dict[str, np.ndarray]  # outputs by name


class Case(TypedDict):
    """One input of a test, and what is expected of it.

    Args:
        part: the part of the exercise that it belongs to; a part earns its share when all of its cases are right.
        arguments: keyword arguments of the probe.
        expected: by value: the right outputs.
        compared: by value: the names of the outputs that decide about the part; all where it is missing.
        mistakes: by value: the outputs of each mistake, by its name; empty where the mistake does not even run.
        data: by property: what the judge needs to know.
    """

    part: str
    arguments: dict[str, Any]
    expected: NotRequired[Arrays]
    compared: NotRequired[list[str]]
    mistakes: NotRequired[dict[str, Arrays]]
    data: NotRequired[dict[str, Any]]


class Error(TypedDict):
    """An exception that a student's code raised: its type, its text, and the line of the notebook."""

    type: str
    message: str
    line: str


class Reply(TypedDict, total=False):
    """What a probe sends back: ``missing``, ``unusable``, ``error``, or ``values`` with ``notes``.

    Args:
        missing: the notebook has no object of that name.
        unusable: the remark that says why there is nothing to judge.
        values: outputs by name; None for what is not finished.
        notes: remarks about what is right in value.
        code: remarks about the code itself, for a result that is wrong or an error.
    """

    missing: bool
    unusable: Remark
    error: Error
    values: dict[str, Any]
    notes: list[Remark]
    code: list[Remark]


# (name or names of the student's objects, probe, keyword arguments for each case) -> as many replies.
Ask = Callable[[str | list[str], str, list[dict[str, Any]]], list[Reply]]


class Test(TypedDict):
    """The description of one test cell.

    Args:
        label: the name that messages use, such as "A dense layer (DenseTorch)".
        object: the name of the student's object, or several.
        needs: the frameworks without which it cannot run.
        judge: by property: name of a function in ``course_utils.judging``, or a function; None by value.
        hints: the hint of each mistake, by its name.
        stub: where students get broken code to mend: the diagnosis of that code, untouched.
        ask: how a judge reaches the student's objects again; set by ``assess``.
    """

    grade_id: str
    label: str
    title: str
    object: str | list[str]
    probe: str
    needs: list[str]
    judge: "str | Judge | None"
    cases: list[Case]
    hints: dict[str, str]
    stub: NotRequired[str]
    ask: NotRequired[Ask]


class Recorded(Test):
    """A test as ``course_utils/recorded`` holds it, with the points of its cell."""

    points: float


# (test, replies, whether a message may quote expected values) -> assessment
Judge = Callable[[Test, list[Reply], bool], Assessment]
