"""Mail-outs saved as messages (.eml): the body a release, and each attached document another.

Only what the message itself carries is read; pictures and pages it refers to stay where they
are. The standard library parses; its rules for headers take time that grows faster than their
length, so what no mail program writes is refused before it gets there.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO

from index.errors import SourceError
from index.readers.base import HEAD, BadRecord, Draft, ReaderFor, parser_guard, read_limited
from index.readers.charset import decode, normalize_text
from index.readers.html_fragment import html_to_text
from index.readers.plain import PlainReader

MAX_PARTS = 5_000
"""Lines that may begin a part; a mail-out has some ten."""

MAX_FIELD = 2_000
"""Characters of a header that says what a part is; a long file name makes some hundreds."""

MAX_ATTACHMENTS = 50
"""Attachments that are looked at."""

_FIELD = re.compile(rb"([!-9;-~]+):[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n")
_ENVELOPE = re.compile(rb"From [^\r\n]*\r?\n")
_CERTAIN = frozenset({b"message-id", b"mime-version", b"received", b"return-path"})
_USUAL = frozenset({b"date", b"subject"})
_CONTENT = re.compile(rb"^content-[\w-]+:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
_SEVEN_BIT = re.compile(r"iso-2022-|hz\b", re.IGNORECASE)
"""Character sets whose bytes look like ASCII, so that only the message tells them apart."""

_TEXTS = frozenset({"text/plain", "text/markdown"})
"""Types an attachment has that is plain text to be read, unlike calendars and cards."""

_STUB = 0.3
"""Share of the HTML part's length below which the plain part only says to look at the other."""


class MailReader:
    """Reads one message as one release, and those attached to it."""

    def __init__(self, reader_for: ReaderFor) -> None:
        """Choose the readers of attachments by `reader_for`."""
        self._reader_for = reader_for

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether it begins with the headers of a message and then a blank line."""
        del extension
        place = _start(head)
        names: set[bytes] = set()
        while field := _FIELD.match(head, place):
            names.add(field[1].lower())
            place = field.end()
        blank = head[place : place + 2].startswith((b"\n", b"\r\n")) or place == len(head)
        return blank and b"from" in names and bool(names & _CERTAIN or names >= _USUAL)

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield the message's body, then its attachments."""
        data = read_limited(stream, max_bytes)
        if data.count(b"\n--") > MAX_PARTS:
            raise SourceError("a message of too many parts")
        if any(len(field[0]) > MAX_FIELD for field in _CONTENT.finditer(data)):
            raise SourceError("a message with a header that no mail program writes")
        with parser_guard("the message"):
            message = message_from_bytes(data[_start(data) :], policy=policy.default)
            attached = [part for part in message.iter_attachments() if _name(part)]
            draft = _draft(message)
        yield draft
        for part in attached[:MAX_ATTACHMENTS]:
            yield from _attached(part, draft, max_bytes, self._reader_for)


def _start(data: bytes) -> int:
    """Return where the headers begin: a mailbox puts a line of its own before them."""
    envelope = _ENVELOPE.match(data)
    return envelope.end() if envelope else 0


def _draft(message: EmailMessage) -> Draft:
    plain, html = (message.get_body((form,)) for form in ("plain", "html"))
    text = _text(plain) if plain else ""
    if html is not None:
        full = html_to_text(_text(html))
        text = full if len(text) < _STUB * len(full) else text
    return Draft(
        text.strip("\n"),
        title=_field(message, "Subject"),
        date=_date(message),
        issuer=_sender(message),
        lang=_field(message, "Content-Language"),
    )


def _text(part: MIMEPart) -> str:
    """Return a part's text, its lines joined where the message says they were broken."""
    data = _bytes(part)
    charset = part.get_content_charset() or ""
    if _SEVEN_BIT.match(charset):
        text = normalize_text(data.decode(charset, errors="replace"))
    else:
        text = decode(data, charset).text if data.strip() else ""
    if part.get_param("format") != "flowed":
        return text
    joint = "" if part.get_param("delsp") == "yes" else " "
    lines = (line.removeprefix(" ") for line in text.split("\n"))
    pieces = [line[:-1] + joint if line.endswith(" ") and line != "-- " else f"{line}\n"
              for line in lines]  # fmt: skip
    return "".join(pieces)


def _attached(
    part: MIMEPart, mail: Draft, max_bytes: int, reader_for: ReaderFor
) -> Iterator[Draft | BadRecord]:
    """Yield the releases of an attachment of a form that is read; others are passed over."""
    name = _name(part)
    try:
        with parser_guard("the attachment"):
            data = _bytes(part)
        reader = reader_for(data[:HEAD], PurePosixPath(name).suffix.lower(), inside="mail")
        if isinstance(reader, PlainReader) and part.get_content_type() not in _TEXTS:
            return
        for found in reader.read(BytesIO(data), max_bytes):
            if isinstance(found, BadRecord):
                yield BadRecord(f"{name}: {found.where}", found.reason)
            else:
                yield replace(
                    found, member=name, issuer=found.issuer or mail.issuer,
                    created=mail.date or found.created,
                )  # fmt: skip
    except SourceError as error:
        yield BadRecord(name, str(error))


def _bytes(part: MIMEPart) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _name(part: MIMEPart) -> str:
    return " ".join(normalize_text(part.get_filename() or "").split())


def _field(message: EmailMessage, name: str) -> str | None:
    value = _short(message, name)
    return None if value is None else " ".join(normalize_text(str(value)).split()) or None


def _short(message: EmailMessage, name: str) -> object | None:
    """Return a header, parsed, unless it is longer than any that says something."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            return message[name] if len(str(value)) <= MAX_FIELD else None
    return None


def _date(message: EmailMessage) -> str | None:
    """Return the day on which it was sent, as its sender's clock had it."""
    moment = getattr(_short(message, "Date"), "datetime", None)
    return moment.date().isoformat() if moment else None


def _sender(message: EmailMessage) -> str | None:
    addresses = getattr(_short(message, "From"), "addresses", ())
    name = addresses[0].display_name if addresses else ""
    return " ".join(normalize_text(name).split()) or None
