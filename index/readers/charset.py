"""Bytes to text: which encoding a file is in, and what to do where it is broken.

A byte-order mark decides; then valid UTF-8; then mostly valid UTF-8, decoded with
replacement; then what the document declares; then charset-normalizer's guess. What holds NULs
is UTF-16 without its mark or no text. What looks like no text at all is refused, so that
nothing unreadable is stored silently. What is mostly UTF-8: `index.readers.charset`.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from charset_normalizer import from_bytes

from index.errors import SourceError

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_BINARY = (
    (b"\x89PNG", "a PNG image"), (b"\xff\xd8\xff", "a JPEG image"), (b"GIF8", "a GIF image"),
    (b"\xd0\xcf\x11\xe0", "an old office document (such as .doc or .msg), which is not supported"),
    (b"\x7fELF", "a program"), (b"MZ\x90", "a program"), (b"SQLite format 3", "a database"),
    (b"ID3", "an audio file"), (b"OggS", "an audio file"), (b"Rar!", "a rar archive"),
    (b"{\\rtf", "an RTF document, which is not supported"),
    (b"7z\xbc\xaf", "a 7z archive"), (b"BZh", "a bzip2 file"), (b"\xfd7zXZ", "an xz file"),
)  # fmt: skip
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
"""Names the one stream of interest in an office document with a password, an old container."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_SAMPLE = 65_536
_ODD = frozenset({"Cc", "Cn", "Co", "Cs"})
"""Categories of characters that no text has many of: controls, unassigned, private, surrogates."""

_WIDE = re.compile(r"^(?:big5|cp932|cp949|cp950|euc|gb|hz|iso2022|johab|shift|utf)")
"""Encodings of several bytes a character, as charset-normalizer names them."""

_EAST_ASIAN = re.compile("([a-z])?[\u2e80-\ud7ff\uf900-\uffef\U00020000-\U0003ffff]+([a-z])?")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was in, and a note when something was replaced or guessed."""

    text: str
    encoding: str
    note: str | None = None


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Decode `data`, normalising newlines.

    Args:
        data: The bytes of one document.
        declared: What the document says of itself; believed only if it decodes cleanly.

    Raises:
        SourceError: When the bytes are not text; the message names what they look like.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data.decode(encoding, errors="replace")
            note = "damaged characters replaced" if "\ufffd" in text else None
            return Decoded(normalize_text(text), encoding, note)
    _refuse_known(data)
    unicode = _strictly(data, "utf-8")
    if b"\x00" in data or _has_controls(data):
        return _without_mark(data, valid=unicode is not None)
    if unicode is not None:
        return unicode
    return _no_valid_utf8(data, declared)


def normalize_text(text: str) -> str:
    r"""Return `text` with `\n` for every line end, and without NULs and lone surrogates."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        text = text.replace("\x00", "")
    return without_surrogates(text)


def without_surrogates(text: str) -> str:
    """Return `text` with U+FFFD for each lone surrogate, which no file can hold."""
    return _SURROGATE.sub("\ufffd", text)


def has_surrogate(text: str) -> bool:
    """Whether `text` holds a lone surrogate."""
    return _SURROGATE.search(text) is not None


def _refuse_known(data: bytes) -> None:
    for magic, name in _BINARY:
        if data.startswith(magic):
            if _ENCRYPTED_OFFICE in data:
                raise SourceError("an encrypted office document")
            raise SourceError(f"not text: {name}")


def _has_controls(data: bytes) -> bool:
    """Whether more control characters occur than in any text, tabs and line ends aside."""
    sample = data[:_SAMPLE]
    spacing = sum(sample.count(c) for c in b"\t\n\v\f\r\x1b")
    return _controls(sample) - spacing > len(sample) // 20


def _controls(data: bytes) -> int:
    return sum(data.count(bytes([c])) for c in range(32))


