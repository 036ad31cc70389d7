"""What the harnesses of documents share: from the bytes of a file to releases that are checked."""

import re
from collections.abc import Iterable
from io import BytesIO

from index_parts import check_offsets
from letterheads import FORMATS, styles

from fuzzing.core import MAX_BYTES, declared
from index.errors import SourceError
from index.ingest.parse import parse_release
from index.readers.base import BadRecord, Draft, Reader
from index.structure.passages import EncoderWindow

_TOKENS = re.compile(r"\w{1,12}|[^\w\s]")
WINDOW = EncoderWindow(64, lambda text: [token.start() for token in _TOKENS.finditer(text)])
"""A small window that loads no tokenizer."""

_MAX_SIZE = 1_000_000


def read(reader: Reader, data: bytes) -> None:
    """Read a file's bytes, and find the structure and the passages of all its releases."""
    with declared(SourceError):
        parse_all(reader.read(BytesIO(data), _MAX_SIZE))


def parse_all(drafts: Iterable[Draft | BadRecord]) -> None:
    """Parse drafts as `index.ingest.parse` does, and check the releases."""
    for draft in drafts:
        if isinstance(draft, BadRecord):
            f"{draft.where}: {draft.reason}".encode()
        elif any(map(str.isalnum, draft.text)):
            parsed = parse_release(draft, "release", WINDOW)
            check_offsets(parsed, WINDOW)
            release = parsed.release
            for value in (release.text, release.title, release.issuer, release.url, release.lang):
                (value or "").encode()  # can be stored and written


def letterheads(format_name: str, every: int = 8) -> list[bytes]:
    """Return some of the releases of `letterheads` as files of a format."""
    files = (FORMATS[format_name](style) for style in styles()[::every])
    return [data for data in files if len(data) <= MAX_BYTES]
