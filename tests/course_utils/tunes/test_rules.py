"""The tables of the grammar, and dialects."""

import pytest

from course_utils.tunes.rules import ALPHABET, END, LANGUAGES, PLAIN, dialect, generator, spelled


def test_pitches_are_spelled_as_in_abc():
    """Commas go down, small letters and apostrophes go up."""
    assert [spelled(pitch) for pitch in (-8, -2, 0, 6, 7, 13, 14)] == ["B,,", "A,", "C", "B", "c", "b", "c'"]


def test_a_dialect_has_other_weights_and_a_bijection_that_keeps_the_end():
    """All weights move and stay positive, chances stay between 0 and 1, and the structure stays."""
    rules, written = dialect(5)
    assert sorted(written) == sorted(written.values()) == sorted(ALPHABET) and written[END] == END
    assert sum(own != letter for letter, own in written.items()) > len(ALPHABET) / 2
    assert all(0 < chance < 1 and chance != PLAIN.chances[name] for name, chance in rules.chances.items())
    for name in ("keys", "intervals", "factors"):
        old, new = getattr(PLAIN, name), getattr(rules, name)
        assert old.keys() == new.keys() and all(new[each] > 0 and new[each] != old[each] for each in old)
    assert (rules.copies, rules.bars, rules.lowest) == (PLAIN.copies, PLAIN.bars, PLAIN.lowest)
    assert dialect(6)[1] != written


SECRET = bytes(range(32))


@pytest.mark.parametrize(
    "other",
    [SECRET[:-1], SECRET + b"\0", bytes([128]) + SECRET[1:], SECRET[:-1] + b"\x9f", int.from_bytes(SECRET)],
    ids=["shorter", "longer", "first bit", "last bit", "as a number"],
)
def test_every_bit_of_a_long_seed_counts(other):
    """A seed of 256 bits is taken as bytes or as a number, and one that differs in a bit gives another dialect."""
    assert dialect(SECRET) == dialect(bytes(range(32)))
    assert dialect(other)[1] != dialect(SECRET)[1]
    assert dialect(other)[0].intervals != dialect(SECRET)[0].intervals


def test_numbers_beyond_32_bits_and_negative_ones_are_seeds_too():
    """Each seed and each purpose has random numbers of its own, the same each time; no fraction is a seed."""
    seeds = [0, 1, 2**32, 2**32 + 1, 2**256, 2**256 + 1, -1, b"", b"\0", b"\1"]
    first = [tuple(generator(purpose, seed).randint(2**30, size=4)) for seed in seeds for purpose in ("a", "b")]
    assert len(set(first)) == 2 * len(seeds) and first[0] == tuple(generator("a", 0).randint(2**30, size=4))
    with pytest.raises(TypeError):
        generator("a", 0.5)


def test_few_dialects_are_kept():
    """A dialect that is not used any more is forgotten."""
    for seed in range(LANGUAGES + 2):
        dialect(seed)
    assert dialect.cache_info().currsize == LANGUAGES