def _strictly(data: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(normalize_text(data.decode(encoding)), encoding)
    except (LookupError, UnicodeDecodeError):
        return None


def _no_valid_utf8(data: bytes, declared: str | None) -> Decoded:
    """Decode what is UTF-8 with damage, or in another encoding."""
    damaged = DamagedUtf8(data)
    if damaged.mostly_valid():
        return _replaced(data)
    said = _strictly(data, declared) if declared else None
    if said is not None and _WIDE.match(_normal(said.encoding)):
        return said
    guessed = _guessed_encoding(data)
    western = _mostly_latin(data) and not (guessed and _is_wide(data, guessed))
    if western and damaged.valid_where_latin():
        return _replaced(data)
    if said is not None:
        return said
    if western and guessed is not None:
        among = ", with UTF-8 among it" if damaged.latin else ""
        return Decoded(normalize_text(damaged.in_western()), WESTERN, f"read as {WESTERN}{among}")
    return _guess(data, guessed)


def _replaced(data: bytes) -> Decoded:
    return Decoded(
        normalize_text(data.decode("utf-8", errors="replace")), "utf-8", "invalid UTF-8 replaced"
    )


def _normal(encoding: str) -> str:
    """Return the name of an encoding as charset-normalizer writes it."""
    try:
        return codecs.lookup(encoding).name.replace("-", "_")
    except LookupError:
        return encoding


def _guessed_encoding(data: bytes) -> str | None:
    best = from_bytes(data[: 8 * _SAMPLE]).best()
    return None if best is None else best.encoding


def _is_wide(data: bytes, encoding: str) -> bool:
    """Whether mostly Latin text may be in an encoding of several bytes a character.

    It is not where that finds Chinese or Japanese in the middle of western words: there an accent
    and its neighbour were taken for one character.
    """
    if not _WIDE.match(encoding):
        return False
    runs = list(_EAST_ASIAN.finditer(data[:_SAMPLE].decode(encoding, errors="replace")))
    return 2 * sum(bool(run[1] or run[2]) for run in runs) <= len(runs)


def _guess(data: bytes, encoding: str | None) -> Decoded:
    if encoding is None:
        raise SourceError("its encoding cannot be told; save it as UTF-8")
    text = data.decode(encoding, errors="replace")
    if text.count("\ufffd") > max(3, len(text) // 1000):
        raise SourceError(
            f"its encoding looks like {encoding} but does not decode; save it as UTF-8"
        )
    return Decoded(normalize_text(text), encoding, f"read as {encoding}")


def _mostly_latin(data: bytes) -> bool:
    """Whether letters beyond ASCII are few, as in the languages of western Europe.

    Among the code pages of that look the guess is little better than chance on a short text;
    a release is cp1252 as good as always.
    """
    sample = data[:_SAMPLE]
    plain = sum(bytes([c]).isalpha() for c in sample)
    return sum(c > 127 for c in sample) <= 0.4 * plain  # noqa: PLR2004 - ASCII


def _without_mark(data: bytes, *, valid: bool) -> Decoded:
    """Decode UTF-16 that lacks its mark, told from binary data by what comes out.

    Args:
        data: Bytes with NULs or control characters.
        valid: Whether they are valid UTF-8 nevertheless. Any ASCII looks like rare Chinese when
            taken for UTF-16, so then every other byte has to be a control, or nearly so, as in
            UTF-16 of all scripts below U+2000.
    """
    sample = data[: len(data[:_SAMPLE]) // 2 * 2]
    found: list[tuple[int, str]] = []
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        text = sample.decode(encoding, errors="replace")
        odd = sum(c not in "\t\n\r\f" and unicodedata.category(c) in _ODD for c in text)
        if odd <= len(text) // 100 and not (valid and _controls(high) <= 0.4 * len(high)):
            found.append((len(set(high)), encoding))
    if not found:
        raise SourceError("not text: binary data")
    _, encoding = min(found)  # the half of fewer values is the one that names the script
    text = data.decode(encoding, errors="replace")
    return Decoded(normalize_text(text), encoding, f"read as {encoding}")


WESTERN = "cp1252"
"""The code page that a western text which is no UTF-8 is in, as good as always."""

# What "surrogateescape" makes of bytes that belong to no character.
_STRAY = re.compile("[\udc80-\udcff]+")
_NEVER_TEXT = frozenset("\udcfe\udcff")
_MULTIBYTE = re.compile("[^\x00-\x7f\udc80-\udcff]")
_LATIN = re.compile(
    "(?<![\udc80-\udcfd])[\u00a0-\u017f\u2010-\u203a\u20ac\u2122](?![\udc80-\udcfd])"
)
_HIGH = re.compile("[^\x00-\x7f]")

_CLOSING = "…’“”–—\u00a0»"


def _pairs(letters: Iterable[int]) -> str:
    """Return the characters whose two bytes are one of `letters` and a mark after it."""
    return "".join((bytes([a]) + b.encode(WESTERN)).decode() for a in letters for b in _CLOSING)


_LETTER_AND_MARK = re.compile(
    f"(?:(?<=[A-Z])[{_pairs(range(0xC3, 0xDF))}]|(?<=[A-Za-z])[{_pairs([0xDF])}])(?![A-Za-z])"
)
"""A capital with an accent at the end of a word in capitals, or a sharp s, and a mark after it,
as in "CAFÉ»": one character of UTF-8 by chance."""


class DamagedUtf8:
    """Bytes that are no valid UTF-8, with what of them would be."""

    def __init__(self, data: bytes) -> None:
        """Look at `data`."""
        self._data = data
        self._text = data.decode("utf-8", errors="surrogateescape")

    @cached_property
    def by_chance(self) -> frozenset[int]:
        """Where characters stand that are more likely two of the western code page."""
        return frozenset(found.start() for found in _LETTER_AND_MARK.finditer(self._text))

    @cached_property
    def latin(self) -> frozenset[int]:
        """Where letters and marks of western Europe stand, not beside stray bytes."""
        found = (found.start() for found in _LATIN.finditer(self._text))
        return frozenset(found) - self.by_chance

    def mostly_valid(self) -> bool:
        """Whether there are as many characters of several bytes as replacements."""
        replaced = self._data.decode("utf-8", errors="replace").count("\ufffd")
        return replaced <= self._multibyte()

    def valid_where_latin(self) -> bool:
        """Whether a western text is UTF-8: characters against stretches of stray bytes."""
        strays = sum(not _NEVER_TEXT.issuperset(run) for run in _STRAY.findall(self._text))
        latin = len(self.latin)
        return latin >= max(1, strays, self._multibyte() - latin)

    def in_western(self) -> str:
        """Return the text in the western code page, but for what can only be UTF-8 in it."""

        def read(found: "re.Match[str]") -> str:
            if found.start() in self.latin:
                return found[0]
            return found[0].encode("utf-8", "surrogateescape").decode(WESTERN, "replace")

        return _HIGH.sub(read, self._text)

    def _multibyte(self) -> int:
        return len(_MULTIBYTE.findall(self._text)) - len(self.by_chance)
