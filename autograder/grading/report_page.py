"""The instructor's page: what a class knows, what to do about it, and the numbers behind it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from jinja2 import Environment, FileSystemLoader

from autograder.grading.feedback import inline, title
from autograder.grading.item_statistics import ItemStatistics, item_statistics
from autograder.grading.lab_results import MOST_NAMED, LabResults
from autograder.grading.look_alikes import OWN_LINES, Pair
from autograder.grading.report_lessons import asked, doubts, first_sentence, ideas, lessons
from autograder.grading.report_people import People, gaps, listed, sections, short
from autograder.settings import TEMPLATES

SEALED = "sealed"  # the one engine whose scores rest on no trust
SURE = ("", SEALED)  # how a submission was graded whose score rests on none
MOST_MISTAKES = 3  # of an exercise that are shown at once
MOST_FOLDED = 20  # of an exercise that unfold
MOST_IN_NEED = 12  # students who are shown at once
MOST_GAPS = 5  # exercises in which sections differ
# What became of an exercise: key, words, colour, sign. Sign and words carry the meaning too.
OUTCOMES = (
    ("passed", "full marks", "#009E73", "✓"),
    ("partial", "partly right", "#E69F00", "◐"),
    ("failed", "not right", "#D55E00", "✗"),
    ("unfinished", "not finished", "#9FD3F2", "○"),
)
LOOKS = (*OUTCOMES, ("excused", "excused", "#999999", "–"))


def page(labs: list[LabResults], people: People, framework: str, look_alikes: list[Pair] | None = None) -> str:
    """Return the instructor's page as HTML that needs nothing else.

    Args:
        framework: what the classroom teaches.
        look_alikes: pairs of hand-ins, or None where nobody asked for them.
    """
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["inline"] = inline
    environment.filters["points"] = lambda number: f"{round(float(number), 2):g}"
    environment.filters["percent"] = lambda share: f"{round(100 * share)}%"
    environment.filters["short"] = short
    environment.filters["first"] = first_sentence
    environment.filters["listed"] = listed
    views = [lab_view(lab) for lab in labs]
    in_need = people.in_need(labs)
    return environment.get_template("report.html.j2").render(
        labs=views,
        people=people.all,
        count=people.count,
        lessons=lessons(labs),
        in_need=in_need,
        most_in_need=MOST_IN_NEED,
        doubts=doubts(
            (exercise["title"], short(view["title"]))
            for view in views
            for exercise in view["exercises"]
            if exercise["statistics"].doubt
        ),
        sections=sections(labs),
        gaps=[(gap, title(gap.exercise)) for gap in gaps(labs)[:MOST_GAPS]],
        look_alikes=look_alikes,
        own_lines=OWN_LINES,
        framework=framework,
        on_trust=on_trust(engines(labs)),
        sure=SURE,
        outcomes=OUTCOMES,
        most_named=MOST_NAMED,
        look={key: {"words": words, "colour": colour, "sign": sign} for key, words, colour, sign in LOOKS},
    )


def on_trust(engines: Iterable[str]) -> str:
    """Return what there is to say about scores that no wall protects, or "" where there are none.

    Args:
        engines: how each submission was graded.
    """
    words = Counter(engine for engine in engines if engine not in SURE)
    if not words:
        return ""
    count = sum(words.values())
    ways = "; ".join(f"{number} by the engine {engine}" for engine, number in sorted(words.items()))
    return (
        f"{count} score{'s rest' if count > 1 else ' rests'} on trust ({ways}): "
        "there code in a notebook can change its own verdict."
    )


def engines(labs: Iterable[LabResults]) -> Iterator[str]:
    """Return how each submission was graded, in words."""
    return chain.from_iterable(lab.engines.elements() for lab in labs)


def lab_view(lab: LabResults) -> dict[str, Any]:
    """Return what the page shows of one lab."""
    bins = Counter(min(int(percent // 10), 9) for percent in lab.percents)
    statistics = item_statistics(lab.shares, lab.points)
    exercises = {name: _exercise_view(lab, name, statistics[name]) for name in lab.points}
    return {
        "name": lab.name,
        "title": lab.title,
        "students": lab.students,
        "absent": lab.absent,
        "open": lab.open,
        "warnings": [words for words in (lab.outdated_in_words, lab.gone_in_words) if words],
        "rows": lab.rows,
        "timed": any(row.handed_in for row in lab.rows),
        "points": lab.points,
        "max_score": lab.max_score,
        "titles": {name: title(name) for name in lab.points},
        "median": lab.median,
        "mean": lab.mean,
        "complete": complete(lab),
        "bins": [bins[tenth] for tenth in range(10)],
        "most": max(bins.values(), default=0),
        "lessons": lessons([lab]),
        "exercises": list(exercises.values()),
        "families": [
            (idea.title, {spelling: exercises[name] for spelling, name in idea.spellings.items()})
            for idea in ideas(lab.points)
            if len(idea.spellings) > 1
        ],
        "worst": max((reason["count"] for each in exercises.values() for reason in each["reasons"]), default=1),
        "findings": [(row, row.all_findings) for row in lab.noted if row.all_findings],
        "more_findings": lab.remarks - len(lab.noted),
    }


def complete(lab: LabResults) -> int:
    """Return how many have full marks."""
    return sum(percent >= 100 - 1e-9 for percent in lab.percents)


def _exercise_view(lab: LabResults, name: str, statistics: ItemStatistics) -> dict[str, Any]:
    """Return what the page shows of one exercise: how many reached what, and which results are wrong alike."""
    reached, mistakes = lab.outcomes[name], lab.mistakes[name]
    count = reached.total()
    ordered = sorted(mistakes, key=lambda kind: (-mistakes[kind].count, not mistakes[kind].known, kind))
    shown = [kind for kind in ordered[:MOST_MISTAKES] if mistakes[kind].count > 1]
    reasons = [
        {
            "name": kind.replace("_", " ") if mistakes[kind].known else "not a known mistake",
            "hint": mistakes[kind].sentence,
            "count": mistakes[kind].count,
            "students": mistakes[kind].students,
            "shown": kind in shown,
        }
        for kind in ordered[:MOST_FOLDED]
    ]
    return {
        "name": name,
        "title": title(name),
        "points": lab.points[name],
        "count": count,
        "reached": reached,
        "share": 100 * reached["passed"] / count if count else 0,
        "statistics": statistics,
        "too_long": lab.too_long[name],
        "questions": asked(lab.choices.get(name, {})),
        "reasons": reasons[: len(shown)],
        "all_reasons": reasons,
        "others": sum(mistakes[kind].count for kind in ordered[len(shown) :]),
        "unlisted": sum(mistakes[kind].count for kind in ordered[MOST_FOLDED:]),
    }
