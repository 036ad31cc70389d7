"""Reads what a web page states for machines: JSON-LD and meta elements.

Newsrooms state these with care, for search engines: who published the page, on which day, in which
language and at which address. In the visible page they can only be guessed.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from index.readers.base import parser_guard, sender_name, single_line, web_address
from index.readers.html_fragment import parse_html
from index.text.dates import parse_date
from index.text.language import language_code

MAX_SCRIPT = 500_000
"""Characters of JSON-LD in one element; more is a catalogue rather than an article."""

MAX_NODES = 5_000

_HEAD = 300_000
"""Characters from the start of the page in which the elements are looked for."""

_META_NAMES = ("name", "property", "http-equiv", "itemprop")
_ARTICLE = re.compile(r"(?:\w*Article|\w*BlogPosting|PressRelease|Report)\Z")
_PAGE = re.compile(r"\w*WebPage\Z|ItemPage\Z")
_PUBLISHERS = ("dcterms.publisher", "dc.publisher", "dcterms.creator")
_DATES = (
    "article:published_time", "og:published_time", "dcterms.issued", "dcterms.date.issued",
    "dc.date.issued", "dcterms.created", "dc.date", "dcterms.date", "datepublished", "pubdate",
    "publish-date", "publication_date", "citation_publication_date", "date", "dcterms.available",
    "govuk:first-published-at",
)  # fmt: skip
_LANGUAGES = ("og:locale", "content-language", "dcterms.language", "dc.language")


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page states, None where it states nothing: ISO date, ISO 639-1 language code."""

    date: str | None = None
    issuer: str | None = None
    lang: str | None = None
    url: str | None = None
    headline: str | None = None


def read_page_metadata(page: str) -> PageMetadata:
    """Return what a page states; elements that cannot be read are ignored."""
    with parser_guard("the page"):
        root = parse_html(page[:_HEAD])
    meta: dict[str, str] = {}
    nodes: list[dict[str, Any]] = []
    for element in root.iter("meta", "script"):
        if element.tag == "meta":
            for name, content in _meta_fields(element):
                meta.setdefault(name, content)
        elif "application/ld+json" in element.get("type", "").lower():
            nodes.extend(_json_ld_nodes(element.text or ""))
    by_id = {
        node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and "name" in node
    }
    stated = [*_of_type(nodes, _ARTICLE), *_of_type(nodes, _PAGE)]
    languages = [_text(node.get("inLanguage")) for node in stated]
    publishers = [_publisher(node, by_id) for node in stated]
    dates = [*(_text(node.get("datePublished")) for node in stated), *map(meta.get, _DATES)]
    return PageMetadata(
        date=_first(parse_date(field or "") for field in dates),
        issuer=_first(map(sender_name, [*publishers, *map(meta.get, _PUBLISHERS)])),
        lang=_first(language_code(tag) for tag in [*languages, *map(meta.get, _LANGUAGES)]),
        url=_first(web_address(_text(node.get("url"))) for node in stated),
        headline=_first(_text(node.get("headline")) for node in _of_type(nodes, _ARTICLE)),
    )


def _first(values: Iterable[str | None]) -> str | None:
    return next(filter(None, values), None)


def _meta_fields(element: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - lxml is untyped
    """Yield the content of a meta element under each of its names."""
    content = _text(element.get("content"))
    for attribute in _META_NAMES:
        name = element.get(attribute)
        if name and content:
            yield name.lower(), content


def _json_ld_nodes(script: str) -> list[dict[str, Any]]:
    """Return the objects in a piece of JSON-LD, outer ones first."""
    try:
        waiting = [json.loads(script)] if len(script) <= MAX_SCRIPT else []
    except (ValueError, RecursionError):
        return []
    found: list[dict[str, Any]] = []
    for value in waiting:  # grows while it is walked
        if isinstance(value, dict):
            found.append(value)
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        if len(waiting) > MAX_NODES:
            break
    return found


def _of_type(nodes: list[dict[str, Any]], kind: re.Pattern[str]) -> list[dict[str, Any]]:
    return [
        node for node in nodes
        if any(isinstance(name, str) and kind.match(name) for name in _as_list(node.get("@type")))
    ]  # fmt: skip


def _as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _publisher(node: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> str | None:
    """Return the publisher's name, which may stand in another node that is referred to by id."""
    for field in ("publisher", "sourceOrganization"):
        for value in _as_list(node.get(field)):
            if isinstance(value, dict):
                known = by_id.get(str(value.get("@id")), value)
                name = _text(value.get("name")) or _text(known.get("name"))
            else:
                name = _text(value)
            if name and web_address(name) is None:
                return name
    return None


def _text(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("alternateName") or value.get("name") or value.get("@id")
    if isinstance(value, list) and value:
        value = value[0]
    return single_line(html.unescape(value)) if isinstance(value, str) else None
