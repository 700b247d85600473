"""The definition of an exercise: one for NumPy, PyTorch and TensorFlow alike.

*By value*: ``draw`` makes inputs, ``right`` computes the right outputs with NumPy, each mistake a typical wrong one.
*By property*: a judge looks at what the probe returns. Inputs that cannot tell the right result and all mistakes apart
are drawn again; when that does not help, the build fails.
"""

import hashlib
import inspect
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from importlib import import_module
from itertools import combinations
from typing import Any, Literal

import numpy as np

from autograder.errors import CourseError
from course_utils.judging.agreement import TOLERANCES
from course_utils.protocol import Arrays, Case, Judge, Test
from course_utils.recording import decode, encode

APART = 100  # the right result and all mistakes differ pairwise by this many tolerances (of float32)
ATTEMPTS = 200
MOST_NAMES = 2  # of objects that stand beside a title

Inputs = dict[str, Any]  # a case's inputs by name
_Measured = dict[str, tuple[np.ndarray, float]]  # by output: the values, and the largest size among them
Drawn = Iterable[tuple[str, Inputs]]  # cases: the part that each belongs to, and its inputs


@dataclass(frozen=True)
class Mistake:
    """A typical wrong result and the hint that it earns.

    Args:
        result: a function as ``Exercise.right`` is; it may return a part of the outputs.
            Where it raises ValueError the mistake does not even run: shapes do not fit.
        spellings: the spellings to which it applies ("numpy", "torch", "tensorflow"); empty means all.
    """

    name: str
    hint: str
    result: Callable[..., Any]
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Spelling:
    """How one library spells the exercise: the object that the student defines, and the probe that asks it.

    Args:
        object: its name, or the names of several.
        arguments: the probe's keyword arguments: names of inputs, or a function of named inputs that returns them.
        returns: names of the outputs that are compared.
    """

    object: str | tuple[str, ...]
    probe: str
    arguments: tuple[str, ...] | Callable[..., dict[str, Any]] = ()
    returns: tuple[str, ...] = ("output",)

    def probe_arguments(self, inputs: Inputs) -> dict[str, Any]:
        """Return what the probe is called with for one case."""
        if callable(self.arguments):
            return call(self.arguments, inputs)
        return chosen(self.arguments, inputs)

    def outputs(self, result: Any) -> Arrays:
        """Return a result's outputs by name.

        Args:
            result: an array is the first output, a tuple all of them in the order of ``returns``, a dictionary some of
                them by name; what is not compared is dropped.

        Raises:
            CourseError: a tuple of another length.
        """
        if isinstance(result, tuple):
            if len(result) != len(self.returns):
                raise CourseError(f"{len(result)} values are returned for {', '.join(self.returns)}")
            result = dict(zip(self.returns, result))
        elif not isinstance(result, dict):
            result = {self.returns[0]: result}
        return {name: np.asarray(result[name]) for name in self.returns if name in result}


