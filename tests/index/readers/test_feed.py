"""Feeds: what is read from their entries, and hostile ones (bad-inputs.md 50 to 56)."""

import time
from pathlib import Path
from typing import Any

import pytest
from hostile_documents import feed_attributes
from index_parts import Looked, look, put
from made_sources import FEED_BODY, XML_HEAD, item, rss

from index.structure.passages import EncoderWindow

ENTITY = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FILE = '<!DOCTYPE rss [<!ENTITY b SYSTEM "file:///etc/passwd">]>'


def facts(looked: Looked) -> list[dict[str, Any]]:
    """What was read of each entry, in order."""
    assert {} == looked.skipped
    found = [prepared.release for prepared in looked.releases.values()]
    return [
        {"title": r.title, "text": r.text, "date": r.date, "issuer": r.issuer, "lang": r.lang,
         "url": r.url} for r in found
    ]  # fmt: skip


def test_rss_entries_are_releases(tmp_path: Path, window: EncoderWindow) -> None:
    """Each item is a release: its full text rather than the summary, without markup."""
    full = (
        "<content:encoded><![CDATA[<p>The province has <b>opened</b> a footbridge.</p>"
        "<script>bad()</script><ul><li>Steel</li><li>Wood</li></ul>"
        "<table><tr><th>Part</th><th>Cost</th></tr><tr><td>Deck</td><td>$4</td></tr></table>"
        "<div style='display: none'>hidden</div>One line.<br><br>Another &amp; last.]]>"
        "</content:encoded>"
    )
    more = (
        f"{full}<link>https://example.org/bridge</link>"
        "<pubDate>Mon, 17 Apr 2023 22:00:00 -0400</pubDate><dc:creator>admin</dc:creator>"
    )
    channel = "<title>Province &amp;amp; News</title><language>en-ca</language>"
    feed = rss(item(more=more), item("2"), channel=channel)
    first, second = facts(look(window, put(tmp_path / "a.xml", feed)))

    assert {
        "title": "Bridge 1",
        "text": "The province has opened a footbridge.\n\n• Steel\n\n• Wood\n\n"
        "Part | Cost\n\nDeck | $4\n\nOne line.\n\nAnother & last.",
        "date": "2023-04-17", "issuer": "Province & News", "lang": "en",
        "url": "https://example.org/bridge",
    } == first  # fmt: skip
    assert {
        "title": "Bridge 2", "text": FEED_BODY, "date": None, "issuer": "Province & News",
        "lang": "en", "url": None,
    } == second  # fmt: skip


def test_atom_entries_are_releases(tmp_path: Path, window: EncoderWindow) -> None:
    """Atom is read like RSS; an entry's author comes before the feed's title as issuer."""
    feed = (
        f'{XML_HEAD}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">'
        "<title>Nouvelles</title>"
        "<id>urn:f</id><entry><title type='html'>Un &lt;i&gt;pont&lt;/i&gt;</title>"
        "<id>tag:example.org,2023:1</id><published>2023-04-17T09:00:00Z</published>"
        "<updated>2024-01-01T09:00:00Z</updated><author><name>Ville de Laval</name></author>"
        "<link href='https://example.org/pont'/><summary>Court.</summary>"
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Le pont est ouvert.</p>"
        "<p>Il a coûté 4 millions.</p></div></content></entry></feed>"
    )

    assert [
        {"title": "Un pont", "text": "Le pont est ouvert.\n\nIl a coûté 4 millions.",
         "date": "2023-04-17", "issuer": "Ville de Laval", "lang": "fr",
         "url": "https://example.org/pont"}
    ] == facts(look(window, put(tmp_path / "a.atom", feed)))  # fmt: skip


