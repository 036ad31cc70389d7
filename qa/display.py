"""Make text from outside safe to show on a terminal.

A release, a file name or an error message can contain escape sequences that change the terminal's
title or clipboard, control characters that overwrite a line, and characters that reverse or hide
words. Every front end passes all text it did not write itself through `clean` or `clean_line`.
Besides, `clean_output` cleans everything on its way to a standard stream (`qa.cli.streams`), so
that nothing depends on every caller's care. Copied and exported text is left as stored.

Each code point is replaced by exactly one other, so spans into the stored text are also spans into
the cleaned text. Markup is not handled here: front ends never parse text from outside as markup.
"""

import re
import unicodedata

INVISIBLE = "\u25cc"
"""Shown in place of a zero-width character, or of a combining mark beyond `MAX_MARKS`."""
BIDI = "\u21c4"
"""Shown in place of a character that changes the direction of writing."""
UNREADABLE = "\ufffd"
"""Shown in place of a C1 control, a lone surrogate or a noncharacter.

The controls 91 to 97 are shown as the punctuation that Windows-1252 has there."""
LINE_END = "\u23ce"
"""Shown by `clean_line` in place of a newline."""
MAX_MARKS = 8
"""Largest number of combining marks on one character; writing systems need fewer."""

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# All other format characters (general category Cf), except the visible Arabic, Syriac and Kaithi
# signs; and the fillers, which are letters without a glyph.
_INVISIBLE = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
_UNREADABLE = "\x80-\x9f\ud800-\udfff\ufffe\uffff"
_HAS_SYMBOL = "\t\x00-\x08\x0b-\x1f\x7f\xad\u2028\u2029"

# Arabic, Syriac, Thaana, N'Ko and the Indic scripts use the two joiners in spelling.
_JOINING = "\u0600-\u07ff\u0840-\u08ff\u0900-\u0dff\ufb50-\ufdff\ufe70-\ufefc"
_JOINERS = "\u200c\u200d"

UNSAFE = re.compile(f"[{_HAS_SYMBOL}{_UNREADABLE}{_BIDI}{_INVISIBLE}]")
"""A character that may not be shown as it is. Only joiners in spelling are shown nevertheless."""
_COLOUR_OR_TAB = re.compile("(\t|\x1b\\[[0-9;]*m)")
_IS_JOINING = re.compile(f"[{_JOINING}]")
_IS_BIDI = re.compile(f"[{_BIDI}]")
_IS_UNREADABLE = re.compile(f"[{_UNREADABLE}]")

_SYMBOLS = (
    {chr(code): chr(0x2400 + code) for code in range(ord(" "))}
    | {
        "\t": " ",
        "\x7f": "\u2421",
        "\u2028": "\n",
        "\u2029": "\n",
        "\xad": "\u2010",
    }
    | {
        # Quotation marks, bullet and dashes of Windows-1252 in a text that was read as Latin-1.
        chr(code): bytes([code]).decode("cp1252")
        for code in range(0x91, 0x98)
    }
)


def clean(text: str) -> str:
    """Make text safe to show, keeping its newlines.

    Args:
        text: Any text, even with lone surrogates.

    Returns:
        A text of the same length in code points. Tabs become spaces, control characters become
        their symbols, and invisible characters become visible markers.
    """
    return _bound_marks(UNSAFE.sub(_visible, text))


def clean_line(text: str) -> str:
    """Make text safe to show on one line: like `clean`, but newlines become symbols."""
    return clean(text).replace("\n", LINE_END)


def clean_output(text: str) -> str:
    """Make output as a whole safe: like `clean`, but tabs and sequences for colours stay."""
    if not UNSAFE.search(text):
        return text
    parts = _COLOUR_OR_TAB.split(text)
    parts[::2] = [UNSAFE.sub(_visible, part) for part in parts[::2]]
    return "".join(parts)


def without_unsafe(text: str) -> str:
    """Leave out what `clean` would replace, but for tabs; line separators become newlines."""
    return UNSAFE.sub(_bare, text)


def _bare(match: re.Match[str]) -> str:
    """Return what is left of an unsafe character."""
    character = match[0]
    if character == "\t" or (character in _JOINERS and _is_spelling(match)):
        return character
    return "\n" if character in "\u2028\u2029" else ""


def _visible(match: re.Match[str]) -> str:
    """Return the replacement of an unsafe character."""
    character = match[0]
    if character in _JOINERS and _is_spelling(match):
        return character
    return _SYMBOLS.get(character) or _kind(character)


def _kind(character: str) -> str:
    """Return the marker for an unsafe character that has no symbol of its own."""
    if _IS_BIDI.match(character):
        return BIDI
    return UNREADABLE if _IS_UNREADABLE.match(character) else INVISIBLE


def _is_spelling(match: re.Match[str]) -> bool:
    """Whether a joiner is between two letters of a script that uses joiners in spelling."""
    text, position = match.string, match.start()
    return (
        0 < position < len(text) - 1
        and _IS_JOINING.match(text, position - 1) is not None
        and _IS_JOINING.match(text, position + 1) is not None
    )


def _bound_marks(text: str) -> str:
    """Replace combining marks beyond `MAX_MARKS` on one character with visible markers."""
    if text.isascii():
        return text
    marks = "".join(sorted(filter(_takes_no_room, set(text))))
    if not marks:
        return text
    return re.sub(f"[{marks}]{{{MAX_MARKS + 1},}}", _bounded, text)


def _bounded(run: re.Match[str]) -> str:
    return run[0][:MAX_MARKS] + INVISIBLE * (len(run[0]) - MAX_MARKS)


def _takes_no_room(character: str) -> bool:
    """Whether a terminal draws the character on top of the previous one."""
    return (
        unicodedata.category(character) in {"Mn", "Me"}
        or character in _JOINERS
        or "\u1160" <= character <= "\u11ff"  # vowels and final consonants of conjoining Hangul
        or "\ud7b0" <= character <= "\ud7ff"
    )