@dataclass(frozen=True)
class Exercise:
    """One exercise in all its spellings.

    ``right`` and the results of mistakes are functions of named inputs: they get those inputs of a case that their
    parameters name (all of them with ``**inputs``), floats in float64, and return outputs as ``Spelling.outputs``
    says. ``partial(right, rate=1)`` is such a function too, with one input replaced.

    Args:
        spellings: mapping from "numpy", "torch", "tensorflow" or "torch+tensorflow" to its spelling.
        draw: function from a random generator to cases, each (part, inputs by name).
        right: function of named inputs that returns the right outputs; None for an exercise by property.
        judge: by property: name of a function in ``course_utils.judging``, or a function of this package for ``grade``
            alone, in which case ``check_judge`` names the one that students get.
        self_study: what a check's data hold in addition for people who learn alone, such as a quiz's keys.
        parts: mapping from a part to the outputs that its cases compare, and that ``right`` must return there; all of
            them where it is not named.
        stubs: mapping from spellings to the diagnosis of the author's own stub, where students get broken code to mend:
            the name of a mistake, of the type of error that the code raises, or of the diagnosis of a remark.
        off: mapping from spellings to the group of library calls that are switched off, since they compute what is
            asked for: a name in ``course_utils.switched_off.GROUPS``. The exercise's text must say so.
    """

    name: str
    title: str
    spellings: dict[str, Spelling]
    draw: Callable[[np.random.Generator], Drawn]
    right: Callable[..., Any] | None = None
    mistakes: Sequence[Mistake] = ()
    judge: str | Judge | None = None
    check_judge: str | None = None
    solution_parts: tuple[str, ...] = ()
    self_study: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stubs: dict[str, str] = field(default_factory=dict)
    off: dict[str, str] = field(default_factory=dict)

    def grade_id(self, spelling: str) -> str:
        """Return the exercise's name in the gradebook for one spelling."""
        return f"{self.name}_{spelling}" if len(self.spellings) > 1 else self.name

    def grade_ids(self) -> dict[str, str]:
        """Return a mapping from grade ids to spellings."""
        return {self.grade_id(spelling): spelling for spelling in self.spellings}

    def label(self, spelling: str) -> str:
        """Return the name that messages use, such as ``A dense layer (DenseTorch)``; of many objects no names."""
        defined = self.spellings[spelling].object
        names = [defined] if isinstance(defined, str) else list(defined)
        return f"{self.title} ({', '.join(names)})" if len(names) <= MOST_NAMES else self.title

    def needs(self, spelling: str) -> list[str]:
        """Return the frameworks without which a spelling cannot run."""
        return [framework for framework in ("torch", "tensorflow") if framework in spelling]

    def mistakes_of(self, spelling: str) -> list[Mistake]:
        """Return the mistakes that apply to one spelling.

        Raises:
            CourseError: two of them have one name.
        """
        found = [mistake for mistake in self.mistakes if not mistake.spellings or spelling in mistake.spellings]
        for name, count in Counter(mistake.name for mistake in found).items():
            if count > 1:
                raise CourseError(f"exercise {self.name!r} ({spelling}): {count} mistakes are called {name!r}.")
        return found

    def test(
        self, spelling: str, seed: bytes, kind: Literal["check", "grade"], cases: list[Case] | None = None
    ) -> Test:
        """Return the description of one test, with cases drawn from a seed.

        Args:
            seed: the same bytes draw the same cases.
            kind: "check" for what students get, "grade" for the hidden test.
            cases: those that were drawn from this seed already.

        Raises:
            CourseError: the inputs cannot tell a mistake from the right result or from another one.
        """
        spelled = self.spellings[spelling]
        test: Test = {
            "grade_id": self.grade_id(spelling),
            "label": self.label(spelling),
            "title": self.title,
            "object": spelled.object if isinstance(spelled.object, str) else list(spelled.object),
            "probe": spelled.probe,
            "needs": self.needs(spelling),
            "judge": self.check_judge if kind == "check" and self.check_judge else self.judge,
            "cases": self.cases(spelling, seed) if cases is None else cases,
            "hints": {mistake.name: mistake.hint for mistake in self.mistakes_of(spelling)},
        }
        if spelling in self.stubs:
            test["stub"] = self.stubs[spelling]
        return test

    def cases(self, spelling: str, seed: bytes) -> list[Case]:
        """Draw cases until they tell the right result and all mistakes apart.

        Raises:
            CourseError: they never do.
        """
        entropy = int.from_bytes(hashlib.sha256(seed + b"/" + self.name.encode()).digest()[:16], "big")
        for attempt in range(ATTEMPTS):
            drawn = self.draw(np.random.default_rng([entropy, attempt]))
            cases = [self._case(spelling, part, decode(encode(inputs))) for part, inputs in drawn]
            if spelling in self.off:
                for case in cases:
                    case["arguments"]["off"] = self.off[spelling]
            twins = _twins(cases) if self.right else ""
            if not twins:
                return cases
        raise CourseError(
            f"exercise {self.name!r} ({spelling}): in {ATTEMPTS} draws the inputs cannot tell "
            f"{twins} apart; draw more varied inputs, or drop one of the two."
        )

    def _case(self, spelling: str, part: str, inputs: Inputs) -> Case:
        spelled = self.spellings[spelling]
        try:
            case: Case = {"part": part, "arguments": spelled.probe_arguments(inputs)}
            if not self.right:
                return {**case, "data": inputs}
            inputs = {name: _in_float64(value) for name, value in inputs.items()}
            case["expected"] = spelled.outputs(call(self.right, inputs))
            compared = self.parts.get(part, spelled.returns)
            if missing := [name for name in compared if name not in case["expected"]]:
                raise CourseError(f"`right` returns no {', '.join(missing)}, which part {part!r} compares")
            if part in self.parts:
                case["compared"] = list(compared)
            case["mistakes"] = {
                mistake.name: _wrong_outputs(spelled, mistake, inputs) for mistake in self.mistakes_of(spelling)
            }
        except CourseError as error:
            raise CourseError(f"exercise {self.name!r} ({spelling}): {error}") from error
        return case