def test_ids_stay_when_entries_come_and_go(tmp_path: Path, window: EncoderWindow) -> None:
    """An entry keeps its id as long as it keeps its guid, whatever entries come before it."""
    address = "https://example.org/news/bridge-opens/"
    old = look(window, put(tmp_path / "old.xml", rss(item(address), item("b"))))
    new = look(window, put(tmp_path / "new.xml", rss(item("c"), item(address, "Other words."))))
    (kept,) = set(old.releases) & set(new.releases)

    assert kept.startswith("bridge-opens-")


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"  \n"])
def test_62_a_feed_is_recognized_by_content(
    name: str, mark: bytes, tmp_path: Path, window: EncoderWindow
) -> None:
    """62: A feed is read under any name, with or without an XML declaration."""
    feed = rss(item(), head="")

    assert [FEED_BODY] == [
        f["text"] for f in facts(look(window, put(tmp_path / name, mark + feed.encode())))
    ]


@pytest.mark.parametrize(("declared", "number"), [(ENTITY, 50), (FILE, 51)])
def test_50_51_entities_are_not_resolved(
    declared: str, number: int, tmp_path: Path, window: EncoderWindow
) -> None:
    """50, 51: A feed that declares entities made of entities or files is skipped."""
    feed = rss(item(text="&b;" * number), head=XML_HEAD + declared)
    looked = look(window, put(tmp_path / "a.xml", feed))

    assert {"a.xml": "a feed that declares XML entities, which are not supported"} == looked.skipped


