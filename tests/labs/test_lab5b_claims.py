"""Lab 5b: what its text promises is true."""

import re
from functools import cache

import numpy as np
import pytest

from autograder.authoring.source import Lab
from autograder.exercises import lab5b_networks as lab5b
from autograder.settings import PROJECT
from course_utils import checks, datasets, songs, tunes
from course_utils.figures import lab5b_reports
from course_utils.frameworks import installed
from course_utils.judging.lab5b_networks import FULL

SOURCE = PROJECT / "solutions" / "lab5b_networks.py"
TEXT = re.sub(r"\n# ?", " ", SOURCE.read_text(encoding="utf-8"))
FRAMEWORKS = [
    pytest.param(each, marks=pytest.mark.skipif(not installed(each), reason=f"{each} is not installed"))
    for each in ("torch", "tensorflow")
]
every_framework = pytest.mark.parametrize("framework", FRAMEWORKS)


@cache
def lab():
    """The names of the solved lab."""
    namespace = {}
    for cell in Lab(SOURCE).cells:
        if cell.kind == "code" and not {"tests", "demo"} & set(cell.roles):
            exec(cell.text, namespace)
    return namespace


def names_of(framework):
    model, step = {"torch": ("TuneModelTorch", "learn_torch"), "tensorflow": ("TuneModelTF", "learn_tf")}[framework]
    return lab()[model], lab()[step]


@cache
def trained(framework, few=False, step=None):
    """Return a model that was trained as the lab does, and the losses of its pieces."""
    model_class, learn = names_of(framework)
    data = songs.songs().training
    text, rows, epochs = (
        (data[: songs.FEW], songs.FEW_ROWS, songs.FEW_EPOCHS) if few else (data, songs.ROWS, songs.EPOCHS)
    )
    model = songs.fresh(framework, model_class)
    pieces = lab()["streams"](songs.corpus(text), rows, songs.LENGTH)
    return model, list(songs.trained(step or learn, model, pieces, epochs))


def stub_of(name, old="", new=""):
    """Return the broken function that students get, with some of its words changed."""
    (cell,) = (cell for cell in Lab(SOURCE).cells if cell.kind == "code" and f"def {name}" in cell.text)
    head, rest = cell.text.split("    ### BEGIN SOLUTION")
    stub = re.findall(r"### BEGIN STUB\n(.*?)    ### END STUB", rest, re.DOTALL)[0]
    namespace = dict(lab())
    exec(head + re.sub(r"(?m)^    # ", "    ", stub.replace(old, new)), namespace)
    return namespace[name]


@cache
def compared(framework, few=False):
    """Return for each tune held out what a model needs, and what the grammar needs, in bits a character."""
    data, model = songs.songs(), trained(framework, few)[0]
    logits, targets = songs.logits_of(model, data.held_out), songs.targets_of(data.held_out)
    costs = [lab()["surprise"](z[None], each[None])[0] for z, each in zip(logits, targets)]
    return costs, data.bits


def promised(*words):
    """Assert that the text says this, so that a test and its sentence change together."""
    for each in words:
        assert each in TEXT, f"the text no longer says: {each}"


def test_the_text_has_as_many_characters_as_said():
    """The corpus, the alphabet and the tunes held out are as the text says."""
    promised("a text of 67,271 characters")
    promised("One of the 35 kinds")
    promised("Fifty tunes were held out")
    data = songs.songs()
    assert (len(songs.corpus(data.training)), songs.SIZE, len(data.held_out)) == (67271, 35, 50)
    assert not any(tunes.END in tune for tune in data.training + data.held_out)


def test_the_prepared_tunes_are_those_of_the_grammar():
    """The first ones are drawn anew, and the grammar says of one what is kept."""
    data = songs.songs()
    assert datasets.tunes(0, 5) == data.training[:5] and datasets.tunes(1, 5) == data.held_out[:5]
    bits = -tunes.log_probabilities(data.held_out[0]) / np.log(2)
    assert np.allclose(bits, data.bits[0], atol=1e-4)
    assert [len(each) for each in data.bits] == [len(tune) + 1 for tune in data.held_out]


def test_sizes_are_those_of_the_code():
    """What is built, trained, cut and examined has the sizes that the text names; all tunes have one of two metres."""
    promised("An **output layer** makes 35 logits")
    promised("reading 16 beside each other costs hardly more")
    promised("twice through all pieces, with Adam, which takes a few seconds. The cell makes your model with 64 units")
    assert (songs.SIZE, songs.ROWS, songs.EPOCHS, songs.UNITS) == (35, 16, 2, 64)
    promised("all begin `M:6/8` or `M:4/4`")
    assert all(re.match("M:(6/8|4/4)\n", tune) for tune in songs.songs().training + songs.songs().held_out)
    promised("whole numbers, shape (60, 32, 33)")
    promised("`tf.zeros((32, 64))`")
    assert (lab5b.PIECES, lab5b.SIDE_BY_SIDE, lab5b.READ + 1) == (60, 32, 33)
    promised(f"stopped after {lab5b.LIMIT} seconds of computing")
    promised(f"{FULL} bits a character saved are worth all 6 points")


