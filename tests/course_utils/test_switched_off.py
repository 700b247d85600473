"""Library calls that an exercise switches off: refused to a student's code alone, and put back afterwards."""

import functools
import json
import sys
import types

import numpy as np
import pytest

from autograder.authoring.source import Lab
from autograder.settings import PROJECT
from course_utils import probes
from course_utils.remarks import VOCABULARY, diagnosis, in_words
from course_utils.switched_off import GROUPS, loaded
from tests.autograder.authoring.test_answers import LABS, lab_source

PLACE = "tests_library"


@pytest.fixture
def library(monkeypatch):
    """A module of a library with a function that calls another one of its own, both switched off by a group."""
    module, code = (
        types.ModuleType(PLACE),
        "def double(x):\n    return 2 * x\ndef twice(x):\n    return double(double(x))\n"
        "class Twice:\n    def __call__(self, x):\n        return twice(x)",
    )
    exec(compile(code, "/usr/lib/python3/site-packages/library.py", "exec"), vars(module))
    module.Tensor = type("Tensor", (type("Base", (), {"double": lambda self: 2}),), {})
    monkeypatch.setitem(sys.modules, PLACE, module)
    monkeypatch.setitem(
        GROUPS, "test", (f"{PLACE}.double", f"{PLACE}.Tensor.double", "not_there.at_all", f"{PLACE}.no")
    )
    return module


def ask(code, namespace=None):
    """Ask a student's function ``f`` with the group switched off."""
    namespace = {} if namespace is None else namespace
    exec(compile(code, "<cell>", "exec"), namespace)
    return probes.ask(namespace, "f", "call", {"arguments": [3], "outputs": ["output"], "off": "test"})


HANDED_ON = {
    "attribute": "def f(x): return L.double(x)",
    "name": "def f(x): return double(x)",
    "the call itself": "f = double",
    "import inside": f"def f(x):\n    from {PLACE} import double\n    return double(x)",
    "getattr": "def f(x): return getattr(L, 'dou' + 'ble')(x)",
    "map": "def f(x): return list(map(L.double, [x]))",
    "by another library": "def f(x): return np.vectorize(L.double)(x)",
    "by its own library": "def f(x): return L.twice(x)",
    "object made before": "kept = L.Twice()\ndef f(x): return kept(x)",
    "error in another's place": "def f(x):\n    try: return L.double(x)\n    except Exception: raise ValueError",
    "partial": "f = functools.partial(double)",
    "partial of arguments": "kept = functools.partial(map, double)\ndef f(x): return list(kept([x]))",
    "vectorize": "f = np.vectorize(double, otypes=[float])\nf(1.0)",
    "frompyfunc": "f = np.frompyfunc(double, 1, 1)",
    "lru_cache": "f = functools.lru_cache(double)",
    "default": "def f(x, g=double): return g(x)",
    "default by name": "def f(x, *, g=double): return g(x)",
    "closure": "f = (lambda g: lambda x: g(x))(double)",
    "decorator": "def of(g):\n    @functools.wraps(g)\n    def f(*a): return g(*a)\n    return f\nf = of(double)",
    "class": "class C: g = staticmethod(double)\ndef f(x): return C.g(x)",
    "object": "class C:\n    def __init__(self): self.g = double\n    def __call__(self, x): return self.g(x)\nf = C()",
    "list": "kept = [double]\ndef f(x): return kept[0](x)",
    "tuple in a dictionary": "kept = {'a': (double,)}\ndef f(x): return kept['a'][0](x)",
    "own file": "def f(x): return own_file.double(x)",
}


def notebook(library):
    """The names of a notebook that took the call while it was on."""
    own_file = types.ModuleType("own_file")
    own_file.__file__, own_file.double = "/my/own_file.py", library.double
    return {
        "__name__": "__main__",
        "np": np,
        "functools": functools,
        "L": library,
        "double": library.double,
        "own_file": own_file,
    }


def call(names):
    """Call the student's function as somebody who is not a check."""
    return probes.ask(names, "f", "call", {"arguments": [3], "outputs": ["output"]})["values"]["output"]


@pytest.mark.parametrize("code", HANDED_ON.values(), ids=HANDED_ON)
def test_a_call_that_is_off_is_refused(code, library):
    """However the notebook came by it and whoever makes it; the message names it, on hidden inputs, too."""
    names = notebook(library)
    reply = ask(code, names)
    assert np.asarray(call(names)) in (6, 12), "not put back"
    assert reply == {"unusable": {"says": "switched_off", "call": f"{PLACE}.double"}}
    assert f"`{PLACE}.double` is switched off" in in_words(reply["unusable"], {}, reveal=False)
    assert diagnosis(reply["unusable"]) == "switched_off"


