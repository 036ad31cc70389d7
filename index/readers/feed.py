"""RSS and Atom feeds saved as files: each entry is a release.

feedparser reads all dialects and tolerates common errors. It is given bytes, never a name or an
address, which it would open; nothing that a feed links to is fetched. HTML in entries is read by
`index.readers.html_fragment`.
"""

import datetime as dt
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html.entities import name2codepoint
from typing import Any, BinaryIO
from xml.parsers import expat

from index.errors import SourceError
from index.readers.base import (
    BadRecord,
    Draft,
    issuer_name,
    parser_guard,
    read_limited,
    single_line,
    slugify,
    web_address,
)
from index.readers.charset import normalize_text
from index.readers.html_fragment import MAX_ATTRIBUTES, has_long_tag, has_markup, html_to_text
from index.text.dates import parse_date

MAX_FEED = 32_000_000
"""Bytes; newsrooms keep about a hundred releases in a feed, archives about a thousand."""

MAX_MALFORMED = 1_000_000
"""Bytes of a feed that is not well-formed XML; reading it takes seconds for each million."""

_ROOT_ELEMENT = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
_XML_START = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*<(?:\?xml|!doctype\s+rss|rss|feed|rdf)\b", re.IGNORECASE
)
_HTML_START = re.compile(rb"<html\b", re.IGNORECASE)
_ROOT_END = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_ENTITY_DECLARATION = re.compile(
    rb"<!ENTITY\s+[\w:.-]+\s+(?:SYSTEM|PUBLIC|\"[^\"]*&(?!#)|'[^']*&(?!#))", re.IGNORECASE
)
_CDATA = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
"""Text in a feed, often HTML, whose own elements are checked when it is read."""

_NAMED_ENTITY = re.compile(rb"&(\w{2,8});")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot"})
_END_BYTES = 2_000
"""Bytes from the end in which the root element ends; caches add a comment after it."""

_GLOBAL_ID_PREFIXES = ("http://", "https://", "urn:", "tag:")
"""Prefixes of an entry's id that is unique everywhere, not only in its feed."""


class FeedReader:
    """Reads the entries of one feed."""

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether the source is XML with the root element of a feed."""
        del extension
        root = _ROOT_ELEMENT.search(head[:4096])
        return bool(
            root and _XML_START.match(head) and not _HTML_START.search(head[: root.start()])
        )

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield a draft for each entry, in the feed's order."""
        data = read_limited(stream, max_bytes)
        if len(data) > MAX_FEED:
            raise SourceError("it is too large to be a feed")
        root = _ROOT_ELEMENT.search(data)
        if _ENTITY_DECLARATION.search(data[: root.start() if root else None]):
            raise SourceError("a feed that declares XML entities, which are not supported")
        if has_long_tag(_CDATA.sub(b"", data).decode("latin-1")):
            raise _too_many_attributes()
        data = _NAMED_ENTITY.sub(_numeric_entity, data)
        if not _is_well_formed(data) and len(data) > MAX_MALFORMED:
            raise SourceError("a damaged feed that is too large to be read")
        with parser_guard("the feed"):
            import feedparser

            found = feedparser.parse(
                io.BytesIO(data),
                resolve_relative_uris=False,
                sanitize_html=False,
            )
            feed = _Feed(dict(found.feed), [dict(entry) for entry in found.entries])
        if not feed.entries:
            raise SourceError("a feed without entries")
        cut = _ROOT_END.search(data[-_END_BYTES:]) is None
        for number, entry in enumerate(feed.entries, start=1):
            if cut and number == len(feed.entries):
                yield BadRecord(f"entry {number}", "the feed ends in the middle of it")
                return
            try:
                yield feed.draft(entry)
            except SourceError as error:
                yield BadRecord(f"entry {number}", str(error))