def test_the_grammar_needs_what_the_text_says():
    """1.18 bits a character; equally likely characters would cost 5.13."""
    promised("the grammar needs 1.18 bits a character")
    promised("taking all characters for equally likely would cost 5.13")
    assert np.mean([each.mean() for each in songs.songs().bits]) == pytest.approx(1.18, abs=0.005)
    assert np.log2(35) == pytest.approx(5.13, abs=0.005)


def test_minutes_leave_time_for_the_figures():
    """Exercises and quiz leave between a seventh and a third of each sitting's promised minutes for the rest."""
    promised("two sittings of about 105 and 60 minutes")
    for text, minutes in zip(SOURCE.read_text("utf-8").split("**A good place to stop.**"), (105, 60), strict=True):
        stated = r"^# ##.*, (\d+) minutes?(?:, (?:easy|medium|hard))?\)$"
        assert 0.67 * minutes <= sum(map(int, re.findall(stated, text, re.MULTILINE))) <= 0.86 * minutes


def test_a_probability_can_be_too_small_for_a_computer():
    """Below 10 ** -324 there is only 0."""
    promised("below $10^{-324}$ is 0")
    assert 10.0**-323 > 0 == 10.0**-325


def test_the_table_of_pieces_is_right():
    """Thirteen numbers in two rows with a length of 3 are cut as the table shows."""
    promised("| row 0 | 0 1 2 3 | 3 4 5 6 |")
    promised("| row 1 | 6 7 8 9 | 9 10 11 12 |")
    pieces = lab()["streams"](np.arange(13), 2, 3)
    assert pieces.tolist() == [[[0, 1, 2, 3], [6, 7, 8, 9]], [[3, 4, 5, 6], [9, 10, 11, 12]]]


@every_framework
def test_the_excess_is_about_one_bit(framework):
    """Trained as in the lab, a model needs some 2.1 bits; apart, the error is a fifth larger."""
    promised("the excess was 0.9 to 1.0 bits, with an error of 0.03")
    promised("about 2.1")
    promised("a fifth larger")
    costs, bits = compared(framework)
    log_p = np.array([-each.sum() * np.log(2) for each in bits])
    mean, error = lab()["excess"](costs, log_p)
    assert 0.85 < mean < 1.05 and 0.025 < error < 0.036
    needs, own = (np.array([each.mean() for each in both]) for both in (costs, bits))
    assert 2.0 < needs.mean() < 2.25
    assert 1.1 < lab5b_reports._apart(needs, own) / error < 1.35


@pytest.mark.skipif(not (installed("torch") and installed("tensorflow")), reason="needs both frameworks")
def test_two_models_are_compared_best_tune_by_tune():
    """Their difference has an error well below that of two means that are taken apart."""
    promised("would drown in an error of about 0.03")
    promised("Tune by tune the error is about 0.01")
    first, second = (
        np.array([each.mean() for each in compared(framework)[0]]) for framework in ("torch", "tensorflow")
    )
    error = (second - first).std(ddof=1) / np.sqrt(len(first))
    assert 0.02 < lab5b_reports._apart(first, second) < 0.045 and 0.005 < error < 0.016
    assert abs(np.mean(second - first)) < 0.08


@pytest.mark.skipif(not (installed("torch") and installed("tensorflow")), reason="needs both frameworks")
def test_both_frameworks_write_the_same_song():
    """With the same weights their logits agree to about a millionth, and so do all characters."""
    promised("The same song, to the last character")
    promised("differ by about a millionth")
    model, other = trained("torch")[0], songs.fresh("tensorflow", lab()["TuneModelTF"])
    songs.Reader(other).begin(1)
    songs.copy_weights(model, other)
    some = songs.songs().held_out[:5]
    differences = [np.abs(a - b).max() for a, b in zip(songs.logits_of(model, some), songs.logits_of(other, some))]
    assert max(differences) < 3e-5
    assert songs.write(model, 1, seed=3) == songs.write(other, 1, seed=3)


@every_framework
def test_the_model_pays_where_the_grammar_counts_and_looks_up(framework):
    """A line break costs it about a bit, the last twenty characters about two each, and the grammar a third."""
    promised("your model pays about one bit")
    promised("pays a third of a bit a character for the last twenty, on average; your model pays about two")
    breaks, ends = [], []
    for tune, cost, own in zip(songs.songs().held_out, *compared(framework)):
        header = tune.index("\n", tune.index("K:")) + 1
        breaks += [(cost[i], own[i]) for i in range(header, len(tune)) if tune[i] == "\n"]
        ends += zip(cost[-20:], own[-20:])
    (model, grammar), (model_at_end, grammar_at_end) = np.mean(breaks, axis=0), np.mean(ends, axis=0)
    assert grammar < 0.01 and 0.6 < model < 1.6
    assert 0.25 < grammar_at_end < 0.45 and 1.8 < model_at_end < 2.4


