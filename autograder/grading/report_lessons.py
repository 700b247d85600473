"""What to teach again: sentences made from what a class got wrong."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from autograder.grading.feedback import title
from autograder.grading.lab_results import LabResults
from autograder.grading.report_people import listed, short
from course_utils.frameworks import LABELS
from course_utils.judging.quiz import Chosen
from course_utils.recording import recorded_tests

MOST = 3  # sentences
MANY = 0.2  # of the wrong results must be alike to be called so
BARE = re.compile(r"right shape, wrong|wrong (number|values?)\b", re.IGNORECASE)  # how a message begins
FEW = 2  # fewer wrong results are no lesson for a class


class Idea(NamedTuple):
    """What an exercise is about, in all its spellings.

    Args:
        spellings: grade ids, by what each is written in.
    """

    title: str
    spellings: dict[str, str]


@dataclass(frozen=True)
class Lesson:
    """Something to teach again.

    Args:
        what: it is called. wrong: results of the class that are not right. tried: results in all.
        often: how many of them are wrong alike. sentence: what those have in common, or "".
        unit: what is counted. anchor: where the report tells more.
    """

    what: str
    wrong: int
    tried: int
    often: int = 0
    sentence: str = ""
    unit: str = "attempts"
    anchor: str = field(default="", compare=False)

    @property
    def in_words(self) -> str:
        """The sentence that follows the name."""
        verb = "is" if self.wrong == 1 else "are"
        words = f"{self.wrong} of {self.tried} {self.unit} {verb} not right"
        if not self.often:
            return f"{words}, and no mistake that is known stands out: look at a few of them."
        telling = _lowered(first_sentence(self.sentence))
        if self.often < MANY * self.wrong:
            return f"{words}, in many ways; the most frequent, {self.often} times: {telling}"
        every = "all of them" if self.often == self.wrong else f"{self.often} of them"
        return f"{words}, {every} alike: {telling}"


def lessons(labs: Iterable[LabResults]) -> list[Lesson]:
    """Return what most results of the class are wrong in, at most three things, the most frequent first."""
    found = [lesson for lab in labs for lesson in (*_exercise_lessons(lab), *_quiz_lessons(lab))]
    return sorted(
        (lesson for lesson in found if lesson.wrong >= FEW),
        key=lambda lesson: (-lesson.wrong, -lesson.wrong / lesson.tried, -lesson.often, lesson.what),
    )[:MOST]


def ideas(points: Mapping[str, float]) -> list[Idea]:
    """Return the exercises of a lab, those that ask the same in several frameworks together."""
    found: dict[str, Idea] = {}
    for name in points:
        called, spelling = name, "NumPy"
        if name in recorded_tests():
            test = recorded_tests()[name][1]
            called, spelling = test["title"], " and ".join(LABELS[need] for need in test["needs"]) or "NumPy"
        found.setdefault(called, Idea(called, {})).spellings[spelling] = name
    return list(found.values())


def _exercise_lessons(lab: LabResults) -> Iterable[Lesson]:
    for idea in ideas(lab.points):
        names = [name for name in idea.spellings.values() if name not in lab.choices]
        reached: Counter[str] = sum((lab.outcomes[name] for name in names), Counter())
        wrong = reached["partial"] + reached["failed"]
        if not wrong:
            continue
        counts: Counter[str] = Counter()
        sentences: dict[str, str] = {}
        for name in names:
            for kind, each in lab.mistakes[name].items():
                if each.known:
                    counts[kind] += each.count
                    sentences.setdefault(kind, each.sentence)
        kind, often = max(counts.items(), key=lambda item: (item[1], item[0]), default=("", 0))
        often = often if often > 1 else 0
        what = f"{idea.title} ({short(lab.title)})"
        yield Lesson(
            what, wrong, wrong + reached["passed"], often, sentences.get(kind, ""), anchor=f"{lab.name}-{names[0]}"
        )


def _quiz_lessons(lab: LabResults) -> Iterable[Lesson]:
    for name, by_question in lab.choices.items():
        for question, answers in by_question.items():
            wrong = {answer: count for answer, count in answers.items() if not answer.right}
            if not wrong:
                continue
            most = max(wrong, key=lambda answer: (wrong[answer], answer.letter))
            often = wrong[most] if wrong[most] > 1 else 0
            sentence = f"they chose {most.letter}: {_lowered(most.why)}"
            what = f"{title(name)}, question {question.removeprefix('q')}"
            yield Lesson(what, sum(wrong.values()), answers.total(), often, sentence, "answers", f"{lab.name}-{name}")


class Question(NamedTuple):
    """One question of a quiz: the options that were chosen, by letter, each with how many chose it."""

    number: str
    options: dict[str, tuple[Chosen, int]]
    answered: int

    @property
    def right(self) -> int:
        """How many chose the right option."""
        return sum(count for answer, count in self.options.values() if answer.right)


def asked(by_question: Mapping[str, Counter[Chosen]]) -> list[Question]:
    """Return the questions of a quiz in order, with what was chosen."""
    found = []
    for name, answers in sorted(by_question.items(), key=lambda item: int(item[0][1:])):
        counts: dict[str, int] = defaultdict(int)
        first: dict[str, Chosen] = {}
        for answer, count in answers.items():
            counts[answer.letter] += count
            first.setdefault(answer.letter, answer)
        options = {letter: (first[letter], counts[letter]) for letter in sorted(first)}
        found.append(Question(name[1:], options, answers.total()))
    return found


def doubts(views: Iterable[tuple[str, str]]) -> str:
    """Return which exercises may be at fault themselves, in a sentence; "" where none is.

    Args:
        views: the title of each such exercise, and the short title of its lab.
    """
    named = [f"{exercise} ({lab})" for exercise, lab in views]
    return f"Look at {listed(named)} yourself: who is good at the rest does no better there." if named else ""


def first_sentence(text: str) -> str:
    """Return the first sentence of a text that says more than that something is wrong, with a full stop."""
    sentences = re.split(r"(?<=[.!?]) +", " ".join(text.split()))
    telling = [sentence for sentence in sentences if not BARE.match(sentence)]
    first = (telling or sentences)[0]
    return first if first.endswith(("!", "?")) else f"{first.rstrip('.')}."


def _lowered(sentence: str) -> str:
    """Return a sentence as it stands after a colon."""
    first = sentence.split(" ", 1)[0]
    return (
        sentence if not first.isalpha() or (first.isupper() and first != "A") else sentence[:1].lower() + sentence[1:]
    )
