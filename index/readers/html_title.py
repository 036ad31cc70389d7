"""Finds the headline and the letterhead of a web page, of which the article may hold neither.

A page states its headline several times: in JSON-LD, as a heading, for social networks, as the
title of its window. Each may carry the name of the site as well. The heading that the window's
title contains is the most certain one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from index.readers.base import first_lines, parser_guard, single_line, stated_names
from index.readers.html_fragment import html_to_text, parse_html
from index.structure.headline.choose_headline import is_recurring_name
from index.structure.headline.detect import HeadFacts, read_head
from index.structure.headline.issuer_evidence import Mention
from index.structure.headline.line_words import name_strength
from index.structure.headline.stated_title import clean_title, letters_of, site_name

_HEAD = 300_000
"""Characters from the start of the page in which headings and elements are looked for."""

_TITLES = ("og:title", "twitter:title", "dcterms.title", "dc.title", "title")
_SITES = ("og:site_name", "application-name", "dcterms.publisher", "author", "twitter:site")
PAGE_PLACES = frozenset(
    {"field", "beside label", "letterhead", "line above", "source", "signature", "copyright"}
)
"""Places outside of the article at which a page names its issuer."""

_MIN_WORDS = 3
_MAX_HEADINGS = 50
"""Headings of a page among which its headline is looked for."""

_MAX_TITLE = 1_000
"""Characters of a heading or a stated title."""

_MAX_PAGE_TEXT = 20_000
"""Characters of the page's text in which its letterhead stands."""


@dataclass(frozen=True, slots=True)
class PageTitles:
    """What a page says at several places about its headline and its site, best first."""

    headings: tuple[str, ...]
    stated: tuple[str, ...]
    window: str | None
    sites: tuple[str, ...]


def read_page_titles(page: str) -> PageTitles:
    """Return the headings and stated titles of a page."""
    with parser_guard("the page"):
        root = parse_html(page[:_HEAD])
        meta: dict[str, str] = {}
        for element in root.iter("meta"):
            name = element.get("property") or element.get("name") or element.get("itemprop")
            content = single_line(element.get("content"))
            if name and content and len(content) <= _MAX_TITLE:
                meta.setdefault(name.lower(), content)
        headings = list(islice(chain(_texts(root, "h1"), _texts(root, "h2")), _MAX_HEADINGS))
        window = next(_texts(root, "title"), None)
    stated = tuple(meta[name] for name in _TITLES if name in meta)
    sites = tuple(name for key in _SITES for name in _sites(meta.get(key)))
    return PageTitles(tuple(headings), stated, window, sites)


def choose_title(
    titles: PageTitles, headline: str | None, text: str, guess: str | None = None
) -> str | None:
    """Return the headline of a page; None when it states only the name of its issuer.

    Args:
        titles: What the page states.
        headline: The headline in its JSON-LD, or None.
        text: The text of the article.
        guess: The title as another program found it.
    """
    lines = [*titles.headings, *first_lines(text)]
    stated = [title for title in (*titles.stated, titles.window) if title]
    within = [
        heading for heading in titles.headings
        if len(heading.split()) >= _MIN_WORDS
        and any(letters_of(heading) in letters_of(title) for title in stated)
        and clean_title(heading, ()) is not None
        and name_strength(heading) != "strong"
    ]  # fmt: skip
    if within:
        return max(within[:2], key=len)
    own = [heading for heading in titles.headings[:1] if name_strength(heading) is None]
    for title in (headline, *own, *stated, guess):
        cleaned = clean_title(title, lines)
        if cleaned is None or name_strength(cleaned) == "strong":
            continue
        if not is_recurring_name(cleaned, text):
            return cleaned
    return None


def names_of_page(titles: PageTitles, title: str | None) -> tuple[Mention, ...]:
    """Return the names of the site, from its own fields and beside the headline."""
    beside = (site_name(stated, title) for stated in (titles.window, *titles.stated))
    return stated_names(*(("site", name) for name in (*titles.sites, *beside)))


def page_head(page: str, title: str | None) -> HeadFacts:
    """Return what the letterhead of a page says, also outside of the article."""
    return read_head(html_to_text(page)[:_MAX_PAGE_TEXT], title)


def _texts(root: Any, tag: str) -> Iterator[str]:  # noqa: ANN401 - lxml is untyped
    for element in root.iter(tag):
        words = single_line(element.text_content())
        if words and len(words) <= _MAX_TITLE:
            yield words


def _sites(name: str | None) -> Iterator[str]:
    """Yield a site's name; one that is there twice, in parts."""
    for part in (name or "").replace("|", " - ").split(" - "):
        if part.strip():
            yield part.strip()
