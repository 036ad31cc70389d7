"""RSS and Atom feeds."""

from made_sources import XML_HEAD, item, rss

from fuzzing.core import Harness
from fuzzing.documents import read
from index.readers.feed import FeedReader

ATOM = f"""{XML_HEAD}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>News</title>
<id>urn:news</id><entry><id>urn:1</id><title type="html">A &lt;b&gt;bridge&lt;/b&gt;</title>
<updated>2023-04-17T09:00:00Z</updated><author><name>Town</name></author>
<link href="https://town.example/1"/><content type="xhtml"><div>It is <em>open</em>.</div></content>
</entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/"><channel><title>News</title></channel>
<item><title>A bridge</title><link>https://town.example/1</link></item></rdf:RDF>"""


def run(data: bytes) -> None:
    """Read a feed."""
    reader = FeedReader()
    reader.matches(data, ".xml")
    read(reader, data)


def seeds() -> list[bytes]:
    """Feeds of each dialect."""
    body = "<![CDATA[<p>One.</p><table><tr><td>Two<td>three</table>]]>"
    more = "<pubDate>Mon, 17 Apr 2023 09:00:00 GMT</pubDate><dc:creator>Ann Poe</dc:creator>"
    found = [rss(item()), rss(item("a", body, more), item("a")), rss(), ATOM, RDF]
    return [feed.encode() for feed in found]


HARNESS = Harness(
    run,
    seeds,
    words=(
        b"<item>",
        b"</item>",
        b"<entry>",
        b"<guid>",
        b"<pubDate>",
        b"<link>",
        b"<description>",
        b"<content:encoded>",
        b"<dc:date>",
        b"<dc:creator>",
        b"<source>",
        b"<![CDATA[",
        b"]]>",
        b"<!ENTITY ",
        b"<!DOCTYPE ",
        b"&eacute;",
        b"&#233;",
        b'xml:base="',
        b'type="xhtml"',
        b"<media:content ",
        b"<itunes:author>",
        b"<georss:point>",
        b'encoding="utf-16"',
        b"<enclosure ",
        b"<author>",
        b"<updated>",
        b"<category>",
        b'mode="base64"',
        b"xmlns:",
    ),
)