@pytest.mark.skipif(not installed("torch"), reason="PyTorch is not installed")
def test_first_weights_change_what_a_model_writes_and_needs():
    """Of five first weights some leave far fewer bars to add up than others; the excess hardly differs.

    Some tunes are cut at 400 characters.
    """
    promised("half of them in one of our runs, and nine tenths in another")
    promised("or has written 400 characters")
    promised("Other first weights change it as well, by a few hundredths")
    promised("temperature=0.6, seed=1")
    assert songs.LONGEST == 400
    model_class, learn = names_of("torch")
    pieces, data = lab()["streams"](songs.corpus(songs.songs().training), songs.ROWS, songs.LENGTH), songs.songs()
    bars, cut, needs = [], [], []
    for start in range(5):
        model = songs.fresh("torch", model_class, start)
        for _ in songs.trained(learn, model, pieces):
            pass
        written = songs.write(model, lab5b_reports.HEARD, 0.6, 1)
        bars.append(songs.bars_that_add_up(written))
        cut.append(sum(len(text) == 400 for text in written))
        logits, targets = songs.logits_of(model, data.held_out), songs.targets_of(data.held_out)
        needs.append(np.mean([lab()["surprise"](z[None], each[None]).mean() for z, each in zip(logits, targets)]))
    assert max(bars) - min(bars) > 0.2 and sum(cut) > 0  # 0.25 to 0.90, on one processor
    assert 0.01 < max(needs) - min(needs) < 0.08


@every_framework
def test_few_tunes_are_learned_by_heart(framework):
    """Low loss in training, more than 5.13 bits on others, long copies, and bars that add up."""
    promised(f"on {songs.FEW} tunes alone, which it sees {songs.FEW_EPOCHS} times")
    promised(f"streams, data.training[:{songs.FEW}])")
    promised(
        "On tunes held out it needs about 6 bits", "worse than a model that takes all 35 characters for equally likely"
    )
    promised("Most of its bars add up")
    promised("copies no more than new tunes of the grammar do, about 15 characters")
    model, losses = trained(framework, few=True)
    assert np.mean(losses[-20:]) < 0.6
    assert 5.3 < np.mean([each.mean() for each in compared(framework, few=True)[0]]) < 6.9
    copied, data = lab()["copied"], songs.songs()
    lengths = {
        name: np.mean([copied(text, data.training) for text in written])
        for name, written in {
            "grammar": data.held_out[:8],
            "model": songs.write(trained(framework)[0], 8, 0.5, 1),
            "few": songs.write(model, 8, 0.5, 1),
        }.items()
    }
    assert 13 < lengths["grammar"] < 18 and 11 < lengths["model"] < 19 and lengths["few"] > 35
    assert songs.bars_that_add_up(songs.write(model, 8, 0.5, 1)) > 0.6


@pytest.mark.skipif(not installed("torch"), reason="PyTorch is not installed")
def test_the_broken_step_of_pytorch_does_what_is_told():
    """It stops at the second piece, with a kept graph too; without a state its loss falls to almost nothing, and its
    tunes are empty."""
    promised("it complains that a variable was modified by an inplace operation")
    promised("nearly every tune that it writes is empty")
    broken = stub_of("learn_torch")
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        trained("torch", step=broken)

    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        trained("torch", step=stub_of("learn_torch", "backward()", "backward(retain_graph=True)"))

    def without_state(model, optimizer, piece, state):
        return broken(model, optimizer, piece, None)

    model, losses = trained("torch", step=without_state)
    assert losses[0] > 4.5 and losses[-1] < 0.05
    assert sum(not text for text in songs.write(model, 10)) >= 6


@pytest.mark.skipif(not installed("tensorflow"), reason="TensorFlow is not installed")
def test_the_broken_step_of_tensorflow_does_what_is_told():
    """It runs, its loss falls a little, and what it writes begins with no header."""
    promised("It runs, and the loss falls a little")
    model, losses = trained("tensorflow", step=stub_of("learn_tf"))
    assert losses[0] > 4.5 and 2.0 < np.mean(losses[-20:]) < 4.5
    assert sum(bool(re.match(r"M:[46]/[48]\nK:", text)) for text in songs.write(model, 10)) <= 3


def test_a_check_stops_what_never_ends_when_the_hint_says():
    """The hint on loops in `copied` names the seconds that a check computes at most."""
    promised(f"a check after {checks.LIMIT} seconds of computing")
