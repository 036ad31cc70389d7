"""The display boundary: what reaches a terminal can do nothing there and hides nothing."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.display import BIDI, INVISIBLE, LINE_END, MAX_MARKS, UNREADABLE, clean, clean_line

EVERY_CHARACTER = "".join(map(chr, range(sys.maxunicode + 1)))
VISIBLE_FORMAT = {
    *range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD,
}  # fmt: skip


def raw_controls(text: str) -> set[str]:
    """Every control and surrogate in a text but the line end."""
    return {c for c in text if unicodedata.category(c) in {"Cc", "Cs"} and c != "\n"}


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b]0;owned\x07", "␛]0;owned␇"),
        ("\x1b]52;c;ZXZpbA==\x07", "␛]52;c;ZXZpbA==␇"),
        ("\x1b]8;;javascript:x\x1b\\a", "␛]8;;javascript:x␛\\a"),
        ("\x1b[2J", "␛[2J"),
        ("\x1b[?1049l", "␛[?1049l"),
        ("\x96 \x93a\x94 \x91b\x92 \x95 \x97", "– “a” ‘b’ • —"),
        ("\x9b2J", f"{UNREADABLE}2J"),
        ("secret\rpublic", "secret␍public"),
        ("abc\b\b\b", "abc␈␈␈"),
        ("a\x00b\x7fc", "a␀b␡c"),
        ("a\tb\x0bc\x0cd", "a b␋c␌d"),
        ("pay \u202edrawkcab\u202c", f"pay {BIDI}drawkcab{BIDI}"),
        ("a\u2066b\u2069\u200e\u200f\u061c", f"a{BIDI}b{BIDI}{BIDI}{BIDI}{BIDI}"),
        ("ex\u200bam\u200dple\ufeff", f"ex{INVISIBLE}am{INVISIBLE}ple{INVISIBLE}"),
        ("co\xadoperate", "co\u2010operate"),
        ("a\u2028b\u2029c\x85", f"a\nb\nc{UNREADABLE}"),
        ("\ud800x\udc80", f"{UNREADABLE}x{UNREADABLE}"),
        ("[/] [@click=app.quit]x[/]", "[/] [@click=app.quit]x[/]"),
    ],
)
def test_what_a_document_tries_is_shown_instead_of_done(raw: str, shown: str) -> None:
    """A sequence that would act on the terminal is drawn as visible characters."""
    assert clean(raw) == shown


def test_ordinary_writing_is_left_alone() -> None:
    """Letters of any script, accents, punctuation and line ends are drawn as they are."""
    text = (
        "Mélanie Joly – “two visits”\nСеул 서울 首爾\nनमस्ते ภาษาไทย עִבְרִית العربية\u00a05 % ❤️ 🇨🇦\n"
        "می\u200cخواهم क\u094d\u200dष"
    )
    assert clean(text) == text


def test_every_control_and_format_character_is_replaced() -> None:
    """Of all of Unicode, no control, surrogate or unseen format character is drawn."""
    shown = clean(EVERY_CHARACTER)
    for raw, drawn in zip(EVERY_CHARACTER, shown, strict=True):
        if raw == "\n":
            assert drawn == "\n"
        elif unicodedata.category(raw) in {"Cc", "Cs", "Cf", "Zl", "Zp"}:
            assert drawn != raw or ord(raw) in VISIBLE_FORMAT, hex(ord(raw))
    assert raw_controls(shown) == set()


@given(st.text(st.characters(codec=None), max_size=200))
def test_spans_into_the_text_stay_spans_into_what_is_drawn(text: str) -> None:
    """Cleaning keeps the number of code points, and cleaning twice is cleaning once."""
    shown = clean(text)
    assert len(shown) == len(text)
    assert clean(shown) == shown
    assert raw_controls(shown) == set()
    shown.encode("utf-8")


def test_marks_on_one_letter_are_bounded() -> None:
    """29: Ten thousand accents on one letter are drawn as a few, the rest as visible markers."""
    shown = clean("e" + "\u0301" * 10_000 + "nd")
    assert shown == "e" + "\u0301" * MAX_MARKS + INVISIBLE * (10_000 - MAX_MARKS) + "nd"


def test_joiners_do_not_lift_the_bound_on_marks() -> None:
    """Marks with joiners in between count as one run."""
    shown = clean("\u0628" + "\u064b\u200c" * 500 + "\u0628")
    assert sum(unicodedata.category(c) in {"Mn", "Cf"} for c in shown) <= MAX_MARKS


def test_a_line_has_no_line_ends() -> None:
    """On one line, each kind of line end is a visible symbol."""
    assert clean_line("a\nb\r\nc\u2028d") == f"a{LINE_END}b␍{LINE_END}c{LINE_END}d"


@pytest.mark.parametrize("unit", ["Seoul and Ottawa. ", "Mélanie Joly à Séoul. ", "e\u0301\u0302 "])
def test_a_long_release_is_cleaned_in_a_few_calls(unit: str) -> None:
    """Two megabytes take as many calls as a page: regular expressions do the work."""
    page = unit * (2_000 // len(unit))
    calls_for(page)  # what is cached at the first call is there
    assert calls_for(page * 1_000) == calls_for(page)


def calls_for(text: str) -> int:
    """How many functions are called to clean a text."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        clean(text)
    finally:
        sys.setprofile(None)
    return calls
