"""Decodes bytes to text: finds the encoding of a document and repairs damaged UTF-8.

The order: a byte-order mark, encodings that look like ASCII (`index.readers.seven_bit`), valid
UTF-8, mostly valid UTF-8 (with replacement characters), the encoding the document declares, the
guess of charset-normalizer. Bytes with NULs are UTF-16 without its mark, or not text. Bytes that do
not look like text are refused, so that nothing unreadable is stored silently.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from charset_normalizer import from_bytes

from index.errors import SourceError
from index.readers.seven_bit import seven_bit_encoding
from index.text.surrogates import without_surrogates

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_BINARY_FORMATS = (
    (b"\x89PNG", "a PNG image"), (b"\xff\xd8\xff", "a JPEG image"), (b"GIF8", "a GIF image"),
    (b"\xd0\xcf\x11\xe0", "an old office document (such as .doc or .msg), which is not supported"),
    (b"\x7fELF", "a program"), (b"MZ\x90", "a program"), (b"SQLite format 3", "a database"),
    (b"ID3", "an audio file"), (b"OggS", "an audio file"), (b"Rar!", "a rar archive"),
    (b"{\\rtf", "an RTF document, which is not supported"),
    (b"7z\xbc\xaf", "a 7z archive"), (b"BZh", "a bzip2 file"), (b"\xfd7zXZ", "an xz file"),
)  # fmt: skip
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
"""The name of a stream in an office document with a password."""

_LONG_SPACE = re.compile(r"(?<!\s)\s{201,}")
_SAMPLE = 65_536
_RARE_CATEGORIES = frozenset({"Cc", "Cn", "Co", "Cs"})
"""Unicode categories that are rare in text: controls, unassigned, private use, surrogates."""

_MULTIBYTE_ENCODING = re.compile(r"^(?:big5|cp932|cp949|cp950|euc|gb|hz|iso2022|johab|shift|utf)")
"""Encodings with several bytes a character, as charset-normalizer names them."""

_EAST_ASIAN = re.compile("([a-z])?[\u2e80-\ud7ff\uf900-\uffef\U00020000-\U0003ffff]+([a-z])?")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, its encoding, and a note when something was replaced or guessed."""

    text: str
    encoding: str
    note: str | None = None


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Decode the bytes of a document.

    Args:
        data: The bytes.
        declared: The encoding that the document declares; used only if it decodes without errors.

    Raises:
        SourceError: When the bytes are not text; the message names what they look like.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            text = data.decode(encoding, errors="replace")
            note = "damaged characters replaced" if "\ufffd" in text else None
            return Decoded(normalize_text(text), encoding, note)
    _refuse_binary_formats(data)
    seven_bit = _decode_seven_bit(data)
    if seven_bit is not None:
        return seven_bit
    unicode = _decode_strictly(data, "utf-8")
    if b"\x00" in data or _has_controls(data):
        return _decode_utf16_or_refuse(data, valid=unicode is not None)
    if unicode is not None:
        return unicode
    return _decode_damaged_or_other(data, declared)