@pytest.mark.parametrize(
    "declared",
    ["", '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://example.org/rss.dtd">',
     '<!DOCTYPE rss [<!ENTITY eacute "&#233;">]>'],
)  # fmt: skip
def test_52_entities_that_mean_a_letter_are_read(
    declared: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """52: Letters written as entities are read correctly, declared or not."""
    feed = rss(
        item(text="Le caf&eacute; est ouvert, &amp;eacute;t&#233; compris."),
        head=XML_HEAD + declared,
    )
    (found,) = facts(look(window, put(tmp_path / "a.xml", feed)))

    assert "Le café est ouvert, été compris." == found["text"]


def test_53_54_nothing_is_fetched_or_followed(tmp_path: Path, window: EncoderWindow) -> None:
    """53, 54: A body that is an address stays one; a link to a file is not an address."""
    secret = put(tmp_path / "secret.txt", "Secret words.")
    feed = rss(item(text=secret.as_uri(), more=f"<link>file:///../..{secret}</link>"),
               item("2", text="https://example.org/other"))  # fmt: skip
    found = facts(look(window, put(tmp_path / "a.xml", feed)))

    assert [(secret.as_uri(), None), ("https://example.org/other", None)] == [
        (f["text"], f["url"]) for f in found
    ]


def test_55_entries_with_the_same_guid_are_separate(tmp_path: Path, window: EncoderWindow) -> None:
    """55: Entries with the same guid, or without one, are separate releases without a date."""
    items = [item("same"), item("same", "Other words here."), "<description>No guid.</description>"]
    there = look(window, put(tmp_path / "a.xml", rss(*items)))
    back = look(window, put(tmp_path / "b.xml", rss(*reversed(items))))

    assert [FEED_BODY, "Other words here.", "No guid."] == [f["text"] for f in facts(there)]
    assert {None} == {f["date"] for f in facts(there)}
    assert set(there.releases) == set(back.releases)


def test_55_guids_count_within_their_feed(tmp_path: Path, window: EncoderWindow) -> None:
    """55: Guids that are only numbers do not connect entries of different feeds."""
    one = look(window, put(tmp_path / "a.xml", rss(item("1"))))
    other = look(window, put(tmp_path / "b.xml", rss(item("1"), channel="<title>Town</title>")))

    assert not set(one.releases) & set(other.releases)


@pytest.mark.parametrize(
    "page", ["<!DOCTYPE html><html><body>", f"{XML_HEAD}<html><!-- <rdf:RDF> -->"]
)
def test_56_html_served_as_a_feed_is_read_as_html(
    page: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """56: A page is read as a page, also with the extension of a feed."""
    page += "<article><p>" + "The bridge is open to all. " * 9
    (found,) = facts(look(window, put(tmp_path / "a.rss", page)))

    assert found["text"].startswith("The bridge is open to all.")


def test_a_feed_cut_off_gives_its_complete_entries(tmp_path: Path, window: EncoderWindow) -> None:
    """The entry without its end is named and not stored; the others are read."""
    feed = rss(item("1"), item("2"), item("3", "Words that go on and on"))
    looked = look(window, put(tmp_path / "a.xml", feed[: feed.index("go on and on")]))

    assert {"a.xml: entry 3": "the feed ends in the middle of it"} == looked.skipped


@pytest.mark.parametrize(
    ("feed", "reason"),
    [
        (rss(), "a feed without entries"),
        (rss(item(text="x" * 33_000_000)), "it is too large to be a feed"),
        (feed_attributes(30_000).decode(), "a feed with too many attributes on an element"),
        (
            feed_attributes(30_000)
            .decode()
            .replace("UTF-8", "cp1252")
            .replace("<title>B", "<title>&B"),
            "a feed with too many attributes on an element",
        ),
        (
            rss(item(), "<?a > <b c=' ?><b" + feed_attributes(300).decode().partition("<item")[2]),
            "a feed with too many attributes on an element",
        ),
        (
            rss(item(text="<b><i>" * 200_000)),
            "a damaged feed that is too large to be read",
        ),
    ],
    ids=["empty", "large", "attributes", "attributes_malformed", "attributes_hidden", "malformed"],
)
def test_feeds_without_use_are_skipped(
    feed: str, reason: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """A feed without entries, or of a size that no feed has, is skipped with the reason."""
    assert {"a.xml": reason} == look(window, put(tmp_path / "a.xml", feed)).skipped


def test_bad_entries_are_named_and_the_rest_is_read(tmp_path: Path, window: EncoderWindow) -> None:
    """An entry whose HTML is a maze is skipped, named; an empty one too."""
    maze = "&lt;div&gt;" * 500 + "text"
    feed = rss(item("1", maze), item("2"), item("3", ""))
    looked = look(window, put(tmp_path / "a.xml", feed))
    reasons = sorted(looked.skipped.values())

    assert ["its elements are nested too deeply to be an article", "no text"] == reasons


@pytest.mark.parametrize("repeated", ["<", "&", "<a ", "<b><i>", "<item>", "<!--"])
def test_hostile_feeds_take_bounded_time(
    repeated: str, tmp_path: Path, window: EncoderWindow
) -> None:
    """Markup that never ends is read or skipped within seconds: no step is quadratic."""
    feed = f"{XML_HEAD}<rss><channel><item><description>" + repeated * (30_000 // len(repeated))
    started = time.process_time()
    looked = look(window, put(tmp_path / "a.xml", feed))

    assert looked.skipped
    assert time.process_time() - started < 30


@pytest.mark.parametrize("mark", [True, False])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_feed_in_utf_16_is_read(
    encoding: str, tmp_path: Path, window: EncoderWindow, *, mark: bool
) -> None:
    """A feed of two or four bytes a character is a feed, whatever its declaration says."""
    feed = rss(item(text="Le ministère a ouvert un pont à Québec."), head="").lstrip()
    text = f'<?xml version="1.0" encoding="UTF-16"?>{feed}'
    data = (("\ufeff" if mark else "") + text).encode(encoding)
    looked = look(window, put(tmp_path / "feed.xml", data))

    assert ["Le ministère a ouvert un pont à Québec."] == [f["text"] for f in facts(looked)]


def test_entities_are_refused_in_utf_16_too(tmp_path: Path, window: EncoderWindow) -> None:
    """50: The encoding of a feed does not hide what it declares."""
    feed = rss(item(text="&b;"), head=ENTITY)
    looked = look(window, put(tmp_path / "feed.xml", feed.encode("utf-16")))

    assert not looked.releases
    assert "entities" in str(looked.skipped)
