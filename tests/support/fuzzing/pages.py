"""HTML pages, and HTML in feeds and mails."""

from hostile_documents import html_images, html_short_paragraphs

from fuzzing.core import Harness, declared
from fuzzing.documents import letterheads, parse_all, read
from index.errors import SourceError
from index.readers.base import Draft
from index.readers.html import HtmlReader
from index.readers.html_fragment import html_to_text


def run(data: bytes) -> None:
    """Read a page, and the same bytes as a fragment."""
    reader = HtmlReader()
    reader.matches(data, ".html")
    read(reader, data)
    with declared(SourceError):
        parse_all([Draft(html_to_text(data.decode("utf-8", errors="replace")))])


def seeds() -> list[bytes]:
    """Pages of many issuers."""
    return [*letterheads("html"), html_images(3), html_short_paragraphs(3)]


HARNESS = Harness(
    run,
    seeds,
    words=(
        b"<p>",
        b"</p>",
        b"<div>",
        b"</div>",
        b"<h1>",
        b"</h1>",
        b"<br>",
        b"<li>",
        b"<ul>",
        b"<ol>",
        b"<table>",
        b"<tr>",
        b"<td>",
        b"<!--",
        b"-->",
        b"<script>",
        b"</script>",
        b"<style>",
        b"<title>",
        b"</title>",
        b"<meta ",
        b"property=",
        b"content=",
        b"<time datetime=",
        b"<pre>",
        b'<script type="application/ld+json">',
        b'{"@type":"NewsArticle"',
        b"&#0;",
        b"&nbsp;",
        b"<noscript>",
        b"<template>",
        b"style='display:none'",
        b"<svg>",
        b"<math>",
        b"<textarea>",
        b"charset=utf-16",
        b'"datePublished":',
        b"<![CDATA[",
        b"<?xml",
        b"<header>",
        b"<nav>",
    ),
)
