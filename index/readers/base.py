"""What every reader takes and gives: the protocol, the draft of a release, shared checks.

Each reader is a module of its own and knows one format. `index.readers.registry` chooses among
them.
"""

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO, Literal, Protocol

from index.errors import SourceError
from index.readers.charset import normalize_text

_SLUG = re.compile(r"[^\w.]+")

_LOGIN = re.compile(r"[a-z0-9._-]*")
"""A name like this is that of an account, or of a program, and not of who issued a release."""

HEAD = 65_536
"""Bytes looked at to tell a form."""


@dataclass(frozen=True, slots=True)
class Draft:
    r"""A release as its source has it, before structure and language are worked out.

    Attributes:
        text: Paragraphs separated by newlines, `\n` for every line end.
        release_id: The source's own id, or None.
        title, date, issuer, lang, url: As far as the source names them.
        metadata: Other fields, kept as they came.
        member: The member or attachment it was found in, where the source holds several.
        created: When its file was made: its date where neither the source nor the text names one.
        note: Something a user may want to know, such as a guessed encoding.
    """

    text: str
    release_id: str | None = None
    title: str | None = None
    date: str | None = None
    issuer: str | None = None
    lang: str | None = None
    url: str | None = None
    metadata: dict[str, object] = field(default_factory=dict)
    member: str | None = None
    created: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record of a source that could not be read: which, and why."""

    where: str
    reason: str


Holder = Literal["archive", "mail"]
"""What may hold a source that is none of its own."""


class Reader(Protocol):
    """One form of source."""

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether a source that begins with `head` is of this form."""

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield the releases of `stream`.

        Raises:
            SourceError: When the source as a whole cannot be read.
        """


class ReaderFor(Protocol):
    """Chooses a reader by content: `index.readers.registry.reader_for`.

    Formats that hold other sources are given it, since they cannot import the registry.
    """

    def __call__(self, head: bytes, extension: str, *, inside: Holder | None = None) -> Reader:
        """Return the reader for a source that begins with `head`."""


def read_limited(stream: BinaryIO, max_bytes: int) -> bytes:
    """Return all of `stream`, or refuse more than `max_bytes` without reading it all.

    Raises:
        SourceError: When there is more, or the compression is damaged.
    """
    try:
        data = stream.read(max_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"cannot be read: {error}") from error
    if len(data) > max_bytes:
        raise SourceError(f"larger than {max_bytes // 1_000_000} MB; raise --max-mb to read it")
    return data


@contextmanager
def parser_guard(what: str) -> Iterator[None]:
    """Turn whatever a parser raises on bytes that nobody vouches for into a reason.

    Args:
        what: Named in the reason, such as "the page".

    Raises:
        SourceError: In place of every other exception.
    """
    try:
        yield
    except SourceError:
        raise
    except Exception as error:
        raise SourceError(f"{what} cannot be parsed") from error


def slugify(name: str) -> str:
    """Return a file's stem as an id: lower case, no white space, never empty."""
    clean = name.encode("utf-8", errors="replace").decode("utf-8").casefold()
    return _SLUG.sub("-", clean).strip("-.") or "release"


def issuer_name(author: object) -> str | None:
    """Return an author's name as an issuer's, unless it is an account such as `jsmith2`."""
    name = " ".join(normalize_text(author).split()) if isinstance(author, str) else ""
    return None if "@" in name or _LOGIN.fullmatch(name) else name


def web_address(value: object) -> str | None:
    """Return `value` if it is an address on the web; others are never opened, so never kept."""
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        return value
    return None
