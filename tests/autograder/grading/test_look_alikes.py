"""Hand-ins whose code is closer than the lab and its usual solutions explain."""

import random
import re

import nbformat
import pytest

from autograder.grading import look_alikes as module
from autograder.grading.look_alikes import OWN_LINES, code_of, look_alikes, pairs
from autograder.limited import Limit
from tests.autograder import toy

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own


def program(seed, lines=OWN_LINES + 10):
    """Return a cell of code that nobody else writes."""
    draw = random.Random(seed)
    verbs = ("sin", "cos", "exp", "log", "sqrt", "floor", "ceil", "fabs")

    def term():
        return f"math.{draw.choice(verbs)}(a{draw.randrange(9)} {draw.choice('+-*/')} {draw.randrange(99)})"

    def line(number):
        return f"    a{number % 9} = {term()} {draw.choice('+-*')} {term()}  # step {number}"

    return "\n".join([f"def work{seed}(a0, a1):", *(line(number) for number in range(lines)), "    return a0"])


def renamed(source):
    """Return a program with other names, comments, texts and blank lines."""
    changed = re.sub(r"\ba(\d)\b", r"value_\1", source).replace("# step", "# now follows")
    return "# my own work\n" + changed.replace("\n", "\n\n")


def found(codes, known=(), groups=None):
    return [
        pair.students
        for pair in pairs("toy", {name: code_of([text]) for name, text in codes.items()}, set(known), groups or {})
    ]


def test_a_copy_is_found_whatever_its_names_and_comments():
    """And none of those who wrote their own."""
    class_of = {f"s{number}": program(number) for number in range(8)}
    assert found(class_of) == []
    assert found({**class_of, "copy": renamed(program(3))}) == [("copy", "s3")]


def test_a_copied_half_is_found_and_shown():
    """The evidence is the lines that both share, with their numbers, and nothing else."""
    half = program(1).splitlines()[:26]
    codes = {"ada": code_of(["\n".join(half) + "\n" + program(2)]), "bob": code_of([program(1)])}
    [pair] = pairs("toy", codes, set(), {})
    assert pair.students == ("ada", "bob") and 26 <= pair.lines <= 30
    for side in pair.evidence:
        assert [line[1] for line in side if line][:20] == half[:20]
        assert [line[0] for line in side if line][:20] == list(range(1, 21))


@pytest.mark.parametrize("holders", [2, 4, 5, 12])
def test_what_many_have_is_usual(holders):
    """Few who share are shown; where many do, they were taught it."""
    class_of = {f"s{number}": program(99) if number < holders else program(number) for number in range(20)}
    assert len(found(class_of)) == (holders * (holders - 1) // 2 if holders <= 4 else 0)


def test_what_the_lab_gives_and_solutions_explain_is_no_evidence():
    """Runs of tokens of the stub and of right answers count for nothing."""
    both = {"ada": program(1), "bob": program(1)}
    assert found(both) == [("ada", "bob")] and found(both, known=code_of([renamed(program(1))]).runs) == []


def test_who_works_together_is_no_pair():
    """A group of the roster hands in one work."""
    both = {"ada": program(1), "bob": program(1)}
    assert found(both, groups={"ada": "g1", "bob": "g1"}) == []
    assert found(both, groups={"ada": "g1", "bob": "g2"}) == [("ada", "bob")]


def test_numbers_are_the_same_in_every_process():
    """What is listed hangs on no seed of Python's own hash."""
    assert code_of(["x = 1\n" * 5]).runs[0] == code_of(["y = 1  # one\n" * 5]).runs[0] == 8751096593237258998


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A class: two share much, two share little, and some handed in what cannot be compared."""
    classroom, config = toy.make_classroom(tmp_path_factory.mktemp("alike"))
    long, short = program(7), program(8, OWN_LINES - 15)
    texts = {"ada": long, "bob": renamed(long), "cy": short, "dan": short, "eve": "(" * 5000, "flo": long * 100}
    for student in (*texts, "gil"):
        path = classroom.autograded / student / toy.LAB / f"{toy.LAB}.ipynb"
        path.parent.mkdir(parents=True)
        text = texts.get(student, "")
        nbformat.write(toy.answered(classroom, double=f"\n{text}\ndef double(x):\n    return 2 * x"), path)
    path.write_text("[]")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "graded_students", lambda config, lab: [*texts, "gil"])
        yield classroom, config


def test_a_class_is_compared(room, caplog):
    """Who has few lines of their own, too many, or no notebook is no part of it, and stops nothing."""
    [pair] = look_alikes(*room, toy.LAB)
    assert pair.students == ("ada", "bob") and pair.share > 0.9 and pair.lines > OWN_LINES
    assert [record.getMessage() for record in caplog.records] == ["gil/toy: its code could not be compared"]
    assert look_alikes(*room, toy.LAB, ["cy"]) == [] and look_alikes(*room, toy.LAB, ["bob"]) == [pair]


def test_code_is_only_read_behind_a_limit(room, monkeypatch):
    """A hand-in that takes too long to read is left out; the others are compared."""
    monkeypatch.setattr(module, "READING", Limit(memory=1024, processor=0.2, wall=60))
    read = module._Reader.__call__

    def slow(self, item):
        while item[0] == "cy":
            pass
        return read(self, item)

    monkeypatch.setattr(module._Reader, "__call__", slow)
    assert [pair.students for pair in look_alikes(*room, toy.LAB)] == [("ada", "bob")]
