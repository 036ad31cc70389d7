"""Pages, mail and feeds made to keep the program busy, as in `hostile_documents`."""

import json

from hostile_documents import PROSE, Maker, page
from made_sources import XML_HEAD


def deep_elements(count: int) -> bytes:
    """Elements in each other."""
    return page(f"{'<div>' * count}It is open.{'</div>' * count}")


def open_elements(count: int) -> bytes:
    """Elements that are never closed and that a browser repeats in each paragraph."""
    return page("<b><i><font size=1>" * 100 + "<p>It is open.</p>" * count)


def comments(count: int) -> bytes:
    """Comments that end in odd ways."""
    return page("<!--a--!><!-->b<!--- c -->" * count)


def entities(count: int) -> bytes:
    """Characters written as entities, some of which there are not."""
    return page(f"<p>{'&amp;&#x41;&nosuch;&#99999999; ' * count}</p>")


def nested_tables(count: int) -> bytes:
    """Tables of a row with a table."""
    return page("<table><tr><td>a<td>b" * min(count, 90) + "<tr><td>c" * count)


def json_ld(count: int) -> bytes:
    """Objects that a page states for machines."""
    nodes = [
        {"@type": "NewsArticle", "@id": f"#{i}", "publisher": {"@id": "#0"}} for i in range(count)
    ]
    return page(f'<script type="application/ld+json">{json.dumps({"@graph": nodes})}</script>')


def meta_elements(count: int) -> bytes:
    """Elements that state a title and a day."""
    return page("".join(f'<meta name="dc.date{i}" content="2021-03-03">' for i in range(count)))


def less_than(count: int) -> bytes:
    """The beginning of tags that never are any."""
    return page("< <a <! </ " * count)


def open_attributes(count: int) -> bytes:
    """Quotation marks of attributes that are never closed."""
    return page("<a href=\"x <b title='y " * count)


def headings(count: int) -> bytes:
    """Headings that all could be the headline."""
    return page("".join(f"<h1>A bridge for town {i}</h1><h2>It opens</h2>" for i in range(count)))


_HEADERS = (
    "From: Press Office <press@example.org>\r\n{0}Date: Mon, 17 Apr 2023 22:00:00 -0400\r\n"
    "MIME-Version: 1.0\r\n"
)


def mail_soft_lines(count: int) -> bytes:
    """A body of nothing but soft line breaks and escapes."""
    head = _HEADERS.format("Subject: A bridge opens\r\n")
    body = f"{PROSE}\r\n" + "=\r\n=41=\r\n" * count
    kind = "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return f"{head}{kind}{body}".encode()


def mail_nested(count: int) -> bytes:
    """Parts that hold parts."""
    opened = "".join(
        f"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n" for i in range(count)
    )
    head = _HEADERS.format("Subject: A bridge opens\r\n")
    return f"{head}{opened}Content-Type: text/plain\r\n\r\n{PROSE}\r\n".encode()


def mail_addresses(count: int) -> bytes:
    """A sender of many addresses."""
    addresses = ",\r\n ".join(f'"Poe, {i}" <a{i}@example.org>' for i in range(count))
    head = f"From: {addresses}\r\nSubject: A bridge opens\r\nMIME-Version: 1.0\r\n"
    return f"{head}Date: Mon, 17 Apr 2023 22:00:00 -0400\r\n\r\n{PROSE}\r\n".encode()


def mail_encoded_words(count: int) -> bytes:
    """A subject of encoded words, one a letter."""
    subject = "\r\n ".join("=?utf-8?q?=C3=A9?=" for _ in range(count))
    head = _HEADERS.format(f"Subject: {subject}\r\n")
    return f"{head}\r\n{PROSE}\r\n".encode()


def feed_entries(count: int) -> bytes:
    """Entries that all have the same id."""
    entry = "<title>A bridge</title><guid>b</guid><description>&lt;p&gt;Open {0}</description>"
    entries = "".join(f"<item>{entry.format(i)}</item>" for i in range(count))
    head = f'{XML_HEAD}<rss version="2.0"><channel><title>News</title>'
    return f"{head}{entries}</channel></rss>".encode()


def feed_open(count: int) -> bytes:
    """Elements that are never closed, which a tolerant parser reads all the same."""
    return (
        f'{XML_HEAD}<rss version="2.0"><channel><title>News</title>'
        f"{'<item><title>A & b<description>&lt;b>Open' * count}</channel></rss>"
    ).encode()


MAKERS = {
    "HTML, deep elements": Maker(deep_elements, ".html", (200, 2_000, 20_000)),
    "HTML, open elements": Maker(open_elements, ".html", (250, 500, 1_000)),
    "HTML, comments": Maker(comments, ".html", (10_000, 20_000, 40_000)),
    "HTML, entities": Maker(entities, ".html", (2_000, 4_000, 8_000)),
    "HTML, nested tables": Maker(nested_tables, ".html", (500, 1_000, 2_000)),
    "HTML, JSON-LD": Maker(json_ld, ".html", (1_000, 2_000, 4_000)),
    "HTML, meta elements": Maker(meta_elements, ".html", (2_000, 4_000, 8_000)),
    "HTML, less-than signs": Maker(less_than, ".html", (2_000, 4_000, 8_000)),
    "HTML, open attributes": Maker(open_attributes, ".html", (2_000, 4_000, 8_000)),
    "HTML, headings": Maker(headings, ".html", (1_000, 2_000, 4_000)),
    "mail, soft line breaks": Maker(mail_soft_lines, ".eml", (10_000, 20_000, 40_000)),
    "mail, nested parts": Maker(mail_nested, ".eml", (50, 100, 200)),
    "mail, many addresses": Maker(mail_addresses, ".eml", (500, 1_000, 2_000)),
    "mail, encoded words": Maker(mail_encoded_words, ".eml", (500, 1_000, 2_000)),
    "feed, many entries": Maker(feed_entries, ".xml", (250, 500, 1_000)),
    "feed, open elements": Maker(feed_open, ".xml", (1_000, 2_000, 4_000)),
}
