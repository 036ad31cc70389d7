"""What readers share: the protocol, the draft of a release, and checks of untrusted bytes.

Each reader is one module and knows one format; `index.readers.registry` chooses among them.
"""

import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO, Literal, Protocol

from index.errors import SourceError
from index.readers.charset import normalize_text
from index.structure.headline.issuer_evidence import Mention, Place, mentions
from index.structure.headline.stated_title import is_carrier

HEAD = 65_536
"""Bytes from the start of a source, by which its reader is chosen."""

_PIECE = 1_000_000
"""Bytes that are read at once."""

_CONFIRMED_WITHIN = 2_000
_FIRST_CHARACTERS, _FIRST_LINES = 8_000, 60
_NOT_IN_SLUG = re.compile(r"[^\w.]+")
_ACCOUNT = re.compile(r"[a-z0-9._-]*")
"""An author's name like this is that of an account or a program, not of an issuer."""


_PANIC = "PanicException"
"""What a library written in Rust raises where a C library would crash. It is no `Exception`, so
that it would end the program, and its class has no place to import it from."""


@dataclass(frozen=True, slots=True)
class Draft:
    r"""A release as its source has it, before its structure and language are analyzed.

    Attributes:
        text: Paragraphs separated by newlines, with `\n` for every line end.
        release_id: The source's own id, or None.
        title, date, issuer, lang, url: As far as the source gives them.
        metadata: Other fields of the source, unchanged.
        member: The name of the archive member or attachment it was found in, or None.
        names: Names that may be the issuer's, such as a mail's sender, weighed with those in the
            text when the source gives no issuer.
        place_guess: Where the release was issued, used when the text names no place.
        created: When the file was created or sent; used as date when neither source nor text has
            one.
        note: Something the user may want to know, such as a guessed encoding.
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
    names: tuple[Mention, ...] = ()
    place_guess: str | None = None
    created: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record of a source that could not be read: where it is, and why."""

    where: str
    reason: str


class Reader(Protocol):
    """Reads sources of one format."""

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether a source that begins with `head` has this format."""

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield the releases of `stream`.

        Raises:
            SourceError: When the source as a whole cannot be read.
        """


Container = Literal["archive", "mail"]
"""What a source can be inside of."""


class ReaderFor(Protocol):
    """Chooses a reader by content, as `index.readers.registry.reader_for` does.

    Readers of formats that contain other sources are given it, since they cannot import the
    registry.
    """

    def __call__(self, head: bytes, extension: str, *, inside: Container | None = None) -> Reader:
        """Return the reader for a source that begins with `head`."""


def read_limited(stream: BinaryIO, max_bytes: int) -> bytes:
    """Return all of `stream`, or refuse more than `max_bytes` before reading it all.

    Raises:
        SourceError: When there is more, or the compressed data is damaged.
    """
    found = io.BytesIO()
    try:
        # In pieces: a stream may set aside memory for as much as it is asked for.
        while piece := stream.read(min(_PIECE, max_bytes + 1 - found.tell())):
            found.write(piece)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"cannot be read: {error}") from error
    if found.tell() > max_bytes:
        raise SourceError(f"larger than {max_bytes // 1_000_000} MB; raise --max-mb to read it")
    return found.getvalue()


@contextmanager
def parser_guard(what: str) -> Iterator[None]:
    """Turn any exception of a parser on untrusted bytes into a `SourceError`.

    Args:
        what: The subject of the message, such as "the page".

    Raises:
        SourceError: In place of every other exception.
    """
    try:
        yield
    except SourceError:
        raise
    except MemoryError as error:
        raise SourceError(f"{what} takes too much memory to read") from error
    except Exception as error:
        raise SourceError(f"{what} cannot be parsed") from error
    except BaseException as error:
        if type(error).__name__ == _PANIC:
            raise SourceError(f"{what} cannot be parsed") from error
        raise


def slugify(name: str) -> str:
    """Return a name as an id: lower case, without white space, never empty."""
    encodable = name.encode("utf-8", errors="replace").decode("utf-8").casefold()
    return _NOT_IN_SLUG.sub("-", encodable).strip("-.") or "release"


def single_line(value: object) -> str | None:
    """Return a field's text on one line, without control characters; None if it has none."""
    return " ".join(normalize_text(value).split()) or None if isinstance(value, str) else None


def issuer_name(author: object) -> str | None:
    """Return an author's name as an issuer, unless it is an account such as `jsmith2`."""
    name = single_line(author)
    return None if name is None or "@" in name or _ACCOUNT.fullmatch(name) else name


def stated_names(*written: tuple[Place, object]) -> tuple[Mention, ...]:
    """Return the names that a source states beside its text, cleaned."""
    named = ((place, issuer_name(value)) for place, value in written)
    return tuple(mentions([(place, name) for place, name in named if name is not None]))


def sender_name(value: object) -> str | None:
    """Return the name of a sender or a site as that of an issuer.

    None for a service that carries the releases of many, and for "Press Office" and the like.
    """
    name = issuer_name(value)
    if name is None or is_carrier(name):
        return None
    return name


def confirmed_title(title: object, text: str) -> str | None:
    """Return the title in a file's properties if the text begins with it; many are leftovers."""
    words = single_line(title)
    start = " ".join(text[:_CONFIRMED_WITHIN].split()).casefold()
    return words if words and words.casefold() in start else None


def first_lines(text: str) -> list[str]:
    """Return the lines of a text among which its headline stands."""
    return [line.strip() for line in text[:_FIRST_CHARACTERS].split("\n")][:_FIRST_LINES]


def web_address(value: object) -> str | None:
    """Return `value` if it is an http address; others are never opened, so they are not kept."""
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        return value
    return None
