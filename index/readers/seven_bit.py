"""Encodings whose bytes are all ASCII: ISO 2022 for Japanese, Korean and Chinese, and UTF-7.

Their bytes are valid UTF-8, so they would be stored as the nonsense that they look like. ISO 2022
switches between character sets by escape sequences that no other text has. UTF-7 writes other
characters as Base64 between "+" and "-", which can be ordinary text. It is recognized only if every
"+" is the start of such a run, and if the runs give letters or signs of Europe and its neighbours,
or a text that is mostly Chinese, Japanese or Korean.
"""

import re

_ISO_2022 = (
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
    (re.compile(rb"\x1b(?:\$\(?A|\$\(C|\.[AF])"), "iso2022_jp_2"),  # Chinese, Korean, European
    (re.compile(rb"\x1b(?:\(I|\$\(D)"), "iso2022_jp_ext"),  # half-width and rare Japanese
    (re.compile(rb"\x1b(?:\$[@B]|\(J)"), "iso2022_jp"),
)
"""Escape sequences that switch to other character sets, and the variant that has them all."""
_RUN = re.compile(rb"\+([A-Za-z0-9/][A-Za-z0-9+/]+)(-?)")
_NEAR = re.compile("[\u00a0-\u024f\u0370-\u06ff\u1e00-\u1fff\u2010-\u205e\u20a0-\u20cf\u2122]+")
"""Letters and signs of Europe and its neighbours."""
_FAR = re.compile("[\u3000-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff00-\uffef]")
"""Letters and signs of Chinese, Japanese and Korean."""
_FEWEST_FAR = 10


def seven_bit_encoding(data: bytes) -> str | None:
    """Return the encoding of bytes that are valid UTF-8 but mean other text; None for ASCII."""
    if not data.isascii() or b"\x00" in data:
        return None
    if b"\x1b" in data:
        for escape, encoding in _ISO_2022:
            if escape.search(data):
                return encoding
    return "utf_7" if b"+" in data and _is_utf_7(data) else None


def _is_utf_7(data: bytes) -> bool:
    try:
        text = data.decode("utf-7")
    except UnicodeDecodeError:
        return False
    written = list(_RUN.finditer(data))
    if all(_NEAR.fullmatch(_decoded(run[1])) for run in written):
        # A single short run may be a word by chance, unless it is closed or an accented letter.
        return len(written) > 1 or any(run[2] or run[1].startswith(b"A") for run in written)
    letters = sum(map(str.isalpha, text))
    far = len(_FAR.findall(text))
    return far >= _FEWEST_FAR and 2 * far > letters


def _decoded(run: bytes) -> str:
    return (b"+" + run + b"-").decode("utf-7", errors="replace")