def normalize_text(text: str) -> str:
    r"""Return `text` with `\n` for every line end, and without NULs and lone surrogates.

    Very long white space is shortened: every expression that looks for a word after a space would
    go through it again from each of its characters.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        text = text.replace("\x00", "")
    text = _LONG_SPACE.sub(lambda found: "\n\n" if "\n" in found[0] else " ", text)
    return without_surrogates(text)


def _refuse_binary_formats(data: bytes) -> None:
    for magic, name in _BINARY_FORMATS:
        if data.startswith(magic):
            if _ENCRYPTED_OFFICE in data:
                raise SourceError("an encrypted office document")
            raise SourceError(f"not text: {name}")


def _has_controls(data: bytes) -> bool:
    """Whether there are more control characters than in text, tabs and line ends aside."""
    sample = data[:_SAMPLE]
    spacing = sum(sample.count(c) for c in b"\t\n\v\f\r\x1b")
    return _count_controls(sample) - spacing > len(sample) // 20


def _count_controls(data: bytes) -> int:
    return sum(data.count(bytes([c])) for c in range(32))


def _decode_strictly(data: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(normalize_text(data.decode(encoding)), encoding)
    except (LookupError, UnicodeDecodeError):
        return None


def _decode_seven_bit(data: bytes) -> Decoded | None:
    """Decode bytes that look like ASCII but are ISO 2022 or UTF-7; None for any others."""
    encoding = seven_bit_encoding(data)
    if encoding is None:
        return None
    decoded = _decode_strictly(data, encoding)
    if decoded is None:
        raise SourceError(
            f"its encoding looks like {encoding}, but decoding it fails; save it as UTF-8"
        )
    return Decoded(decoded.text, encoding, f"read as {encoding}")


def _decode_damaged_or_other(data: bytes, declared: str | None) -> Decoded:
    """Decode bytes that are damaged UTF-8 or in another encoding."""
    damaged = DamagedUtf8(data)
    if damaged.mostly_valid():
        return _decode_with_replacement(data)
    as_declared = _decode_strictly(data, declared) if declared else None
    if as_declared and _MULTIBYTE_ENCODING.match(_normalized_name(as_declared.encoding)):
        return as_declared
    guessed = _guess_encoding(data)
    western = _mostly_latin(data) and not (guessed and _is_multibyte(data, guessed))
    if western and damaged.valid_where_latin():
        return _decode_with_replacement(data)
    if as_declared:
        return as_declared
    if western and guessed is not None:
        mixed = ", with UTF-8 among it" if damaged.latin else ""
        text = normalize_text(damaged.decode_western())
        return Decoded(text, WESTERN, f"read as {WESTERN}{mixed}")
    return _decode_as_guessed(data, guessed)


def _decode_with_replacement(data: bytes) -> Decoded:
    text = data.decode("utf-8", errors="replace")
    return Decoded(normalize_text(text), "utf-8", "invalid UTF-8 replaced")


def _normalized_name(encoding: str) -> str:
    """Return the name of an encoding in the spelling of charset-normalizer."""
    try:
        return codecs.lookup(encoding).name.replace("-", "_")
    except LookupError:
        return encoding


def _guess_encoding(data: bytes) -> str | None:
    best = from_bytes(data[: 8 * _SAMPLE]).best()
    return None if best is None else best.encoding


def _is_multibyte(data: bytes, encoding: str) -> bool:
    """Whether mostly Latin text may be in an encoding with several bytes a character.

    It is not when that gives Chinese or Japanese characters within western words: then an accented
    letter and its neighbour were taken for one character.
    """
    if not _MULTIBYTE_ENCODING.match(encoding):
        return False
    runs = list(_EAST_ASIAN.finditer(data[:_SAMPLE].decode(encoding, errors="replace")))
    return 2 * sum(bool(run[1] or run[2]) for run in runs) <= len(runs)


def _decode_as_guessed(data: bytes, encoding: str | None) -> Decoded:
    if encoding is None:
        raise SourceError("its encoding cannot be determined; save it as UTF-8")
    text = data.decode(encoding, errors="replace")
    if text.count("\ufffd") > max(3, len(text) // 1000):
        raise SourceError(
            f"its encoding looks like {encoding}, but decoding it fails; save it as UTF-8"
        )
    return Decoded(normalize_text(text), encoding, f"read as {encoding}")


def _mostly_latin(data: bytes) -> bool:
    """Whether few letters are not ASCII, as in the languages of western Europe.

    Between the code pages for these, a guess is little better than chance on a short text, and
    nearly all releases are in cp1252.
    """
    sample = data[:_SAMPLE]
    plain = sum(bytes([c]).isalpha() for c in sample)
    return sum(c > 127 for c in sample) <= 0.4 * plain  # noqa: PLR2004 - ASCII


def _decode_utf16_or_refuse(data: bytes, *, valid: bool) -> Decoded:
    """Decode UTF-16 without a byte-order mark; refuse binary data.

    Args:
        data: Bytes with NULs or control characters.
        valid: Whether they are valid UTF-8. ASCII read as UTF-16 looks like rare Chinese, so then
            about every other byte must be a control character, as in UTF-16 of all scripts below
            U+2000.
    """
    sample = data[: len(data[:_SAMPLE]) // 2 * 2]
    found: list[tuple[int, str]] = []
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        text = sample.decode(encoding, errors="replace")
        odd = sum(c not in "\t\n\r\f" and unicodedata.category(c) in _RARE_CATEGORIES for c in text)
        if odd <= len(text) // 100 and not (valid and _count_controls(high) <= 0.4 * len(high)):
            found.append((len(set(high)), encoding))
    if not found:
        raise SourceError("not text: binary data")
    _, encoding = min(found)  # the high bytes, which name the script, have fewer values
    text = data.decode(encoding, errors="replace")
    return Decoded(normalize_text(text), encoding, f"read as {encoding}")


WESTERN = "cp1252"
"""The code page of nearly all western texts that are not UTF-8."""

# Bytes that do not belong to a character, as "surrogateescape" decodes them.
_STRAY_BYTES = re.compile("[\udc80-\udcff]+")
_NEVER_TEXT = frozenset("\udcfe\udcff")
_NOT_ASCII_CHARACTER = re.compile("[^\x00-\x7f\udc80-\udcff]")
_LATIN_CHARACTER = re.compile(
    "(?<![\udc80-\udcfd])[\u00a0-\u017f\u2010-\u203a\u20ac\u2122](?![\udc80-\udcfd])"
)
_NOT_ASCII = re.compile("[^\x00-\x7f]")

_MARKS_AFTER_LETTER = "…’“”–—\u00a0»"


def _utf8_of_pairs(letters: Iterable[int]) -> str:
    """Return the characters whose two UTF-8 bytes are one of `letters` and a mark in cp1252."""
    return "".join(
        (bytes([a]) + b.encode(WESTERN)).decode() for a in letters for b in _MARKS_AFTER_LETTER
    )


_LETTER_AND_MARK = re.compile(
    f"(?:(?<=[A-Z])[{_utf8_of_pairs(range(0xC3, 0xDF))}]|"
    f"(?<=[A-Za-z])[{_utf8_of_pairs([0xDF])}])(?![A-Za-z])"
)
"""A character of UTF-8 that is probably two of cp1252: an accented capital at the end of a word in
capitals, or a sharp s, with a punctuation mark after it, as in "CAFÉ»"."""


class DamagedUtf8:
    """Bytes that are not valid UTF-8, although parts of them may be."""

    def __init__(self, data: bytes) -> None:
        """Decode the valid parts of `data`."""
        self._data = data
        self._text = data.decode("utf-8", errors="surrogateescape")

    @cached_property
    def by_chance(self) -> frozenset[int]:
        """Positions of characters that are more likely two characters of cp1252."""
        return frozenset(found.start() for found in _LETTER_AND_MARK.finditer(self._text))

    @cached_property
    def latin(self) -> frozenset[int]:
        """Positions of western letters and punctuation marks that are not beside stray bytes."""
        found = (found.start() for found in _LATIN_CHARACTER.finditer(self._text))
        return frozenset(found) - self.by_chance

    def mostly_valid(self) -> bool:
        """Whether there are at least as many characters of several bytes as replacements."""
        replaced = self._data.decode("utf-8", errors="replace").count("\ufffd")
        return replaced <= self._multibyte()

    def valid_where_latin(self) -> bool:
        """Whether a western text is UTF-8: western characters outnumber stray bytes."""
        strays = sum(not _NEVER_TEXT.issuperset(run) for run in _STRAY_BYTES.findall(self._text))
        latin = len(self.latin)
        return latin >= max(1, strays, self._multibyte() - latin)

    def decode_western(self) -> str:
        """Return the text decoded as cp1252, except for what can only be UTF-8."""

        def decode_character(found: re.Match[str]) -> str:
            if found.start() in self.latin:
                return found[0]
            return found[0].encode("utf-8", "surrogateescape").decode(WESTERN, "replace")

        return _NOT_ASCII.sub(decode_character, self._text)

    def _multibyte(self) -> int:
        return len(_NOT_ASCII_CHARACTER.findall(self._text)) - len(self.by_chance)
