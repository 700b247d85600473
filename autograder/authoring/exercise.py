"""The definition of an exercise: one for NumPy, PyTorch and TensorFlow alike.

*By value*: ``draw`` makes inputs, ``oracle`` computes the right outputs with NumPy, each mistake a typical wrong
one. *By property*: a judge looks at what the probe returns. Inputs that cannot tell the oracle and all mistakes
apart are drawn again; when that does not help, the build fails.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from autograder.errors import CourseError
from course_utils.frameworks import LABELS
from course_utils.judging.assess import TOLERANCES
from course_utils.recording import decode, encode

APART = 100  # the oracle and all mistakes differ pairwise by this many tolerances (of float32)
ATTEMPTS = 200


@dataclass(frozen=True)
class Mistake:
    """A typical wrong result and the hint that it earns.

    Args:
        result: function from a case's inputs to the wrong outputs, a dictionary such as the oracle's (a part suffices).
            Where it raises ValueError the mistake does not even run: shapes do not fit.
        spellings: the spellings to which it applies ("numpy", "torch", "tensorflow"); empty means all.
    """

    name: str
    hint: str
    result: Callable[[dict], dict]
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Spelling:
    """How one library spells the exercise: the object that the student defines, and the probe that asks it.

    Args:
        arguments: function from a case's inputs to the probe's arguments.
        outputs: the oracle's outputs that are compared.
    """

    object: str | tuple[str, ...]
    probe: str
    arguments: Callable[[dict], dict]
    outputs: tuple[str, ...] = ("output",)


@dataclass(frozen=True)
class Exercise:
    """One exercise in all its spellings.

    Args:
        spellings: mapping from "numpy", "torch", "tensorflow" or "torch+tensorflow" to its spelling.
        draw: function from a random generator to a list of cases, each (part, inputs).
        oracle: function from a case's inputs to the right outputs; None for an exercise by property.
        judge: by property: name of a function in ``course_utils.judging``, or a function of this package for ``grade``
            alone, in which case ``check_judge`` names the one that students get.
        self_study: what a check's data hold in addition for people who learn alone, such as a quiz's keys.
    """

    name: str
    title: str
    spellings: dict[str, Spelling]
    draw: Callable[[np.random.Generator], list]
    oracle: Callable[[dict], dict] | None = None
    mistakes: tuple[Mistake, ...] = ()
    judge: str | Callable | None = None
    check_judge: str | None = None
    solution_parts: tuple[str, ...] = field(default=())
    self_study: dict = field(default_factory=dict)

    def grade_id(self, spelling):
        """Return the exercise's name in the gradebook for one spelling."""
        return f"{self.name}_{spelling}" if len(self.spellings) > 1 else self.name

    def grade_ids(self):
        """Return a mapping from grade ids to spellings."""
        return {self.grade_id(spelling): spelling for spelling in self.spellings}

    def label(self, spelling):
        """Return the name that messages use, such as ``dense (PyTorch)``."""
        return f"{self.name} ({LABELS[spelling]})" if len(self.spellings) > 1 else self.name

    def needs(self, spelling):
        """Return the frameworks without which a spelling cannot run."""
        return [framework for framework in ("torch", "tensorflow") if framework in spelling]

    def test(self, spelling, seed, kind):
        """Return the description of one test (see ``course_utils.judging.assess``) with cases drawn from a seed.

        Args:
            seed: bytes; the same bytes draw the same cases.
            kind: "check" for what students get, "grade" for the hidden test.

        Raises:
            CourseError: the inputs cannot tell a mistake from the right result or from another one.
        """
        way = self.spellings[spelling]
        wrong = [each for each in self.mistakes if not each.spellings or spelling in each.spellings]
        entropy = int.from_bytes(hashlib.sha256(seed + b"/" + self.name.encode()).digest()[:16], "big")
        for attempt in range(ATTEMPTS):
            drawn = [
                (part, decode(encode(inputs))) for part, inputs in self.draw(np.random.default_rng([entropy, attempt]))
            ]
            cases = [self._case(way, part, inputs, wrong) for part, inputs in drawn]
            twins = self._twins(cases, wrong) if self.oracle else None
            if twins is None:
                break
        else:
            raise CourseError(
                f"exercise {self.name!r} ({spelling}): in {ATTEMPTS} draws the inputs cannot tell "
                f"{twins[0]} and {twins[1]} apart; draw more varied inputs, or drop one of the two."
            )
        judge = self.check_judge if kind == "check" and self.check_judge else self.judge
        return {
            "grade_id": self.grade_id(spelling),
            "label": self.label(spelling),
            "title": self.title,
            "object": way.object if isinstance(way.object, str) else list(way.object),
            "probe": way.probe,
            "needs": self.needs(spelling),
            "judge": judge,
            "cases": cases,
            "hints": {each.name: each.hint for each in wrong},
        }

    def _case(self, way, part, inputs, wrong):
        case = {"part": part, "arguments": way.arguments(inputs)}
        if not self.oracle:
            return {**case, "data": inputs}
        right = self.oracle(inputs)
        case["expected"] = {name: np.asarray(right[name]) for name in way.outputs}
        case["mistakes"] = {each.name: self._outputs(each, inputs, way) for each in wrong}
        return case

    @staticmethod
    def _outputs(mistake, inputs, way):
        try:
            result = mistake.result(inputs)
        except ValueError:
            return {}
        return {name: np.asarray(result[name]) for name in way.outputs if name in result}

    def _twins(self, cases, wrong):
        """Return the names of two results that lie too close to each other on all cases, or None."""
        expected = [case["expected"] for case in cases]
        first = next(iter(expected[0]))
        results = {
            "the right result": expected,
            "all zeros": [{first: np.zeros_like(case[first])} for case in expected],
        }
        results.update((each.name, [case["mistakes"][each.name] for case in cases]) for each in wrong)
        names = list(results)
        for position, one in enumerate(names):
            for other in names[position + 1 :]:
                if _distance(results[one], results[other]) < APART:
                    return one, other
        values = np.concatenate([np.ravel(case[first]).astype(float) for case in expected])
        middle = [{first: np.full(np.shape(case[first]), (values.min() + values.max()) / 2)} for case in expected]
        return ("the right result", "a constant") if _distance(expected, middle) < APART else None


def _distance(one, other):
    """Return how far two results lie apart over all cases, in float32 tolerances; infinite where shapes differ.

    An empty result stands for code that cannot run: infinitely far from a result, and equal to another empty one.
    """
    farthest = 0.0
    for left, right in zip(one, other):
        if bool(left) != bool(right):
            return np.inf
        for name in set(left) & set(right):
            if left[name].shape != right[name].shape:
                return np.inf
            a, b = left[name].astype(float), right[name].astype(float)
            allowed = TOLERANCES["float32"] * max(np.max(np.abs(a), initial=0), np.max(np.abs(b), initial=0), 1e-12)
            farthest = max(farthest, float(np.max(np.abs(a - b), initial=0) / allowed))
    return farthest
