"""``python -m bench.capstone``: how good Lab 4's reference trainings are, as the measure of its thresholds.

Known answers are trained and judged on exams from several seeds, in one thread, and the results written to
``tests/labs/capstone_runs.json``: the share of hidden digits that are right, the share of training digits with a false
label that are called by their true one. What they earn, and how that deviates, is printed.
"""

import argparse
import contextlib
import io
import json
import re
import statistics
from functools import partial
from time import process_time

from autograder.authoring.answers import load_answers
from autograder.authoring.source import Lab
from autograder.exercises.lab4_overfitting_dropout import CAPSTONE
from autograder.settings import PROJECT
from course_utils import probes
from course_utils.judging.assess import assess
from course_utils.judging.lab4_overfitting_dropout import exam_points

LAB = "lab4_overfitting_dropout"
FILE = PROJECT / "tests" / "labs" / "capstone_runs.json"
FULL = ("solution", "numpy", "pytorch", "tensorflow", "vote_among_moved")  # earn all points
PART = ("too_few_epochs", "neighbours_vote")  # earn some
LITTLE = ("memorises", "dropout_alone", "nearest_neighbour", "lying", "nearest_neighbour_lying")  # earn next to nothing
QUANTITIES = ("accuracy", "undeceived")
MANY = 40  # exams for the solution: that luck costs it nothing shows in many only
# Of the network that the text begins with, which is the solution's at a higher rate: which cures it uses.
RATE, AT_FIRST = "    rate = 0.003\n", "    rate = 0.01\n"
CURES = {
    "no cure": (),
    "dropout": ("dropout",),
    "early stopping": ("early stopping",),
    "augmentation": ("augmentation",),
    "augmentation, dropout": ("augmentation", "dropout"),
    "augmentation, early stopping": ("augmentation", "early stopping"),
    "all cures": ("augmentation", "dropout", "early stopping"),
}
# Twenty networks without any cure, as students might begin: hidden units, epochs, optimiser, rate, size of a batch.
PLAIN = tuple(
    (units, epochs, *choice)
    for units, epochs in ((32, 60), (64, 40), (128, 60), (256, 120), (512, 30))
    for choice in (("adam", 0.01, 50), ("adam", 0.001, 16), ("sgd", 0.5, 50), ("momentum", 0.1, 32))
)


def plain(units, epochs, optimiser, rate, batch_size):
    """Return a function ``train`` that trains such a network in PyTorch without any cure."""
    import torch
    from torch import nn

    def train(images, labels, seed):
        torch.manual_seed(seed)
        net = nn.Sequential(nn.Linear(64, units), nn.ReLU(), nn.Linear(units, 10))
        make = {
            "adam": torch.optim.Adam,
            "sgd": torch.optim.SGD,
            "momentum": partial(torch.optim.SGD, momentum=0.9),
        }[optimiser]
        descent = make(net.parameters(), lr=rate)
        inputs, truth = torch.tensor(images.reshape(-1, 64), dtype=torch.float32), torch.tensor(labels)
        for _ in range(epochs):
            for batch in torch.randperm(len(inputs)).split(batch_size):
                descent.zero_grad()
                nn.functional.cross_entropy(net(inputs[batch]), truth[batch]).backward()
                descent.step()
        return lambda new: net(torch.tensor(new.reshape(-1, 64), dtype=torch.float32)).argmax(1).numpy()

    return train


def solved_by(lab, grade_id, names):
    """Return the names of a solved lab as "solution", and those with a known answer in its place by its name."""
    solved = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in Lab(PROJECT / "solutions" / f"{lab}.py").cells:
            if cell.kind == "code" and not {"tests", "demo"} & set(cell.roles):
                exec(cell.text, solved)
    namespaces = {"solution": solved}
    for answer in load_answers(PROJECT / "solutions" / "answers" / f"{lab}.py"):
        if answer.grade_id == grade_id and answer.name in names:
            namespaces[answer.name] = dict(solved)
            exec(answer.source, namespaces[answer.name])
    return namespaces


def references():
    """Return a mapping from names to namespaces that hold a function ``train``; "begins" has the text's first rate."""
    namespaces = solved_by(LAB, "capstone", FULL + PART + LITTLE)
    namespaces["begins"] = dict(namespaces["solution"])
    [training] = [cell.text for cell in Lab(PROJECT / "solutions" / f"{LAB}.py").cells if RATE in cell.text]
    exec(training.replace(RATE, AT_FIRST), namespaces["begins"])
    return namespaces


def run(namespace, number):
    """Return the ``QUANTITIES`` of one training, on the exam that belongs to a number."""
    test = CAPSTONE.test("numpy", f"reference {number}".encode(), "grade")
    finding = assess(test, partial(probes.ask_each, namespace), reveal=True)
    shares = re.search(r"([\d.]+)% right on new digits.* label (\d+)% are called", finding.message).groups()
    return [round(float(share) / 100, 3) for share in shares]


def measure(name, namespaces):
    """Run a training on one exam after the other, print what it reached, and return it.

    Args:
        namespaces: one for each exam, which hold a function ``train``.
    """
    begin = process_time()
    results = [run(namespace, number) for number, namespace in enumerate(namespaces)]
    found = {quantity: list(values) for quantity, values in zip(QUANTITIES, zip(*results))}
    seconds = (process_time() - begin) / len(namespaces)
    summary = ", ".join(
        f"{quantity} {statistics.mean(values):.3f} (sd {statistics.stdev(values):.3f}, "
        f"{min(values):.3f} to {max(values):.3f})"
        for quantity, values in {**found, "points": list(map(exam_points, *found.values()))}.items()
    )
    print(f"{name}: {summary}; {seconds:.1f} s", flush=True)
    return found


def main():
    """Train all references and write what they reached."""
    parser = argparse.ArgumentParser(prog="python -m bench.capstone", description=__doc__)
    parser.add_argument(
        "--exams", type=int, default=12, metavar="N", help="exams for each other reference (default: 12)"
    )
    exams, known = parser.parse_args().exams, references()
    begins = known.pop("begins")["train"]
    runs = {name: measure(name, [own] * (MANY if name == "solution" else exams)) for name, own in known.items()}
    unstopped = partial(known["solution"]["train"], cures=CURES["augmentation, dropout"])
    runs["never stopped"] = measure("never stopped", [{"train": unstopped}] * exams)
    for name, cures in CURES.items():
        runs[name] = measure(name, [{"train": partial(begins, cures=cures)}] * exams)
    runs["plain"] = measure("plain", [{"train": plain(*choices)} for choices in PLAIN])
    rows = ",\n".join(f" {json.dumps(name)}: {json.dumps(result)}" for name, result in runs.items())
    FILE.write_text(f"{{\n{rows}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
