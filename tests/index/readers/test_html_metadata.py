"""What pages state for machines takes precedence over guesses."""

import json
import time
from pathlib import Path

import pytest
from index_parts import look, put

from index.readers.html_metadata import PageMetadata, read_page_metadata
from index.structure.passages import EncoderWindow

ARTICLE = (
    "<main><h1>Bridge opens at last</h1><p>The province has opened a footbridge across the "
    "harbour, the minister said on Monday.</p><p>It cost $4 million and took two years to build, "
    "and people may walk on it at night.</p></main>"
)


def linked(*data: object) -> str:
    """JSON-LD in a page's head."""
    return "".join(
        f'<script type="application/ld+json">{json.dumps(piece)}</script>' for piece in data
    )


ARTICLE_DATA = {
    "@type": "NewsArticle", "headline": "Bridge opens at last", "inLanguage": "fr-CA",
    "datePublished": "2023-04-17T09:00:00-04:00", "dateModified": "2024-01-01",
    "publisher": {"@type": "Organization", "name": "Province &amp; Towns"},
    "author": {"@type": "Person", "name": "Jane Doe"}, "url": "https://example.org/b",
}  # fmt: skip
GRAPH = {
    "@graph": [
        {"@type": "WebSite", "@id": "#site", "name": "Newsroom"},
        {"@type": ["WebPage"], "datePublished": "2024-01-01", "inLanguage": "de"},
        {"@type": ["Article"], "datePublished": "2023-04-17", "publisher": {"@id": "#org"}},
        {"@type": "Organization", "@id": "#org", "name": "Acme Inc."},
    ]
}


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            linked(ARTICLE_DATA),
            PageMetadata(
                "2023-04-17",
                "Province & Towns",
                "fr",
                "https://example.org/b",
                "Bridge opens at last",
            ),
        ),
        (linked(GRAPH), PageMetadata("2023-04-17", "Acme Inc.", "de")),
        (linked({"@type": "WebSite", "name": "X"}), PageMetadata()),
        (linked({"@type": "Article", "publisher": "https://example.org"}), PageMetadata()),
        (
            "<meta name='dcterms.creator' content='Our Dept'><META content=fr NAME=dc.language>",
            PageMetadata(issuer="Our Dept", lang="fr"),
        ),
        ('<meta property="og:locale" content="es_MX">', PageMetadata(lang="es")),
        ('<script type="application/ld+json">{broken</script>', PageMetadata()),
        (f'<script type="application/ld+json">{"[" * 100_000}</script>', PageMetadata()),
    ],
    ids=["article", "graph", "site", "address", "dublin", "locale", "broken", "deep"],
)
def test_metadata_is_read_from_json_ld_and_meta_elements(head: str, expected: PageMetadata) -> None:
    """Articles come before pages; publishers may be named by reference; broken data is ignored."""
    assert expected == read_page_metadata(f"<html><head>{head}</head>{ARTICLE}")


def test_metadata_becomes_fields_of_the_release(tmp_path: Path, window: EncoderWindow) -> None:
    """Date, publisher, language and address of a release come from the page's metadata."""
    page = (
        f"<!DOCTYPE html><html><head><title>Site menu</title>{linked(ARTICLE_DATA)}</head>{ARTICLE}"
    )
    (prepared,) = look(window, put(tmp_path / "a.html", page)).releases.values()
    release = prepared.release

    assert (
        "Bridge opens at last", "2023-04-17", "Province & Towns", "fr", "https://example.org/b",
    ) == (release.title, release.date, release.issuer, release.lang, release.url)  # fmt: skip


@pytest.mark.parametrize(
    "repeated", ["<script type='application/ld+json'>", "<meta ", "<meta a=", "<script "]
)
def test_unclosed_elements_take_bounded_time(repeated: str) -> None:
    """Elements that never end are read once."""
    started = time.process_time()

    assert PageMetadata() == read_page_metadata(repeated * (300_000 // len(repeated)))
    assert time.process_time() - started < 10
