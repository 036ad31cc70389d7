"""The binary form of normalisation rules, as the library that reads it understands it."""

import random
import unicodedata
from itertools import pairwise

import pytest
from tokenizers.normalizers import Precompiled

from index.encoders.e5.charsmap import composition_rules, double_array, precompiled_charsmap


def test_the_tokenizers_library_applies_the_rules() -> None:
    """Each text with a rule is replaced, by several or no characters too; other text stays."""
    rules = {"½": "1⁄2", "ﬁ": "fi", "Ａ": "A", "\u200b": "", "\u00a0": " ", "e\u0301": "é"}
    normaliser = Precompiled(precompiled_charsmap(rules))

    found = normaliser.normalize_str("Ａ\u00a0ﬁne cafe\u0301,\u200b ½ of e, ö and ﬂ")

    assert found == "A fine café, 1⁄2 of e, ö and ﬂ"


def test_rules_of_many_characters_do_not_get_in_each_others_way() -> None:
    """Several blocks of units; characters beside those with a rule are found to have none."""
    draw = random.Random(5)
    drawn = sorted(draw.sample(range(0x3400, 0x20000), 4000))
    able = [chr(i) for i in drawn if unicodedata.category(chr(i)) in ("Lo", "So")]
    rules = {char: str(i) for i, char in enumerate(able[::2])}
    normaliser = Precompiled(precompiled_charsmap(rules))

    assert len(rules) > 1000
    for pair in pairwise(able):
        wanted = " ".join(rules.get(char, char) for char in pair)
        assert normaliser.normalize_str(" ".join(pair)) == wanted


def test_a_double_array_has_the_units_that_its_layout_says() -> None:
    """Followed by hand: each node's unit names its byte, and its base leads to the children."""
    entries = {b"a": 7, b"ab": 9, b"c": 0}
    units = double_array(entries)

    def value(key: bytes) -> int | None:
        at = 0
        for byte in key:
            at ^= (units[at] >> 10) ^ byte
            if units[at] & 255 != byte:
                return None
        base = at ^ (units[at] >> 10)
        return units[base] & 0x7FFFFFFF if units[at] & 256 else None

    assert {key: value(key) for key in (b"a", b"ab", b"c", b"b", b"ac")} == {
        b"a": 7, b"ab": 9, b"c": 0, b"b": None, b"ac": None,
    }  # fmt: skip


def test_a_key_with_a_zero_byte_is_refused() -> None:
    """Byte 0 stands for the end of a key."""
    with pytest.raises(ValueError, match="zero byte"):
        double_array({b"a\0b": 1})


def test_composing_applies_the_rules_of_the_composed_letter() -> None:
    """A letter and its mark become one letter, or what a rule makes of it; Hangul is left out."""
    found = composition_rules({"Å": "A"})

    assert found["e\u0301"] == "é"
    assert found["A\u030a"] == "A"
    assert found["o\u0302\u0301"] == "ố"
    assert "\u1100\u1161" not in found
