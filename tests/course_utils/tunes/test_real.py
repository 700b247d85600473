"""Real tunes are found without an import, and written in the labs' notation or left out."""

import sys

import pytest

from course_utils import songs
from course_utils.tunes import abc, read, real

JIG = """X: 1
T:The First Test
T:An Sgrudu
C:written for this test
M:6/8
L:1/8
R:jig
K:G % in G
|: "slow"(GAB) {c}d2e | .d2B- B2A \\
| G>A (3cde d<B | ~G3 G3 :|
% a comment | with a bar
W:words of a song
||G6|]
"""
REEL = """X:2
T:The Second Test
M:C|
K:Edor
e2 | EFGA B2e2 :: TBAGF E4 ||
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package by the name of music21 with two tunes, one that is left out, and code that must not run."""
    folder = tmp_path / "music21" / real.FOLDER
    folder.mkdir(parents=True)
    (tmp_path / "music21" / "__init__.py").write_text("raise RuntimeError('imported')\n")
    (folder / "0001-0003.abc").write_bytes(f"% O'Neill\n\n{JIG}\n\n{REEL}\nX:3\nM:4/4\nK:D\n^GAz\n".encode("latin-1"))
    (folder / "0004.abc").write_bytes(REEL.replace("X:2", "X:4").replace("Second", "Sécond").encode("latin-1"))
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def test_tunes_are_read_from_the_packages_folder(package):
    """Those that our notation can write are kept, each once; all are counted; nothing of the package runs."""
    found, there = real.collected(real.collection())
    assert (len(found), there) == (2, 4) and "music21" not in sys.modules
    assert found == [real.rewritten(JIG), real.rewritten(REEL)]


def test_a_tune_is_written_in_our_notation():
    """Notes, bars and repeats stay; what players add, words and fields go; a metre's sign becomes its fraction."""
    assert real.rewritten(JIG) == "M:6/8\nK:G\n|:GAB d2e|d2B B2A|\nG3/2A/2 (3cde d/2B3/2|~G3 G3:|\nG6|\n"
    assert real.rewritten(REEL) == "M:4/4\nK:Edor\ne2|EFGA B2e2:|\n|:BAGF E4|\n"
    assert abc.full_bars(read(real.rewritten(JIG))) == (5, 5)


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ("L:1/8", "L:1/16"), ("M:6/8", "M:9/8"), ("M:6/8", "M:none"), ("K:G", "K:H"), ("K:G", ""), ("| ~G3", "|1 ~G3"),
        ("~G3", "^G3"), ("~G3", "z3"), ("W:words", "M:3/4\nW:words"), ("d<B", "d<<B"), ("|: ", "|: $"),
    ],
)  # fmt: skip
def test_what_needs_more_is_left_out(there, instead):
    """Other units and metres, endings, accidentals, rests and changes on the way have no place in our notation."""
    assert real.rewritten(JIG) and real.rewritten(JIG.replace(there, instead)) == ""


def test_songs_hold_some_out(package, capsys, monkeypatch):
    """Training and held-out tunes are different ones, and how many there are is said; nobody knows their bits."""
    monkeypatch.setattr(songs, "REAL_HELD_OUT", 1)
    found = songs.real_songs()
    assert {*found.training, *found.held_out} == {real.rewritten(JIG), real.rewritten(REEL)} and not found.bits
    assert "2 of 4 tunes" in capsys.readouterr().out


def test_without_the_package_a_sentence_says_how_to_get_it(monkeypatch, capsys):
    """The lab goes on; who wants real tunes reads what to install, also in Colab."""
    monkeypatch.setitem(sys.modules, "music21", None)
    monkeypatch.setattr(real, "find_spec", lambda name: None)
    assert songs.real_songs() is None
    assert "pip install music21, in Colab %pip install music21" in capsys.readouterr().out


def test_a_package_without_the_tunes_is_none(tmp_path, monkeypatch):
    """A version that keeps them elsewhere, or a folder of that name, is as good as none."""
    (tmp_path / "music21").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert real.collection() is None
    (tmp_path / "music21" / "__init__.py").touch()
    assert real.collection() is None