def exercises_of(lab: str) -> list[Exercise]:
    """Return the exercises that ``autograder/exercises/<lab>.py`` defines, in its order."""
    module = import_module(f"autograder.exercises.{lab}")
    return [value for value in vars(module).values() if isinstance(value, Exercise)]


def chosen(names: Iterable[str], inputs: Inputs) -> Inputs:
    """Return the inputs of these names, in this order.

    Raises:
        CourseError: some names are no inputs.
    """
    if unknown := sorted(set(names) - set(inputs)):
        raise CourseError(f"there is no input {', '.join(unknown)}; the inputs are {', '.join(inputs)}")
    return {name: inputs[name] for name in names}


def call(function: Callable[..., Any], inputs: Inputs) -> Any:
    """Call a function with those inputs that its parameters name, or with all where it takes ``**``.

    Raises:
        CourseError: it needs something that is no input, or its parameters have no names.
    """
    if isinstance(function, np.ufunc):
        raise CourseError(f"{function} does not name its inputs; write a lambda that does")
    names, needed, takes_all = _parameters(function)
    chosen(needed, inputs)
    wanted = set(inputs) if takes_all else names
    if isinstance(function, partial):
        wanted = wanted - set(function.keywords)
    return function(**{name: value for name, value in inputs.items() if name in wanted})


@lru_cache(maxsize=4096)
def _parameters(function: Callable[..., Any]) -> tuple[frozenset[str], frozenset[str], bool]:
    """Return the names of a function's parameters, of those that it needs, and whether it takes any others too."""
    parameters = inspect.signature(function).parameters.values()
    names = frozenset(parameter.name for parameter in parameters if parameter.kind is not parameter.VAR_KEYWORD)
    needed = frozenset(parameter.name for parameter in parameters if parameter.default is parameter.empty) & names
    return names, needed, len(names) < len(parameters)


def _wrong_outputs(spelled: Spelling, mistake: Mistake, inputs: Inputs) -> Arrays:
    try:
        with np.errstate(all="ignore"):  # a mistake may be that a number is undefined
            return spelled.outputs(call(mistake.result, inputs))
    except ValueError:
        return {}
    except CourseError as error:
        raise CourseError(f"mistake {mistake.name!r}: {error}") from error


def _in_float64(value: Any) -> Any:
    return value.astype(float) if isinstance(value, np.ndarray) and value.dtype.kind == "f" else value


def _twins(cases: list[Case]) -> str:
    """Return the names of two results that lie too close to each other on all cases, or nothing."""
    expected = [case["expected"] for case in cases]
    first = next(iter(expected[0]))
    results = {"the right result": expected}
    if "zeros" not in cases[0]["mistakes"]:  # which says in the words of the exercise how they come about
        results["all zeros"] = [{name: np.zeros_like(array) for name, array in outputs.items()} for outputs in expected]
    for name in cases[0]["mistakes"]:
        results[name] = [case["mistakes"][name] for case in cases]
    measured = {name: list(map(_measured, outputs)) for name, outputs in results.items()}
    for (name, outputs), (other_name, other_outputs) in combinations(measured.items(), 2):
        if not _apart(outputs, other_outputs):
            return f"{name} and {other_name}"
    values = np.concatenate([np.ravel(outputs[first]).astype(float) for outputs in expected])
    middle = (values.min() + values.max()) / 2
    constant = [_measured({first: np.full(np.shape(outputs[first]), middle)}) for outputs in expected]
    return "" if _apart(measured["the right result"], constant) else "the right result and a constant"


def _measured(outputs: Arrays) -> _Measured:
    """Return each output as float64, and its largest size."""
    arrays = {name: array.astype(float) for name, array in outputs.items()}
    return {
        name: (array, float(np.abs(array).max(initial=0, where=np.isfinite(array)))) for name, array in arrays.items()
    }


def _apart(results: list[_Measured], other_results: list[_Measured]) -> bool:
    """Return whether two results lie apart in some case by enough float32 tolerances, or have unequal shapes.

    An empty result stands for code that cannot run: far from any result, and equal to another empty one.
    """
    for left, right in zip(results, other_results):
        if bool(left) != bool(right):
            return True
        for name in set(left) & set(right):
            (a, largest), (b, other_largest) = left[name], right[name]
            if a.shape != b.shape:
                return True
            if np.any(np.isfinite(a) != np.isfinite(b)):
                return True
            allowed = TOLERANCES["float32"] * max(largest, other_largest, 1e-12)
            if np.abs(a - b).max(initial=0, where=np.isfinite(a)) / allowed >= APART:
                return True
    return False
