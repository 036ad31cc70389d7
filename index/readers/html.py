"""HTML pages as saved from a newsroom's site: the article without menus.

trafilatura finds the article and most metadata, htmldate the date. What the page states for
machines (`index.readers.html_metadata`) takes precedence over what they guess. The page is decoded
here, so that one with a wrong charset declaration is still read correctly.
"""

import html
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from index.errors import SourceError
from index.readers.base import (
    BadRecord,
    Draft,
    read_limited,
    single_line,
    stated_names,
    web_address,
)
from index.readers.charset import decode
from index.readers.html_fragment import check_html_limits
from index.readers.html_metadata import read_page_metadata
from index.readers.html_title import (
    PAGE_PLACES,
    choose_title,
    names_of_page,
    page_head,
    read_page_titles,
)
from index.text.dates import parse_date
from index.text.language import language_code

_START = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<!--(?:(?!-->).)*+-->\s*)*+(?:<\?xml[^>]*>\s*)?"
    rb"<(?:!doctype\s+html|html|head|body|main|article|div|section|table|meta|title|h1|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_LANG = re.compile(r"<html[^>]{0,500}?\blang\s*=\s*[\"']?([\w-]{2,12})", re.IGNORECASE)
_HEAD = 4_096


class HtmlReader:
    """Reads one HTML page as one release."""

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether the source begins like a page."""
        del extension
        return _START.match(head) is not None

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield the article of the page."""
        data = read_limited(stream, max_bytes)
        declared = _CHARSET.search(data[:_HEAD])
        decoded = decode(data, declared[1].decode("ascii") if declared else None)
        page = decoded.text
        check_html_limits(page)
        found = _extract_article(page)
        text = _paragraphs(found.get("text") or "")
        if not text:
            raise SourceError("no article found in the page")
        lang = _LANG.search(page[:_HEAD])
        stated = read_page_metadata(page)
        titles = read_page_titles(page)
        title = choose_title(titles, stated.headline, text, _field(found.get("title")))
        head = page_head(page, title)
        names = (
            *stated_names(("publisher", stated.issuer)),
            *names_of_page(titles, title),
            *stated_names(
                ("site", _field(found.get("sitename"))), ("author", _field(found.get("author")))
            ),
            *(name for name in head.names if name.place in PAGE_PLACES),
        )
        yield Draft(
            text,
            title=title,
            date=stated.date,
            names=names,
            place_guess=head.place,
            lang=language_code(lang[1] if lang else found.get("language")) or stated.lang,
            url=web_address(found.get("url")) or stated.url,
            created=head.date or parse_date(found.get("date") or ""),
            note=decoded.note,
        )


@contextmanager
def _without_ipv6() -> Iterator[None]:
    """Let no library look for IPv6: urllib3 opens a socket for that when it is imported.

    trafilatura imports it to download pages, which is never asked of it.
    """
    known, socket.has_ipv6 = socket.has_ipv6, False
    try:
        yield
    finally:
        socket.has_ipv6 = known


def _extract_article(page: str) -> dict[str, Any]:
    with _without_ipv6():
        from htmldate import find_date
        from trafilatura import bare_extraction

    try:
        document = bare_extraction(
            page, include_comments=False, include_tables=True, favor_recall=True,
            with_metadata=True, fast=False,
        )  # fmt: skip
        if document is None:
            return {}
        found = dict(document if isinstance(document, dict) else document.as_dict())
        if not found.get("date"):
            found["date"] = find_date(page, extensive_search=False, original_date=True)
    except (ValueError, TypeError, AttributeError, RecursionError, AssertionError) as error:
        raise SourceError("the page cannot be parsed") from error
    return found


def _paragraphs(text: str) -> str:
    return "\n\n".join(filter(None, map(single_line, text.split("\n"))))


def _field(value: object) -> str | None:
    return single_line(html.unescape(value)) if isinstance(value, str) else None
