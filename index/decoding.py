"""Bytes to text: which encoding a file is in, and what to do where it is broken.

A byte-order mark decides; then valid UTF-8; then mostly valid UTF-8, decoded with
replacement; then charset-normalizer's guess. What looks like no text at all is refused, so
that nothing unreadable is stored silently.
"""

import re
from dataclasses import dataclass

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
    (b"%PDF-", "a PDF document, which this version does not read"),
    (b"PK\x03\x04", "a zip archive or office document, which this version does not read"),
    (b"\xd0\xcf\x11\xe0", "an old office document, which this version does not read"),
    (b"\x7fELF", "a program"), (b"MZ\x90", "a program"), (b"SQLite format 3", "a database"),
    (b"ID3", "an audio file"), (b"OggS", "an audio file"), (b"Rar!", "a rar archive"),
    (b"7z\xbc\xaf", "a 7z archive"), (b"BZh", "a bzip2 file"), (b"\xfd7zXZ", "an xz file"),
)  # fmt: skip
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SAMPLE = 65_536
_WESTERN = frozenset(
    "cp1250 cp1252 cp1254 cp1257 cp437 cp850 cp858 latin_1 iso8859_2 iso8859_3 iso8859_9 "
    "iso8859_10 iso8859_13 iso8859_14 iso8859_15 iso8859_16 mac_roman mac_latin2 mac_turkish "
    "mac_iceland hp_roman8 cp1026 cp1140 cp037 cp500 cp273".split()
)
"""Code pages that differ in a few letters only; among them a release is cp1252 as good as always."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was in, and a note when something was replaced or guessed."""

    text: str
    encoding: str
    note: str | None = None


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Decode `data`, normalising newlines and removing NUL bytes.

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
            return Decoded(tidy(text), encoding, note)
    _refuse_binary(data)
    try:
        return Decoded(tidy(data.decode("utf-8")), "utf-8")
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", errors="replace")
    if 0 < text.count("\ufffd") <= len(_MULTIBYTE.findall(data)):
        return Decoded(tidy(text), "utf-8", "invalid UTF-8 replaced")
    if declared and (decoded := _strictly(data, declared)) is not None:
        return decoded
    return _guess(data)


def tidy(text: str) -> str:
    r"""Return `text` with `\n` for every line end, and without NULs and lone surrogates."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        text = text.replace("\x00", "")
    return _SURROGATE.sub("\ufffd", text)


def has_surrogate(text: str) -> bool:
    """Whether `text` holds a lone surrogate, which no file can hold."""
    return _SURROGATE.search(text) is not None


def _refuse_binary(data: bytes) -> None:
    for magic, name in _BINARY:
        if data.startswith(magic):
            raise SourceError(f"not text: {name}")
    sample = data[:_SAMPLE]
    controls = sum(sample.count(bytes([c])) for c in (*range(1, 9), *range(14, 27), 28, 29, 30, 31))
    if controls > len(sample) // 20:
        raise SourceError("not text: binary data")


def _strictly(data: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(tidy(data.decode(encoding)), encoding)
    except (LookupError, UnicodeDecodeError):
        return None


def _guess(data: bytes) -> Decoded:
    wide = _wide(data)
    if wide is not None:
        return Decoded(tidy(data.decode(wide, errors="replace")), wide, f"read as {wide}")
    if data.count(b"\x00") > len(data) // 20:
        raise SourceError("not text: binary data")
    best = from_bytes(data[: 8 * _SAMPLE]).best()
    if best is None:
        raise SourceError("its encoding cannot be told; save it as UTF-8")
    encoding = "cp1252" if best.encoding in _WESTERN else best.encoding
    text = data.decode(encoding, errors="replace")
    if text.count("\ufffd") > max(3, len(text) // 1000):
        raise SourceError(f"its encoding looks like {encoding} but does not decode; save it as UTF-8")
    return Decoded(tidy(text), encoding, f"read as {encoding}")


def _wide(data: bytes) -> str | None:
    """Recognise UTF-16 without a mark: in most scripts one byte of each pair repeats."""
    sample = data[:_SAMPLE]
    half = len(sample) // 2
    if half == 0:
        return None
    if sample[1::2].count(0) > half * 0.4 > sample[0::2].count(0) * 2:
        return "utf-16-le"
    if sample[0::2].count(0) > half * 0.4 > sample[1::2].count(0) * 2:
        return "utf-16-be"
    return None