def test_methods_can_be_off(library):
    """One that a class inherits is refused, and inherited again afterwards."""
    assert (
        ask(f"import {PLACE} as L\ndef f(x): return L.Tensor().double()")["unusable"]["call"]
        == f"{PLACE}.Tensor.double"
    )
    assert "double" not in vars(library.Tensor) and library.Tensor().double() == 2


ELSEWHERE = {
    "torch": (
        "torch.ops.aten.softmax(torch.tensor(x), -1)",
        "torch.ops.aten._softmax.default(torch.tensor(x), -1, False)",
        "kept(torch.tensor(x), -1)",
        "torch._log_softmax(torch.tensor(x), -1, False)",
        "torch.ops.aten.cross_entropy_loss(torch.tensor(x)[None], torch.tensor([0]))",
        "torch.nn.functional.scaled_dot_product_attention(*[torch.tensor(x)[None, :, None]] * 3)",
    ),
    "tensorflow": (
        "tf.raw_ops.Softmax(logits=x)",
        "tf.raw_ops.SparseSoftmaxCrossEntropyWithLogits(features=x[None], labels=[0]).loss",
        "tf.compat.v1.nn.log_softmax(x)",
        "tf.compat.v2.math.reduce_logsumexp(x)",
        "tf.compat.v1.losses.sparse_softmax_cross_entropy([0], x[None])",
    ),
}


@pytest.mark.parametrize("framework, code", [(name, code) for name, codes in ELSEWHERE.items() for code in codes])
def test_the_same_call_elsewhere_is_off(framework, code):
    """A library keeps a call under several names, for itself and from former times; none of them can be made."""
    pytest.importorskip(framework)
    setup = "import torch\nkept = torch.ops.aten.softmax.int" if framework == "torch" else "import tensorflow as tf"
    names = {"np": np}
    exec(compile(f"{setup}\ndef f(x): return np.asarray({code})", "<cell>", "exec"), names)
    asked = {"arguments": [np.array([1.0, 2.0, 3.0])], "outputs": ["output"]}
    before = probes.ask(names, "f", "call", asked)["values"]["output"]
    refused = probes.ask(names, "f", "call", {**asked, "off": "cross-entropy"})
    assert refused["unusable"]["says"] == "switched_off"
    assert np.array_equal(before, probes.ask(names, "f", "call", asked)["values"]["output"]), "not put back"


def test_all_is_put_back(library):
    """The module and the notebook's names hold what they held, whether the code used it, did not, or failed."""
    own, namespace = library.double, {"kept": library.double}
    for body in ("return kept(x)", "return x", "raise ValueError"):
        ask(f"def f(x): {body}", namespace)
        assert library.double is own and namespace["kept"] is own


def test_what_is_imported_only_during_the_call_is_found(monkeypatch):
    """A module that the student's function imports first is off as well: the function is asked again."""
    monkeypatch.setitem(GROUPS, "test", ("colorsys.rgb_to_hsv",))
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    assert loaded("test") == 0
    reply = ask("def f(x):\n    import colorsys\n    return colorsys.rgb_to_hsv(x, x, x)[0]")
    assert reply["unusable"]["call"] == "colorsys.rgb_to_hsv"


def test_a_right_answer_hears_nothing_of_it(library):
    """Without such a call the reply is what it is anywhere."""
    assert ask("import numpy as np\ndef f(x): return np.tanh(x)")["values"]["output"] == np.tanh(3)


def test_a_message_names_no_other_call():
    """On hidden inputs the gap holds a name of the lists, and nothing that somebody made up."""
    assert "made up" not in in_words({"says": "switched_off", "call": "made up"}, {}, reveal=False)
    assert "switched_off" in VOCABULARY


@pytest.mark.parametrize("lab", LABS)
def test_the_text_says_what_is_switched_off(lab):
    """The prose between an exercise's heading and its cell says so, and only there it is."""
    cells = Lab(PROJECT / "solutions" / f"{lab}.py").cells
    off, said, prose = set(), set(), ""
    for grade_id, (exercise, spelling) in lab_source(lab).tests.items():
        if spelling in exercise.off:
            off.add(grade_id)
            assert exercise.off[spelling] in GROUPS
            cases = exercise.test(spelling, b"off", "grade")["cases"]
            assert {json.dumps(case["arguments"]["off"]) for case in cases} == {json.dumps(exercise.off[spelling])}
    for cell in cells:
        if cell.kind == "markdown":
            prose = prose + cell.text if not cell.text.lstrip("# ").startswith("Exercise") else cell.text
        elif "solution" in cell.roles:
            if "switched off" in prose.replace("\n# ", " ").replace("\n", " ").replace("*", ""):
                said.add(cell.roles["solution"])
            prose = ""
    assert off == said
