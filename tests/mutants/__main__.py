"""``python -m tests.mutants``: change right answers in one place after the other; the tests must find each change."""

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.autograder.authoring.test_answers import EXAMS
from tests.mutants import record
from tests.mutants.equivalents import outdated, sort_out
from tests.mutants.trials import OTHERS, exercises, limit_memory, try_exercise


def main() -> bool:
    """Judge mutants and print what became of them; return whether one was not found."""
    parser = argparse.ArgumentParser(description=__doc__.partition(": ")[2])
    parser.add_argument("--lab", default="", help="only labs whose name begins so")
    parser.add_argument("--only", default="", help="only exercises whose name begins so")
    parser.add_argument("--secrets", type=int, default=2, help="how many hidden tests judge each mutant")
    parser.add_argument("--others", type=int, default=OTHERS, help="known right answers that are mutated, too")
    parser.add_argument("--share", type=int, default=1, help="judge one of so many mutants")
    parser.add_argument("--slow", action="store_true", help=f"also {', '.join(EXAMS)}, which takes hours")
    parser.add_argument("--why", action="store_true", help="print the diagnoses of those that were found")
    parser.add_argument("--record", action="store_true", help="judge none: record what checks say of wrong results")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    arguments = parser.parse_args()
    started = time.monotonic()
    pairs = exercises(arguments.lab, arguments.only, arguments.slow)
    if arguments.record:
        with ProcessPoolExecutor(arguments.jobs, initializer=limit_memory) as pool:
            found = dict(zip([grade_id for _, grade_id in pairs], pool.map(record.record, *zip(*pairs))))
        record.write(found)
        print(f"{sum(map(len, found.values()))} mutants of {sum(map(bool, found.values()))} exercises are recorded.")
        return False
    options = [[value] * len(pairs) for value in (arguments.secrets, arguments.others, arguments.share)]
    total, stale = [0, 0, 0, 0], 0
    print("lab exercise: made, killed, equivalent, survivors")
    with ProcessPoolExecutor(arguments.jobs, initializer=limit_memory) as pool:
        for tried in pool.map(try_exercise, *zip(*pairs), *options):
            open_, equivalent = sort_out(tried)
            if tried.grade_id in EXAMS:  # which ask for what is reached, so that who reaches it is right
                lines = [f"trains as well: {line}" for line in open_]
                open_, equivalent = [], equivalent + len(open_)
            else:
                lines = open_
            counts = [tried.made, tried.made - len(open_) - equivalent, equivalent, len(open_)]
            total = [old + new for old, new in zip(total, counts)]
            print(f"{tried.lab} {tried.grade_id}: {', '.join(map(str, counts))}", flush=True)
            old = outdated(tried) if arguments.share == 1 and arguments.others == OTHERS else []
            stale += len(old)
            for line in lines + [f"in the list, but found: {line}" for line in old]:
                print(f"    {line}", flush=True)
            if arguments.why:
                print(f"    {dict(tried.why.most_common())}", flush=True)
    share = 100 * total[1] / max(total[0] - total[2], 1)
    minutes = (time.monotonic() - started) / 60
    print(f"all: {', '.join(map(str, total))}; {share:.1f} % of what is not equivalent, in {minutes:.1f} minutes")
    return total[3] + stale > 0


if __name__ == "__main__":
    sys.exit(main())
