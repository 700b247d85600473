"""``python -m bench.dialect``: how good reference models are in Lab 5b's exam, as the measure of its points.

Known answers are trained in one thread on the exams of several dialects. What each needs in bits a character more than
the grammar goes to ``tests/labs/dialect_runs.json``, beside what a table of pairs needs.
"""

import argparse
import json
from pathlib import Path
from statistics import mean, stdev
from time import process_time

import numpy as np

from autograder.exercises.lab5b_networks import exam
from autograder.settings import PROJECT
from bench.capstone import solved_by
from course_utils.frameworks import one_thread
from course_utils.judging.lab5b_networks import exam_share

LAB = "lab5b_networks"
FILE = PROJECT / "tests" / "labs" / "dialect_runs.json"
FULL, PART = ("solution", "pytorch", "tensorflow"), ("two_characters", "one_epoch")


def references(names=(*FULL, *PART)):
    """Return a mapping from names to functions ``train``."""
    return {name: own["train"] for name, own in solved_by(LAB, "dialect", names).items()}


def run(train, drawn, seed):
    """Return the bits a character that a training's model needs more than the grammar."""
    with one_thread():
        log_p = np.asarray(train(drawn.windows, seed)(drawn.asked))
    came = np.take_along_axis(log_p[:, drawn.ends - 1], drawn.asked[:, drawn.ends][..., None], axis=-1)[..., 0]
    return float(np.mean(drawn.grammar - came) / np.log(2))


def main():
    """Train all references and write what they needed; those that take long may have fewer exams."""
    parser = argparse.ArgumentParser(prog="python -m bench.dialect", description=__doc__)
    parser.add_argument("--exams", type=int, default=30, metavar="N", help="exams for each reference (default: 30)")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="references to run; what is known of others stays")
    options = parser.parse_args()
    known = references()
    runs = json.loads(Path(FILE).read_text(encoding="utf-8")) if FILE.exists() else {}
    for name in options.only or known:
        begin, results = process_time(), []
        for number in range(options.exams):
            drawn = exam(f"{number:064x}")
            pairs = float(np.mean(drawn.grammar - drawn.pairs) / np.log(2))
            results.append((round(pairs, 3), round(run(known[name], drawn, number), 3)))
        runs[name] = dict(zip(("pairs", "excess"), zip(*results)))
        points = [6 * exam_share(excess, pairs) for pairs, excess in results]
        needed = runs[name]["excess"]
        print(
            f"{name}: {mean(needed):.3f} ± {stdev(needed):.3f} bits, {mean(points):.2f} ± {stdev(points):.2f} points, "
            f"{(process_time() - begin) / options.exams:.1f} s with the drawing",
            flush=True,
        )
        rows = ",\n".join(f" {json.dumps(each)}: {json.dumps(result)}" for each, result in runs.items())
        FILE.write_text(f"{{\n{rows}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