class _Feed:
    """A feed's own fields and its entries, with the names that feedparser gives them."""

    def __init__(self, fields: Mapping[str, Any], entries: list[Mapping[str, Any]]) -> None:
        self.entries = entries
        self._title = _single_line_text(fields.get("title"))
        self._lang = fields.get("language")
        self._scope = str(fields.get("id") or fields.get("link") or self._title)
        self._guids = Counter(_guid(entry) for entry in entries)

    def draft(self, entry: Mapping[str, Any]) -> Draft:
        """Return an entry as a draft.

        Raises:
            SourceError: When its HTML cannot be read.
        """
        body = _body(entry)
        text = _text(body)
        address = web_address(entry.get("link")) or web_address(entry.get("id"))
        author = _author(entry)
        return Draft(
            text,
            release_id=self._id(entry, text),
            title=_single_line_text(entry.get("title")),
            date=_date(entry),
            issuer=_single_line_text(entry.get("publisher"))
            or _single_line_text(dict(entry.get("source") or {}).get("title"))
            or issuer_name(author)
            or self._title,
            lang=body.get("language") or self._lang,
            url=address,
            metadata={"author": author} if author else {},
        )

    def _id(self, entry: Mapping[str, Any], text: str) -> str:
        """Return a unique id that stays the same as long as the entry keeps its guid.

        The ids of entries that share a guid depend on all their fields.
        """
        guid = _guid(entry)
        facts = [guid] if guid.startswith(_GLOBAL_ID_PREFIXES) else [self._scope, guid]
        if not guid or self._guids[guid] > 1:
            facts += [str(entry.get(name)) for name in ("title", "link", "published")]
            facts.append(text)
        digest = hashlib.sha256("\0".join(map(normalize_text, facts)).encode()).hexdigest()[:12]
        name = guid.rstrip("/").rpartition("/")[2] or str(entry.get("title") or "")
        return f"{slugify(normalize_text(name))[:60]}-{digest}"


def _is_well_formed(data: bytes) -> bool:
    """Whether the feed is well-formed XML.

    Raises:
        SourceError: When an element has so many attributes that feedparser would not end.
    """
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.StartElementHandler = _refuse_long_tag
    try:
        parser.Parse(data, True)  # noqa: FBT003 - the last of the data
    except (expat.ExpatError, LookupError, ValueError):
        return False
    return True


def _refuse_long_tag(_name: str, attributes: list[str]) -> None:
    if len(attributes) > 2 * MAX_ATTRIBUTES:  # names and values
        raise _too_many_attributes()


def _too_many_attributes() -> SourceError:
    return SourceError("a feed with too many attributes on an element")


def _numeric_entity(entity: re.Match[bytes]) -> bytes:
    """Return a named entity of HTML in numeric form: an XML parser drops undeclared names."""
    name = entity[1].decode("ascii", errors="replace")
    number = None if name in _XML_ENTITIES else name2codepoint.get(name)
    return entity[0] if number is None else b"&#%d;" % number


def _guid(entry: Mapping[str, Any]) -> str:
    return str(entry.get("id") or entry.get("link") or "").strip()


def _body(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the longest of an entry's contents, otherwise its summary."""
    contents = [dict(content) for content in entry.get("content") or ()]
    longest = max(contents, key=lambda content: len(content.get("value") or ""), default={})
    if longest.get("value"):
        return longest
    return dict(entry.get("summary_detail") or {"value": entry.get("summary")})


def _text(body: Mapping[str, Any]) -> str:
    value = str(body.get("value") or "")
    if body.get("type") != "text/plain" and has_markup(value):
        return html_to_text(value)
    return normalize_text(value)


def _single_line_text(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    return single_line(html_to_text(value) if has_markup(value) else value)


def _author(entry: Mapping[str, Any]) -> str | None:
    named = dict(entry.get("author_detail") or {}).get("name") or entry.get("author")
    return None if "@" in str(named) else _single_line_text(named)


def _date(entry: Mapping[str, Any]) -> str | None:
    """Return the entry's date as it is written, since feedparser converts its own to UTC."""
    for name in ("published", "created", "updated"):
        if date := parse_date(str(entry.get(name) or "")):
            return date
        if moment := entry.get(f"{name}_parsed"):
            return dt.date(*moment[:3]).isoformat()
    return None
