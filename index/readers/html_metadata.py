"""What a newsroom's page says of itself for machines: JSON-LD and meta elements.

Search engines made newsrooms state these with care, where the visible page leaves them to
guessing: who published it, on which day, in which language, at which address.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from index.readers.base import web_address
from index.readers.charset import normalize_text
from index.text.dates import parse_date
from index.text.language import language_code

MAX_SCRIPT = 500_000
"""Characters of JSON-LD in one element; more is a catalogue, and no article's."""

MAX_NODES = 5_000

_HEAD = 300_000
"""Characters from the start among which the elements are looked for."""

_SCRIPT = re.compile(r"<script\b[^<>]{0,300}application/ld\+json[^<>]{0,300}>", re.IGNORECASE)
_META = re.compile(r"<meta\b([^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_NAMES = frozenset({"name", "property", "http-equiv", "itemprop"})
_ARTICLE = re.compile(r"(?:\w*Article|\w*BlogPosting|PressRelease|Report)\Z")
_PAGE = re.compile(r"\w*WebPage\Z|ItemPage\Z")
_PUBLISHERS = ("dcterms.publisher", "dc.publisher", "dcterms.creator")
_LANGUAGES = ("og:locale", "content-language", "dcterms.language", "dc.language")


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What is stated, None where nothing is: date in ISO form, language as ISO 639-1 code."""

    date: str | None = None
    issuer: str | None = None
    lang: str | None = None
    url: str | None = None


def read_page_metadata(page: str) -> PageMetadata:
    """Return what a page states; what cannot be read of it is passed over."""
    head = page[:_HEAD]
    meta = dict(reversed([*_meta(head)]))  # of several the first counts
    nodes = [node for script in _scripts(head) for node in _nodes(script)]
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)
             and "name" in node}  # fmt: skip
    stated = [*_of_type(nodes, _ARTICLE), *_of_type(nodes, _PAGE)]
    languages = [_text(node.get("inLanguage")) for node in stated]
    return PageMetadata(
        date=_first(parse_date(_text(node.get("datePublished")) or "") for node in stated),
        issuer=_first(
            [_publisher(node, by_id) for node in stated] + [meta.get(name) for name in _PUBLISHERS]
        ),
        lang=_first(language_code(tag) for tag in [*languages, *map(meta.get, _LANGUAGES)]),
        url=_first(web_address(_text(node.get("url"))) for node in stated),
    )


def _scripts(head: str) -> Iterator[str]:
    lower = head.lower()
    for opening in _SCRIPT.finditer(head):
        end = lower.find("</script", opening.end())
        if end < 0:  # nor has any later one an end
            return
        yield head[opening.end() : end]


def _first(values: "Iterator[str | None] | list[str | None]") -> str | None:
    return next(filter(None, values), None)


def _meta(head: str) -> Iterator[tuple[str, str]]:
    for element in _META.finditer(head):
        found = {name.lower(): double or single or bare
                 for name, double, single, bare in _ATTRIBUTE.findall(element[1])}  # fmt: skip
        value = _text(found.get("content"))
        for name in _NAMES & found.keys():
            if value:
                yield found[name].lower(), value


def _nodes(script: str) -> list[dict[str, Any]]:
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
        if any(isinstance(name, str) and kind.match(name) for name in _listed(node.get("@type")))
    ]  # fmt: skip


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _publisher(node: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> str | None:
    for field in ("publisher", "sourceOrganization"):
        for value in _listed(node.get(field)):
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
    return (
        " ".join(normalize_text(html.unescape(value)).split()) or None
        if isinstance(value, str)
        else None
    )
